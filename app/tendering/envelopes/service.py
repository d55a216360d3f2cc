"""Submit, replace and withdraw envelopes until the deadline without disclosing who bids, or how many.

Their events have a chain of their own, named by the opening: gaps in the tender's chain would reveal their number.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import Select, func, select

from app.bidders.organizations.registry import visible as organization_of
from app.core.bids.sealing import LARGEST, envelope_fault, stored, unstored
from app.core.procedure.qualification import BID, BidState
from app.core.procedure.state_machine import Mover
from app.core.procedure.tender_state import LotState, TenderState
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Forbidden, Invalid, NotFound, Problem
from app.platform.quota import Quota
from app.platform.unit_of_work import UnitOfWork
from app.platform.web.sender import SentFrom
from app.tendering.envelopes.keys import locked, opening_of
from app.tendering.envelopes.tables import Envelope, EnvelopeRefusal, Opening
from app.tendering.submissions import service as traces
from app.tendering.submissions.service import Came
from app.tendering.tenders.practice import shown_at, tender_time
from app.tendering.tenders.service import lots_of, visible

LATE = "bidding_closed"


class EnvelopeRefused(Problem):
    """The bytes are not a valid envelope; the refusal has its own receipt."""

    code, title, status = "envelope_refused", "Invalid sealed envelope", 422
    article = "财政部令第87号 第三十三条"

    def __init__(self, refusal: EnvelopeRefusal) -> None:
        said = f"{refusal.code}; receipt of refusal {refusal.receipt}, sha256 {refusal.sha256}"
        super().__init__(f"{said}, received at {refusal.received_at.isoformat()}")


class EnvelopeLate(EnvelopeRefused):
    """The envelope arrived at or after the deadline, or the tender accepts no bids; the refusal has its own receipt."""

    code, title, status = LATE, "Bids are no longer accepted", 409


class StillSealed(Conflict):
    """Before the opening officers see no bidder; the number of envelopes is published at the deadline."""

    code, title = "still_sealed", "Envelopes are confidential until the opening"
    article = "政府采购法实施条例 第三十四条"


class EnvelopeStep(Conflict):
    """The procedure does not allow this step of the opening; the article is that of the rule."""

    code, title = "step_refused", "The procedure does not allow this step"
    subjects = ("bid",)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A received submission: its lot, its bytes, the arrival time of the last byte, and the sender's address."""

    lot_id: str
    content: bytes
    sha256: str
    at: datetime
    sender: SentFrom


def arrived(lot_id: str, source: BinaryIO, at: datetime, sender: SentFrom) -> Arrived:
    """Read and hash the whole submission; an oversized one is kept only up to one byte over the limit."""
    digest = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    source.seek(0)
    return Arrived(lot_id, source.read(LARGEST + 1), digest, at, sender)


def submit(work: UnitOfWork, tender_id: str, arrived: Arrived) -> Envelope | EnvelopeRefusal:
    """Accept an envelope, replacing an earlier one for the lot, or refuse it with a receipt (第三十三条、第三十四条)."""
    organization_id = _own_organization(work)
    lot_id = _lot(work, tender_id, arrived.lot_id)
    arrived = replace(arrived, at=shown_at(work, tender_id, arrived.at))
    fault = envelope_fault(arrived.content)
    opening = locked(work, tender_id)
    if opening.closed_at is not None or not _open_for(work, tender_id, lot_id, arrived.at):
        fault = LATE
    quota = envelope_quota(work, lot_id, organization_id).plus(1)
    if fault is not None:
        quota.require()
        return _refuse(work, opening, organization_id, arrived, fault)
    earlier: Envelope | None = work.session.scalar(_standing(lot_id, organization_id))
    if earlier is not None and earlier.sha256 == arrived.sha256:
        return earlier  # a retry with the same bytes, by a client that got no response
    quota.require()
    if earlier is not None:
        step(earlier, BidState.SUPERSEDED, Mover.BIDDER)
        work.session.flush()
    return _keep(work, opening, organization_id, arrived)


def envelope_quota(work: UnitOfWork, lot_id: str, organization_id: str) -> Quota:
    """Return how many envelopes an organization has submitted for a lot, replaced, withdrawn and refused ones included."""
    submitted = sum(
        work.session.scalar(
            select(func.count()).where(table.lot_id == lot_id, table.organization_id == organization_id)
        )
        or 0
        for table in (Envelope, EnvelopeRefusal)
    )
    return Quota("Quota-Envelopes", submitted, work.settings.quota_envelopes)


def _keep(work: UnitOfWork, opening: Opening, organization_id: str, arrived: Arrived) -> Envelope:
    row = Envelope(
        tender_id=opening.tender_id,
        lot_id=arrived.lot_id,
        organization_id=organization_id,
        receipt=secrets.token_hex(16),
        sha256=arrived.sha256,
        received_at=arrived.at,
        ciphertext=stored(arrived.content),
    )
    work.session.add(row)
    work.session.flush()
    traces.note(work, row.tender_id, row.organization_id, Came(row.lot_id, row.received_at, arrived.sender))
    after = {"receipt": row.receipt, "sha256": row.sha256, "lot": row.lot_id, "receivedAt": row.received_at.isoformat()}
    work.record(Event.BIDDER_ENVELOPE_SUBMIT, subject=row.id, tender=opening.id, after=after)
    return row


def _refuse(work: UnitOfWork, opening: Opening, organization_id: str, arrived: Arrived, code: str) -> EnvelopeRefusal:
    row = EnvelopeRefusal(
        tender_id=opening.tender_id,
        lot_id=arrived.lot_id,
        organization_id=organization_id,
        receipt=secrets.token_hex(16),
        sha256=arrived.sha256,
        received_at=arrived.at,
        code=code,
    )
    work.session.add(row)
    work.session.flush()
    after = {"receipt": row.receipt, "sha256": row.sha256, "lot": row.lot_id, "code": code}
    work.record(Event.BIDDER_ENVELOPE_REFUSE, subject=row.id, tender=opening.id, after=after)
    return row


def refusal_problem(row: EnvelopeRefusal) -> EnvelopeRefused:
    """Return the problem for a refused envelope."""
    return EnvelopeLate(row) if row.code == LATE else EnvelopeRefused(row)


def withdraw(work: UnitOfWork, tender_id: str, envelope_id: str) -> Envelope:
    """Withdraw an envelope before the deadline (第三十四条)."""
    opening = locked(work, tender_id)
    row = find(work, tender_id, envelope_id)
    work.session.refresh(row)
    if opening.closed_at is not None or not _open_for(work, tender_id, row.lot_id, tender_time(work, tender_id)):
        raise EnvelopeStep("The bid deadline has passed")
    step(row, BidState.WITHDRAWN, Mover.BIDDER)
    work.session.flush()
    after = {"receipt": row.receipt, "lot": row.lot_id}
    work.record(Event.BIDDER_ENVELOPE_WITHDRAW, subject=row.id, tender=opening.id, after=after)
    return row


def step(row: Envelope, to: BidState, by: Mover) -> None:
    """Move the envelope to its next state, or raise StepRefused with the rule that forbids it."""
    BID.require(BidState(row.state), to, by)
    row.state = to.value


def find(work: UnitOfWork, tender_id: str, envelope_id: str) -> Envelope:
    """Return an envelope: to its bidder at any time, to others once the bids are opened or the tender has ended."""
    row = work.get_within(Envelope, envelope_id, tender_id=tender_id)
    work.principal.require_organization(row.organization_id)
    if work.principal.organization_scope is None and _bidders_unknown(work, tender_id):
        raise NotFound
    return row


def listing(work: UnitOfWork, tender_id: str) -> Select[Any]:
    """Select a bidder's own envelopes; for the agency all of them, once they are opened or the tender has ended."""
    scope = work.principal.organization_scope
    opening_of(work, tender_id)
    query = select(Envelope).where(Envelope.tender_id == tender_id)
    if scope is not None:
        return query.where(Envelope.organization_id == scope)
    if _bidders_unknown(work, tender_id):
        raise StillSealed
    return query


def _bidders_unknown(work: UnitOfWork, tender_id: str) -> bool:
    """Whether nobody but the bidders knows yet who bids: until the opening, or the end without one."""
    return visible(work, tender_id).state in (TenderState.DRAFT, TenderState.TENDERING)


def content(work: UnitOfWork, tender_id: str, envelope_id: str) -> bytes:
    """Return the envelope's bytes to its bidder; to custodians and auditors once it is opened, never a returned one."""
    row = find(work, tender_id, envelope_id)
    if work.principal.organization_scope is None and row.state not in {BidState.OPENED, BidState.INVALID}:
        raise EnvelopeStep("Only the bidder may read an envelope that was not opened")
    return unstored(row.ciphertext)


def sealed_of(work: UnitOfWork, tender_id: str) -> Sequence[Envelope]:
    """Return every valid envelope in order of arrival."""
    query = select(Envelope).where(Envelope.tender_id == tender_id, Envelope.state == BidState.SEALED)
    return work.session.scalars(query.order_by(Envelope.received_at, Envelope.id)).all()


def _standing(lot_id: str, organization_id: str) -> Select[Any]:
    return select(Envelope).where(
        Envelope.lot_id == lot_id, Envelope.organization_id == organization_id, Envelope.state == BidState.SEALED
    )


def _own_organization(work: UnitOfWork) -> str:
    own = work.principal.organization_scope
    if own is None:
        raise Forbidden
    return organization_of(work, own).id


def _lot(work: UnitOfWork, tender_id: str, lot_id: str) -> str:
    visible(work, tender_id)
    if lot_id not in {lot.id for lot in lots_of(work, tender_id)}:
        raise Invalid(faults=[Fault("unknown_lot", "A lot of this tender is expected", "/lotId")])
    return lot_id


def _open_for(work: UnitOfWork, tender_id: str, lot_id: str, at: datetime) -> bool:
    """Whether the tender accepts bids for the lot at that time; a bid at the deadline itself is late."""
    tender = visible(work, tender_id)
    active = any(lot.id == lot_id and lot.state == LotState.ACTIVE for lot in lots_of(work, tender_id))
    in_time = tender.bid_deadline is not None and at < tender.bid_deadline
    return tender.state == TenderState.TENDERING and active and in_time
