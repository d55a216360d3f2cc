"""The bids section: each opened bid with what its screening found, and the statistics of each lot."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.awarding.ocds import parties
from app.awarding.ocds.facts import Facts
from app.awarding.ocds.schemas import (
    BidStatus,
    Measure,
    OcdsBid,
    OcdsBids,
    OcdsRequirementReference,
    OcdsRequirementResponse,
    OcdsStatistic,
)
from app.awarding.ocds.tender_section import yuan
from app.core.procedure.qualification import BidState
from app.tendering.bids.service import BidInPlay

_STATUS: dict[BidState, BidStatus] = {BidState.VALID: "valid", BidState.INVALID: "disqualified"}


def opened_at(facts: Facts) -> datetime:
    """Return when the bids were opened; bids on paper are opened at the deadline (财政部令第87号 第四十条)."""
    opened: datetime = facts.tender.opened_at or facts.tender.bid_deadline
    return opened


def bids_section(facts: Facts, *, with_results: bool) -> OcdsBids | None:
    """Return the opened bids, None before the opening.

    Status and requirement responses are published with the result: until then each bid is `pending`.
    """
    if not facts.bids:
        return None
    details = [_bid(facts, bid, with_results) for bid in facts.bids]
    statistics = [
        _statistic(lot.id, measure, value)
        for lot in facts.procedure.lots
        for measure, value in _figures([bid for bid in details if bid.related_lots == [lot.id]], with_results)
    ]
    return OcdsBids(statistics=statistics, details=details)


def _bid(facts: Facts, bid: BidInPlay, with_results: bool) -> OcdsBid:
    answers = facts.answers.get(bid.id, {}) if with_results else {}
    return OcdsBid(
        id=bid.id,
        date=opened_at(facts),
        status=_STATUS.get(bid.state, "pending") if with_results else "pending",
        tenderers=parties.references(facts, parties.bidders(facts, bid)),
        value=None if bid.price is None else yuan(bid.price),
        related_lots=[bid.lot_id],
        requirement_responses=[_response(bid.id, one) for one in answers.values()],
    )


def _response(bid: str, answer: Mapping[str, Any]) -> OcdsRequirementResponse:
    """Return a headcount as its number, else whether the requirement is met; no value where undetermined."""
    found = {"met": True, "not_met": False}.get(answer["outcome"])
    return OcdsRequirementResponse(
        id=f"{bid}-{answer['id']}",
        title=answer["outcome"],
        value=answer["observed"] if answer.get("required") is not None else found,
        requirement=OcdsRequirementReference(id=answer["id"]),
    )


def _figures(bids: list[OcdsBid], with_results: bool) -> Iterator[tuple[Measure, float]]:
    yield "bids", len(bids)
    yield "bidders", len({bid.tenderers[0].id for bid in bids})
    if not with_results:
        return
    valid = [bid for bid in bids if bid.status == "valid"]
    yield "validBids", len(valid)
    yield "qualifiedBidders", len({bid.tenderers[0].id for bid in valid})
    yield "disqualifiedBidders", len({bid.tenderers[0].id for bid in bids if bid.status == "disqualified"})
    amounts = [bid.value.amount for bid in valid if bid.value]
    if amounts:
        yield "lowestValidBidValue", min(amounts)
        yield "highestValidBidValue", max(amounts)


def _statistic(lot: str, measure: Measure, value: float) -> OcdsStatistic:
    money = measure.endswith("Value")
    return OcdsStatistic(
        id=f"{lot}-{measure}", measure=measure, value=value, currency="CNY" if money else None, related_lot=lot
    )
