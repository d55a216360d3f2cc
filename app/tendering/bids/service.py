"""Record bids 投标 after the opening, and decide on each: valid, or invalid on a legal ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from app.bidders.organizations.registry import visible as organization_of
from app.core.procedure.qualification import BidState, Ground, Judged, Qualification, bid_after
from app.core.procedure.tender_state import TenderState
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.schemas import BidChange, BidIn
from app.tendering.bids.tables import Bid
from app.tendering.tenders.procedure import Procedure, procedure_of

OPEN = (TenderState.QUALIFICATION, TenderState.EVALUATION)


class BidExists(Conflict):
    """An organization may submit one bid for a lot."""

    code, title = "bid_exists", "The organization's bid for this lot is already recorded"


class BidsSealed(Conflict):
    """Sealed bids are recorded by the opening; they cannot be added manually."""

    code, title = "bids_sealed", "Sealed bids can be recorded only by the opening"
    article = "财政部令第87号 第四十一条"


@dataclass(frozen=True, slots=True)
class Opened:
    """A bid as its envelope stated it; price in yuan, None where none is stated. `fault`: why it is invalid."""

    tender_id: str
    lot_id: str
    organization_id: str
    organization_name: str
    price: Decimal | None
    offered: Decimal | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class BidInPlay:
    """A bid that was opened, as evaluation and awards read it; price in yuan."""

    id: str
    lot_id: str
    organization_id: str
    organization_name: str
    price: Decimal | None
    deduction: str
    offered: str | None
    state: BidState


def record(work: UnitOfWork, tender_id: str, body: BidIn) -> Bid:
    """Record a bid read out at the opening (财政部令第87号 第四十一条)."""
    procedure = procedure_of(work, tender_id)
    procedure.require(TenderState.QUALIFICATION)
    if procedure.sealed:
        raise BidsSealed
    name = _checked(work, procedure, body)
    bid = Bid(
        tender_id=tender_id,
        lot_id=body.lot,
        organization_id=body.organization,
        organization_name=name,
        price=body.price,
        deduction=format(body.deduction, "f"),
        offered=None if body.offered is None else format(body.offered, "f"),
        state=BidState.OPENED.value,
        recorded_by=work.principal.id,
    )
    work.session.add(bid)
    work.session.flush()
    after = {"lot": bid.lot_id, "organization": bid.organization_id, "price": bid.price, "deduction": bid.deduction}
    work.record(Event.OFFICER_BID_RECORD, subject=bid.id, tender=tender_id, after=after)
    return bid


def enter(work: UnitOfWork, opened: Opened) -> Bid:
    """Record the content of an envelope; an unreadable envelope or one of another bidder gives an invalid bid."""
    bid = Bid(
        tender_id=opened.tender_id,
        lot_id=opened.lot_id,
        organization_id=opened.organization_id,
        organization_name=opened.organization_name,
        price=opened.price,
        deduction="0",
        offered=None if opened.offered is None else format(opened.offered, "f"),
        state=(BidState.INVALID if opened.fault else BidState.OPENED).value,
        ground=Ground.OTHER.value if opened.fault else None,
        reason=opened.fault,
        recorded_by=work.principal.id,
    )
    work.session.add(bid)
    work.session.flush()
    after = {"lot": bid.lot_id, "organization": bid.organization_id, "price": bid.price, "fault": opened.fault}
    work.record(Event.OFFICER_BID_RECORD, subject=bid.id, tender=opened.tender_id, after=after)
    return bid


def warn(work: UnitOfWork, bid: Bid, warnings: list[dict[str, Any]]) -> None:
    """Record where the contents of a bid state other documents, or another dossier, than were uploaded."""
    bid.warnings = warnings
    work.session.flush()
    work.record(Event.OFFICER_BID_WARN, subject=bid.id, tender=bid.tender_id, after={"warnings": warnings})


def refuse_price(work: UnitOfWork, bid_id: str, reason: str) -> None:
    """Declare a bid invalid because its bidder does not confirm the corrected price (财政部令第87号 第五十九条)."""
    bid = work.get(Bid, bid_id)
    before = _facts(bid)
    _judge(bid, Judged(BidState.INVALID, Ground.OTHER))
    bid.reason = reason
    work.session.flush()
    work.record(Event.OFFICER_BID_CHANGE, subject=bid.id, tender=bid.tender_id, before=before, after=_facts(bid))


def _checked(work: UnitOfWork, procedure: Procedure, body: BidIn) -> str:
    """Return the organization's name after checking that lot and organization exist and the bid does not."""
    if body.lot not in {lot.id for lot in procedure.lots}:
        raise Invalid(faults=[Fault("unknown_lot", "A lot of this tender is expected", "/lotId")])
    procedure.active_lot(body.lot)
    try:
        name = organization_of(work, body.organization).name
    except NotFound:
        fault = Fault("unknown_organization", "A recorded organization is expected", "/organizationId")
        raise Invalid(faults=[fault]) from None
    same = _live().where(Bid.lot_id == body.lot, Bid.organization_id == body.organization)
    if work.session.scalar(same) is not None:
        raise BidExists
    return name


def _live() -> Select[Any]:
    return select(Bid).where(Bid.state.not_in((BidState.SUPERSEDED, BidState.WITHDRAWN)))


def find(work: UnitOfWork, tender_id: str, bid_id: str) -> Bid:
    """Return a bid of a tender; a bidder finds its own only, an evaluator those of its lots."""
    bid = work.get_within(Bid, bid_id, tender_id=tender_id)
    work.principal.require_organization(bid.organization_id)
    work.principal.require_lot(bid.lot_id)
    return bid


def listing(work: UnitOfWork, tender_id: str, lot_id: str | None) -> Select[Any]:
    """Return the bids of a tender, of one lot if asked; a bidder sees its own only, an evaluator those of its lots."""
    procedure_of(work, tender_id)
    query = select(Bid).where(Bid.tender_id == tender_id)
    if lot_id is not None:
        query = query.where(Bid.lot_id == lot_id)
    return work.principal.confined(query, Bid.organization_id, Bid.lot_id)


def change(work: UnitOfWork, bid: Bid, body: BidChange) -> Bid:
    """Decide on a bid, or correct its price; the audit trail keeps the previous values."""
    procedure_of(work, bid.tender_id).require(*OPEN)
    before = _facts(bid)
    if body.price is not None:
        bid.price = body.price
    if body.state is not None:
        _judge(bid, Judged(BidState(body.state), body.ground))
    bid.reason = body.reason
    work.session.flush()
    work.record(Event.OFFICER_BID_CHANGE, subject=bid.id, tender=bid.tender_id, before=before, after=_facts(bid))
    return bid


def follow(work: UnitOfWork, bid_id: str, decision: Qualification, reason: str | None) -> None:
    """Update a bid after its qualification; the qualification's audit event covers this change."""
    bid = work.get(Bid, bid_id)
    before = _facts(bid)
    judged = bid_after(Judged(BidState(bid.state), Ground(bid.ground) if bid.ground else None), decision)
    if judged.state == bid.state:
        return
    _judge(bid, judged)
    bid.reason = reason
    work.session.flush()
    work.record(Event.OFFICER_BID_CHANGE, subject=bid.id, tender=bid.tender_id, before=before, after=_facts(bid))


def _judge(bid: Bid, judged: Judged) -> None:
    bid.state = judged.state.value
    bid.ground = judged.ground.value if judged.ground else None


def _facts(bid: Bid) -> dict[str, object]:
    return {"state": bid.state, "ground": bid.ground, "price": bid.price, "reason": bid.reason}


def bids_in_play(work: UnitOfWork, lot_id: str) -> Sequence[BidInPlay]:
    """Return the opened bids of a lot, in the order of their ids."""
    opened = (BidState.OPENED, BidState.VALID, BidState.INVALID)
    query = select(Bid).where(Bid.lot_id == lot_id, Bid.state.in_(opened)).order_by(Bid.id)
    return [bid_in_play(bid) for bid in work.session.scalars(query)]


def bid_in_play(bid: Bid) -> BidInPlay:
    """Return a row as a value."""
    return BidInPlay(
        bid.id,
        bid.lot_id,
        bid.organization_id,
        bid.organization_name,
        bid.price,
        bid.deduction,
        bid.offered,
        BidState(bid.state),
    )
