"""Build an award problem (DESIGN 5.6) from a tender's stored rankings and published rule."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from app.awarding.awards.tables import Award
from app.awarding.evaluation.service import LotRanking, lot_ranking
from app.core.awards.assignment import AwardState, Limits, Objective, PublishedRule, Rule
from app.core.procedure.tender_state import LotState
from app.core.values.json_reader import Node
from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import bids_in_play
from app.tendering.tenders.procedure import Procedure, ProcedureLot


class LotNotRanked(Conflict):
    """Every lot must be ranked before an award scenario is computed."""

    code, title = "lot_not_ranked", "A lot of the tender has not been ranked yet"


@dataclass(frozen=True, slots=True)
class StoredProblem:
    """The problem as plain JSON, and the ranking of each lot that it is based on."""

    data: dict[str, Any]
    rankings: dict[str, str]


@dataclass(frozen=True, slots=True)
class DecidedBefore:
    """Lot → winner of the current decision (None: the lot failed); lot → organizations that lost an award for it."""

    standing: Mapping[str, str | None]
    fallen: Mapping[str, frozenset[str]]

    @property
    def written(self) -> dict[str, Any]:
        """Return the form that is stored with a scenario."""
        return {"standing": self.standing, "fallen": {lot: sorted(gone) for lot, gone in self.fallen.items()}}


def decided_before(work: UnitOfWork, tender_id: str) -> DecidedBefore:
    """Return the earlier decisions that constrain a new one."""
    standing: dict[str, str | None] = {}
    fallen: dict[str, frozenset[str]] = {}
    for award in work.session.scalars(select(Award).where(Award.tender_id == tender_id).order_by(Award.id)):
        if award.state != AwardState.CANCELLED:
            standing[award.lot_id] = award.organization_id
        elif award.winner_falls and award.organization_id is not None:
            fallen[award.lot_id] = fallen.get(award.lot_id, frozenset()) | {award.organization_id}
    return DecidedBefore(standing, fallen)


def in_play(work: UnitOfWork, procedure: Procedure) -> Procedure:
    """Return the procedure without the lots that failed before ranking; the others continue (第四十三条)."""
    lots = tuple(lot for lot in procedure.lots if lot.state is LotState.ACTIVE or lot_ranking(work, lot.id) is not None)
    return replace(procedure, lots=lots)


def published_rule(procedure: Procedure) -> PublishedRule:
    """Return the award rule in the tender documents; lots that its order does not name come last."""
    award = procedure.award
    limits = Limits(award.limits.maximum_lots_awarded_per_supplier, dict(award.limits.per_supplier))
    return PublishedRule(Rule(award.rule), Objective(award.objective), limits, _order(procedure))


def _order(procedure: Procedure) -> tuple[str, ...]:
    by_key = {lot.key: lot.id for lot in procedure.lots}
    named = [by_key[key] for key in procedure.award.lot_order if key in by_key]
    return tuple(dict.fromkeys([*named, *by_key.values()]))


def stored_problem(work: UnitOfWork, procedure: Procedure, parts: Mapping[str, Node]) -> StoredProblem:
    """Combine the newest rankings with the request, and with the published rule for what the request omits.

    Errors: LotNotRanked; InputError for an invalid request.
    """
    rankings = {lot.id: lot_ranking(work, lot.id) for lot in procedure.lots}
    found = {lot_id: ranking for lot_id, ranking in rankings.items() if ranking is not None}
    if len(found) < len(rankings):
        raise LotNotRanked
    settled = _settled(parts["settled"])
    published = published_rule(procedure)
    given = {name: part.value for name, part in parts.items() if name not in ("lots", "settled") and not part.missing}
    data = {
        "rule": published.rule.value,
        "objective": published.objective.value,
        "limits": procedure.award.limits.model_dump(mode="json", by_alias=True),
        "lotOrder": list(published.order),
        **given,
        "lots": [_lot(work, lot, found[lot.id], settled) for lot in procedure.lots],
    }
    _all_used(settled, found)
    return StoredProblem(data, {lot_id: ranking.id for lot_id, ranking in found.items()})


def _settled(node: Node) -> dict[str, Node]:
    """Parse lot → the tied bid that an officer ranks first; the reason is required and stored with the scenario."""
    chosen: dict[str, Node] = {}
    for lot_id, part in [] if node.missing else node.pairs():
        members = part.members("bid", "reason")
        members["reason"].text()
        members["bid"].text()
        chosen[lot_id] = members["bid"]
    return chosen


def _all_used(settled: Mapping[str, Node], found: Mapping[str, LotRanking]) -> None:
    for lot_id, node in settled.items():
        if lot_id not in found:
            raise node.refuse("unknown_lot", "A lot of this tender is expected")


def _lot(work: UnitOfWork, lot: ProcedureLot, ranking: LotRanking, settled: Mapping[str, Node]) -> dict[str, Any]:
    bidders = {bid.id: bid.organization_id for bid in bids_in_play(work, lot.id)}
    first = _first(settled.get(lot.id), ranking)
    return {
        "id": lot.id,
        "value": f"{lot.value:.2f}",
        "ranking": [
            {
                "bid": row["bid"],
                "bidder": bidders[row["bid"]],
                "rank": row["rank"] + _behind(row, first),
                "total": row["total"],
                "price": ranking.prices[row["bid"]],
            }
            for row in ranking.rows
        ],
    }


def _first(node: Node | None, ranking: LotRanking) -> Mapping[str, Any] | None:
    """Return the row that was settled as first among those of its rank."""
    if node is None:
        return None
    row = next((row for row in ranking.rows if row["bid"] == node.value), None)
    if row is None or sum(other["rank"] == row["rank"] for other in ranking.rows) < 2:
        raise node.refuse("not_tied", "One of the tied bids of this lot is expected")
    return row


def _behind(row: Mapping[str, Any], first: Mapping[str, Any] | None) -> int:
    """Move the other tied rows down by one rank; ranks skip after a tie, so there is room for them."""
    return int(first is not None and row["rank"] == first["rank"] and row["bid"] != first["bid"])
