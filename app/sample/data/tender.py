"""The sample tender: the nine procurement units (采购单元) of the Suzhou pilot, tendered again in spring 2026.

The plan of May 2017 is kept, with its dates shifted by nine years, so that the tender falls under 财政部令第87号 and
民政部令第60号, on which the policy `suzhou-current` is based. The tender is fictitious.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

POLICY = "suzhou-current"
TENDER_ID = "suzhou-pilot-2026"
TITLE = "扩大市级社区服务社会化试点项目（样例）"
PUBLISHED_ON = date(2026, 4, 24)
DEADLINE = "2026-05-20T09:30:00+08:00"
AS_OF = date(2026, 5, 20)
LISTS_RETRIEVED_ON = date(2026, 5, 19)
TERM = (date(2026, 7, 1), date(2027, 6, 30))
CEILING = Decimal("1000000.00")
INSURED_TO = "2026-04"
MEMBERS = ("expert-1", "expert-2", "expert-3", "expert-4", "purchaser-1")


@dataclass(frozen=True, slots=True)
class Lot:
    """One procurement unit; value and ceiling in yuan."""

    id: str
    name: str
    district: str
    ceiling: Decimal = CEILING


LOTS = (
    Lot("lot-1", "苏锦街道", "姑苏区"),
    Lot("lot-2", "虎丘街道", "姑苏区"),
    Lot("lot-3", "白洋湾街道", "姑苏区"),
    Lot("lot-4", "胜浦街道", "苏州工业园区"),
    Lot("lot-5", "湖西社工委", "苏州工业园区"),
    Lot("lot-6", "湖东社工委", "苏州工业园区"),
    Lot("lot-7", "浒墅关镇", "苏州高新区"),
    Lot("lot-8", "浒墅关开发区", "苏州高新区"),
    Lot("lot-9", "东渚镇", "苏州高新区"),
)


@dataclass(frozen=True, slots=True)
class Factor:
    """A scoring factor (评审因素); an objective one is scored alike by all members."""

    id: str
    points: Decimal
    objective: bool = False
    technical: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    """Comprehensive scoring (综合评分法): price points and expert factors."""

    price_points: Decimal
    factors: tuple[Factor, ...]

    def record(self) -> dict[str, object]:
        """Return the scheme as `rank` reads it; rows that tie on total and price stay tied only where technical points
        tie too.
        """
        return {
            "price": {"points": str(self.price_points), "formula": "lowest_price"},
            "factors": [
                {"id": f.id, "points": str(f.points), "objective": f.objective, "technical": f.technical}
                for f in self.factors
            ],
            "rounding": {"places": 2},
            "minBidders": 3,
            "tieBreak": ["price", "technical", "lot_draw"],
            "drawSeed": None,
        }


SCHEME = Scheme(
    Decimal(10),
    (
        Factor("service_plan", Decimal(40), technical=True),
        Factor("project_team", Decimal(25), technical=True),
        Factor("management", Decimal(15)),
        Factor("track_record", Decimal(10), objective=True),
    ),
)


def tender_record() -> dict[str, object]:
    """Return `tender.json`: what the procurement agency publishes."""
    return {
        "id": TENDER_ID,
        "title": TITLE,
        "policy": POLICY,
        "publishedOn": PUBLISHED_ON.isoformat(),
        "deadline": DEADLINE,
        "asOf": AS_OF.isoformat(),
        "term": {"from": TERM[0].isoformat(), "to": TERM[1].isoformat()},
        "creditListsRetrievedOn": LISTS_RETRIEVED_ON.isoformat(),
        "lots": [
            {"id": lot.id, "name": lot.name, "district": lot.district, "ceiling": str(lot.ceiling)} for lot in LOTS
        ],
        "committee": list(MEMBERS),
    }
