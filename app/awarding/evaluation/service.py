"""Compute rankings 排名 from the records of a lot, and store them with their input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, select

from app.awarding.evaluation.ranking_json import preview
from app.awarding.evaluation.sheets import counting_sheets, require_complete
from app.awarding.evaluation.tables import StoredRanking
from app.core.procedure.qualification import BidState
from app.core.procedure.tender_state import TenderState
from app.core.values.canonical import canonical_json, sha256_hex
from app.core.values.engine_version import ENGINE_VERSION
from app.platform.audit.events import Event
from app.platform.database.types import FEN
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import BidInPlay, bids_in_play
from app.tendering.envelopes.draw import draw_seed_of, require_confirmed
from app.tendering.tenders.procedure import Procedure, ProcedureLot, procedure_of_lot

_OF_SCHEME = ("price", "rounding", "minBidders", "tieBreak")
_OF_FACTOR = ("id", "points", "objective", "technical")
MOST_FAULTS = 100


class QualificationOpen(Conflict):
    """Qualification must be decided before the ranking."""

    code, title = "qualification_open", "A bid of the lot has no qualification decision yet"
    article = "财政部令第87号 第四十四条"


class RankingRefused(Invalid):
    """Bids or score sheets do not allow a ranking; pointers go into the ranking's input."""

    code, title = "ranking_refused", "The lot cannot be ranked from its bids and score sheets"


def refuse(result: Mapping[str, Any], problem: type[Invalid] = Invalid) -> None:
    """Raise the errors of a result in wire format, if any, as one problem."""
    errors = result.get("errors")
    if errors:
        faults = [Fault(error["code"], error["message"], error["pointer"]) for error in errors[:MOST_FAULTS]]
        raise problem(pointer=faults[0].pointer if len(faults) == 1 else None, faults=faults)


def rank(work: UnitOfWork, lot_id: str) -> StoredRanking:
    """Rank a lot from its bids and the members' current sheets, and store the ranking."""
    procedure = procedure_of_lot(work, lot_id)
    procedure.require(TenderState.EVALUATION)
    lot = procedure.active_lot(lot_id)
    opened = bids_in_play(work, lot_id)
    if any(bid.state is BidState.OPENED for bid in opened):
        raise QualificationOpen
    require_confirmed(work, lot_id)
    data = ranking_input(
        procedure, lot, opened, counting_sheets(work, procedure, lot_id), draw_seed_of(work, procedure.id)
    )
    result = _computed(data)
    if result.get("status") != "failed":  # a lot with too few bidders fails without an evaluation
        require_complete(work, procedure, lot_id)
    refuse(_named(result, opened), RankingRefused)
    return _store(work, procedure, lot_id, data, result)


def ranking_input(
    procedure: Procedure,
    lot: ProcedureLot,
    opened: Sequence[BidInPlay],
    sheets: Mapping[str, Mapping[str, Any]],
    seed: str | None = None,
) -> dict[str, Any]:
    """Return the input of `bidscreen rank`, and the share below which a price gets a warning."""
    scheme = procedure.scheme.model_dump(mode="json", by_alias=True)
    return {
        "abnormallyLowShare": scheme["abnormallyLowShare"],
        "ranking": {
            "lot": {"id": lot.id, "ceiling": str(lot.ceiling)},
            "scheme": {
                **{name: scheme[name] for name in _OF_SCHEME},
                "factors": [{name: factor[name] for name in _OF_FACTOR} for factor in scheme["factors"]],
                "drawSeed": seed,
            },
            "bids": [_bid(bid, sheets) for bid in opened],
        },
    }


def _bid(bid: BidInPlay, sheets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "id": bid.id,
        "price": None if bid.price is None else str(bid.price.quantize(FEN)),
        "qualified": bid.state is BidState.VALID,
        "deduction": bid.deduction,
        "offered": bid.offered,
        "scores": {member: scores[bid.id] for member, scores in sheets.items() if bid.id in scores},
    }


def _computed(data: Mapping[str, Any]) -> dict[str, Any]:
    return preview(data["ranking"], Fraction(data["abnormallyLowShare"]))


def _named(result: Mapping[str, Any], opened: Sequence[BidInPlay]) -> dict[str, Any]:
    """Name bids by id in the errors' pointers: the caller sent none, so positions would mean nothing."""
    errors = result.get("errors") or ()
    return {"errors": [{**error, "pointer": _by_id(error["pointer"], opened)} for error in errors]}


def _by_id(pointer: str, opened: Sequence[BidInPlay]) -> str:
    steps = pointer.split("/")
    if len(steps) > 2 and steps[1] == "bids" and steps[2].isdecimal():
        steps[2] = opened[int(steps[2])].id
    return "/".join(steps)


def _store(
    work: UnitOfWork, procedure: Procedure, lot_id: str, data: dict[str, Any], result: dict[str, Any]
) -> StoredRanking:
    last = work.session.scalar(select(func.max(StoredRanking.number)).where(StoredRanking.lot_id == lot_id))
    row = StoredRanking(
        tender_id=procedure.id,
        lot_id=lot_id,
        number=(last or 0) + 1,
        input=data,
        result=result,
        input_hash=_input_hash(data, procedure.policy_sha256),
        result_hash=sha256_hex(canonical_json(result)),
        policy_sha256=procedure.policy_sha256,
        engine_version=ENGINE_VERSION,
        computed_by=work.principal.id,
    )
    work.session.add(row)
    work.session.flush()
    after = {
        "lot": lot_id,
        "number": row.number,
        "status": result["status"],
        "inputHash": row.input_hash,
        "resultHash": row.result_hash,
    }
    work.record(Event.OFFICER_RANKING_COMPUTE, subject=row.id, tender=procedure.id, after=after)
    return row


def _input_hash(data: Mapping[str, Any], policy_sha256: str) -> str:
    return sha256_hex(canonical_json({"input": data, "policy": policy_sha256}))


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored ranking and the hashes recomputed from its input."""

    row: StoredRanking
    input_hash: str
    result_hash: str

    @property
    def identical(self) -> bool:
        """Whether both hashes equal the stored ones."""
        return (self.input_hash, self.result_hash) == (self.row.input_hash, self.row.result_hash)


def replay(work: UnitOfWork, ranking_id: str) -> Replayed:
    """Recompute a ranking from its stored input."""
    row = work.get(StoredRanking, ranking_id)
    result = _computed(row.input)
    return Replayed(row, _input_hash(row.input, row.policy_sha256), sha256_hex(canonical_json(result)))


def newest(work: UnitOfWork, lot_id: str) -> StoredRanking | None:
    """Return the newest ranking of a lot, or None."""
    query = select(StoredRanking).where(StoredRanking.lot_id == lot_id)
    return work.session.scalar(query.order_by(StoredRanking.number.desc()).limit(1))


def find_newest(work: UnitOfWork, lot_id: str) -> StoredRanking:
    """Return the newest ranking of a lot, or raise NotFound."""
    procedure_of_lot(work, lot_id)
    row = newest(work, lot_id)
    if row is None:
        raise NotFound
    return row


def listing(work: UnitOfWork, lot_id: str) -> Select[Any]:
    """Return every ranking of a lot."""
    procedure_of_lot(work, lot_id)
    return select(StoredRanking).where(StoredRanking.lot_id == lot_id)


def find(work: UnitOfWork, ranking_id: str) -> StoredRanking:
    """Return a ranking, or raise NotFound; an evaluator finds those of its lots."""
    row = work.get(StoredRanking, ranking_id)
    work.principal.require_lot(row.lot_id)
    return row


@dataclass(frozen=True, slots=True)
class LotRanking:
    """The newest ranking of a lot for awards: rows as on the wire, and the bidder of each bid."""

    id: str
    rows: tuple[Mapping[str, Any], ...]
    prices: Mapping[str, str | None]
    reason: str | None  # why no bid is ranked
    abnormally_low: tuple[str, ...]  # bids with an abnormally low price to be explained (第六十条)


def lot_ranking(work: UnitOfWork, lot_id: str) -> LotRanking | None:
    """Return the newest ranking of a lot for awards; prices are those that it was computed from."""
    row = newest(work, lot_id)
    if row is None:
        return None
    prices = {bid["id"]: bid["price"] for bid in row.input["ranking"]["bids"]}
    low = tuple(one["bid"] for one in row.result["warnings"] if one["code"] == "abnormally_low")
    return LotRanking(row.id, tuple(row.result["rows"]), prices, row.result["reason"], low)
