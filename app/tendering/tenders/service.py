"""Tenders: created from a preset or in full, changed as drafts, frozen at publication, moved by the state machine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm.attributes import flag_modified

from app.core.facts.policy import Policy
from app.core.procedure.deadlines import day_in_china
from app.core.procedure.state_machine import Mover
from app.core.procedure.tender_state import LOT, TENDER, LotState, TenderState, lot_may_move
from app.core.procedure.tender_terms import TermsWarning, warnings
from app.core.values.canonical import canonical_json
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.base import metadata
from app.platform.database.identifiers import PRACTICE_TENDER, is_practice, new_id
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.tenders.practice import marked, time_of
from app.tendering.tenders.schemas import LotsIn, PolicyIn, TenderChange, TenderIn
from app.tendering.tenders.tables import Lot, Tender
from app.tendering.tenders.terms import Chosen, Plan, check_lots, choose, lot_rows, plan, policy_by_text, terms_hash
from app.tendering.tenders.warnings import terms

_SEE_DRAFTS = frozenset({Role.OFFICER, Role.CLIENT, Role.AUDITOR})
_ENDS = {
    TenderState.COMPLETE: LotState.COMPLETE,
    TenderState.UNSUCCESSFUL: LotState.UNSUCCESSFUL,
    TenderState.CANCELLED: LotState.CANCELLED,
}


class PolicyFrozen(Conflict):
    """The policy and terms of a published tender cannot be changed."""

    code, title = "policy_frozen", "The terms of a published tender cannot be changed"
    article = "政府采购法实施条例 第三十四条"


class StateForbids(Conflict):
    """The state machine has no such transition for the tender or lot (app/core/procedure/tender_state.py)."""

    code, title = "state_forbids", "The state of the tender or lot does not allow this transition"
    subjects = ("tender", "lot")


class BiddingOpen(Conflict):
    """Bids cannot be opened before the bid deadline."""

    code, title = "bidding_open", "The bid deadline has not passed yet"
    article = "财政部令第87号 第四十条"


class OpeningFirst(Conflict):
    """Sealed bids cannot be examined until the custodians have opened them."""

    code, title = "opening_first", "The sealed bids have not been opened"
    article = "财政部令第87号 第四十一条"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that govern a screening within a tender; `as_of` is None while there is no bid deadline."""

    policy: Policy
    document: dict[str, Any]
    assurance: str
    as_of: date | None


def create(work: UnitOfWork, body: TenderIn) -> Tender:
    """Create a draft with its lots."""
    _require_future(work.now, body.bid_deadline)
    chosen = choose(body.policy)
    planned = plan(body, chosen)
    own: Any = chosen.policy.tender
    title = body.title or (own["title"]["zh"] if own else chosen.policy.title.zh)
    tender = Tender(
        id=new_id(PRACTICE_TENDER if body.practice else Tender.ID_PREFIX),
        practice_advances=[],
        title=marked(title, practice=body.practice),
        assurance=body.assurance,
        bid_deadline=body.bid_deadline,
        **_policy_columns(chosen),
        **_plan_columns(planned),
    )
    work.session.add(tender)
    work.session.flush()
    work.session.add_all(lot_rows(tender.id, planned.ceiling, planned.lots))
    work.session.flush()
    after = {"title": tender.title, "policy": tender.policy_sha256, "lots": len(planned.lots)}
    work.record(Event.OFFICER_TENDER_CREATE, subject=tender.id, tender=tender.id, after=after)
    return tender


def visible(work: UnitOfWork, tender_id: str) -> Tender:
    """Return the tender; a draft is visible only to those who prepare drafts."""
    tender = work.get(Tender, tender_id)
    if tender.state == TenderState.DRAFT and work.principal.role not in _SEE_DRAFTS:
        raise NotFound
    return tender


def listing(work: UnitOfWork, state: TenderState | None = None) -> Select[Tender]:
    """Select the tenders that the principal may see."""
    query = select(Tender)
    if state is not None:
        query = query.where(Tender.state == state.value)
    if work.principal.role not in _SEE_DRAFTS:
        query = query.where(Tender.state != TenderState.DRAFT.value)
    return query


def tenders_in(states: Iterable[TenderState]) -> Select[str]:
    """Select the ids of the tenders in one of these states."""
    return select(Tender.id).where(Tender.state.in_([state.value for state in states]))


def is_in(work: UnitOfWork, tender_id: str, states: Iterable[TenderState]) -> bool:
    """Whether a tender is in one of these states."""
    return work.session.scalar(tenders_in(states).where(Tender.id == tender_id)) is not None


def lots_of(work: UnitOfWork, tender_id: str) -> Sequence[Lot]:
    """Return all lots of a tender, in order."""
    return work.session.scalars(lots_query(tender_id).order_by(Lot.position)).all()


def unknown_lots(work: UnitOfWork, lot_ids: Iterable[str]) -> set[str]:
    """Return the ids that belong to no tender."""
    asked = set(lot_ids)
    return asked - set(work.session.scalars(select(Lot.id).where(Lot.id.in_(asked))))


def lots_query(tender_id: str) -> Select[Lot]:
    """Return the lots of a tender."""
    return select(Lot).where(Lot.tender_id == tender_id)


def warnings_of(work: UnitOfWork, tender: Tender) -> list[TermsWarning]:
    """Return warnings about the terms; a draft is checked as if it were published now."""
    return list(
        warnings(terms(tender, lots_of(work, tender.id), time_of(work, tender), unproven=_unproven(work, tender)))
    )


def _unproven(work: UnitOfWork, tender: Tender) -> bool:
    """Whether a custodian has not answered its trial; the trials belong to the envelopes, a later room."""
    trial = metadata.tables["opening_trial"]
    waiting = select(trial.c.id).where(trial.c.tender_id == tender.id, trial.c.proved_at.is_(None))
    return bool(work.session.scalar(select(exists(waiting))))


def terms_of(work: UnitOfWork, tender_id: str) -> Terms:
    """Return policy, policy document, assurance and as-of day of a tender that the principal may see."""
    tender = visible(work, tender_id)
    policy = policy_by_text(canonical_json(tender.policy_document))
    day = day_in_china(tender.bid_deadline) if tender.bid_deadline else None
    return Terms(policy, tender.policy_document, tender.assurance, day)


def change(work: UnitOfWork, tender: Tender, body: TenderChange) -> Tender:
    """Change title, deadline or assurance of a draft."""
    _require_draft(tender)
    before = _shown(tender)
    tender.title = marked(body.title or tender.title, practice=is_practice(tender.id))
    tender.assurance = body.assurance or tender.assurance
    if "bid_deadline" in body.model_fields_set:
        _require_future(time_of(work, tender), body.bid_deadline)
        tender.bid_deadline = body.bid_deadline
    return _changed(work, tender, before)


def put_policy(work: UnitOfWork, tender: Tender, body: PolicyIn) -> Tender:
    """Replace the policy of a draft; its plan, if any, replaces lots, scheme and award."""
    _require_draft(tender)
    before, chosen = _shown(tender), choose(body.policy)
    for name, value in _policy_columns(chosen).items():
        setattr(tender, name, value)
    if chosen.document.get("tender"):
        planned = plan(TenderIn(), chosen)
        for name, value in _plan_columns(planned).items():
            setattr(tender, name, value)
        _replace_lots(work, tender, lot_rows(tender.id, planned.ceiling, planned.lots))
    return _changed(work, tender, before)


def put_lots(work: UnitOfWork, tender: Tender, body: LotsIn) -> Tender:
    """Replace all lots of a draft and adapt the award rule's order."""
    _require_draft(tender)
    before = _shown(tender)
    award = {**tender.award, "lotOrder": [lot.key for lot in body.lots]}
    check_lots(body.lots, award, tender.ceiling, tender.plan["fund"])
    tender.award = award
    flag_modified(tender, "award")  # other lots under the same keys also make a new version of the tender
    _replace_lots(work, tender, lot_rows(tender.id, tender.ceiling, body.lots))
    return _changed(work, tender, before)


def publish(work: UnitOfWork, tender: Tender) -> Tender:
    """Freeze the terms and open the bidding (实施条例 第三十四条)."""
    if tender.bid_deadline is None:
        expected = "A bid deadline is expected before publication"
        raise Invalid(faults=[Fault("missing", expected, "/bidDeadline")])
    _require_move(tender, TenderState.TENDERING, Mover.OFFICER)
    _require_future(time_of(work, tender), tender.bid_deadline)
    lots = lots_of(work, tender.id)
    tender.state, tender.published_at = TenderState.TENDERING.value, time_of(work, tender)
    tender.terms_sha256 = terms_hash(tender, lots)
    for lot in lots:
        lot.state = LotState.ACTIVE.value
    work.session.flush()
    if tender.opening_key_sha256 is not None:
        work.publish(tender.id, "key", tender.opening_key_sha256)
    after = {"policy": tender.policy_sha256, "terms": tender.terms_sha256}
    work.record(Event.OFFICER_TENDER_PUBLISH, subject=tender.id, tender=tender.id, after=after)
    return tender


def seal_with(work: UnitOfWork, tender: Tender, key: str, sha256: str) -> None:
    """Set the public key for sealing bids and the hash of its ceremony; frozen at publication like all terms."""
    _require_draft(tender)
    before = {"openingKey": tender.opening_key}
    tender.opening_key, tender.opening_key_sha256 = key, sha256
    work.session.flush()
    after = {"openingKey": key}
    work.record(Event.OFFICER_TENDER_CHANGE, subject=tender.id, tender=tender.id, before=before, after=after)


def opened(work: UnitOfWork, tender: Tender) -> Tender:
    """Move the tender on to the qualification review after its sealed bids were opened."""
    tender.opened_at = time_of(work, tender)
    return move(work, tender, TenderState.QUALIFICATION, by=Mover.CUSTODIANS)


def extend_deadline(work: UnitOfWork, tender: Tender, deadline: datetime) -> Tender:
    """Extend the bid deadline of a published tender after an amendment; the terms get a new hash."""
    assert tender.state == TenderState.TENDERING  # an amendment checks the phase first
    tender.bid_deadline = deadline
    tender.terms_sha256 = terms_hash(tender, lots_of(work, tender.id))
    work.session.flush()
    return tender


def cancel(work: UnitOfWork, tender: Tender, reason: str) -> Tender:
    """End a tender and its open lots without an award."""
    return move(work, tender, TenderState.CANCELLED, reason, Event.OFFICER_TENDER_CANCEL)


def move(
    work: UnitOfWork,
    tender: Tender,
    to: TenderState,
    reason: str | None = None,
    event: Event = Event.OFFICER_TENDER_MOVE,
    *,
    by: Mover = Mover.OFFICER,
) -> Tender:
    """Move a tender to its next state; its end also ends active lots. Bids are opened only after the deadline."""
    _require_move(tender, to, by)
    if to is TenderState.QUALIFICATION and not _deadline_passed(tender, time_of(work, tender)):
        raise BiddingOpen
    if to is TenderState.QUALIFICATION and tender.opening_key and tender.opened_at is None:
        raise OpeningFirst
    before = {"state": tender.state}
    tender.state, tender.state_reason = to.value, reason
    end = _ENDS.get(to)
    for lot in lots_of(work, tender.id) if end else ():
        if end is not None and lot_may_move(LotState(lot.state), end):
            lot.state = end.value
    work.session.flush()
    work.record(event, subject=tender.id, tender=tender.id, before=before, after={"state": to.value, "reason": reason})
    return tender


def move_lot(work: UnitOfWork, lot_id: str, to: LotState, reason: str | None = None) -> Lot:
    """Move a lot to its next state, such as unsuccessful 废标 while the other lots continue."""
    lot = work.get(Lot, lot_id)
    LOT.require(LotState(lot.state), to, Mover.OFFICER)
    before = {"state": lot.state}
    lot.state = to.value
    work.session.flush()
    after = {"state": to.value, "reason": reason}
    work.record(Event.OFFICER_LOT_MOVE, subject=lot.id, tender=lot.tender_id, before=before, after=after)
    return lot


def _policy_columns(chosen: Chosen) -> dict[str, Any]:
    policy = chosen.policy
    return {
        "policy_id": policy.id,
        "policy_version": policy.version,
        "policy_sha256": policy.sha256,
        "policy_document": chosen.document,
    }


def _plan_columns(planned: Plan) -> dict[str, Any]:
    return {"ceiling": planned.ceiling, "scheme": planned.scheme, "award": planned.award, "plan": planned.plan}


def _replace_lots(work: UnitOfWork, tender: Tender, wanted: Sequence[Lot]) -> None:
    kept = {lot.key: lot for lot in lots_of(work, tender.id)}
    for lot in wanted:
        old = kept.pop(lot.key, None)
        if old is None:
            work.session.add(lot)
            continue
        for name in ("position", "name", "district", "value", "ceiling"):
            setattr(old, name, getattr(lot, name))
    for old in kept.values():
        work.session.delete(old)


def _changed(work: UnitOfWork, tender: Tender, before: dict[str, Any]) -> Tender:
    work.session.flush()
    work.record(Event.OFFICER_TENDER_CHANGE, subject=tender.id, tender=tender.id, before=before, after=_shown(tender))
    return tender


def _shown(tender: Tender) -> dict[str, Any]:
    deadline = tender.bid_deadline.isoformat() if tender.bid_deadline else None
    return {
        "title": tender.title,
        "policy": tender.policy_sha256,
        "bidDeadline": deadline,
        "assurance": tender.assurance,
        "lotOrder": tender.award["lotOrder"],
    }


def _require_future(now: datetime, deadline: datetime | None) -> None:
    if deadline is not None and deadline <= now:
        raise Invalid(faults=[Fault("past", "A bid deadline in the future is expected", "/bidDeadline")])


def _require_draft(tender: Tender) -> None:
    if tender.state != TenderState.DRAFT:
        raise PolicyFrozen


def _require_move(tender: Tender, to: TenderState, by: Mover) -> None:
    TENDER.require(TenderState(tender.state), to, by)


def _deadline_passed(tender: Tender, now: datetime) -> bool:
    return tender.bid_deadline is not None and tender.bid_deadline <= now
