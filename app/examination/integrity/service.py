"""Flags: the stored leads of a tender, each once. Officers decide, new evidence reopens, nothing is deleted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, false, func, or_, select, true, type_coerce

from app.bidders.documents.service import visible as document_of
from app.core.integrity.flag_state import Decision, FlagFinding, State, state_of
from app.core.integrity.leads import Lead, Pointer, Strength
from app.core.values.canonical import canonical_json, sha256_hex
from app.examination.integrity.schemas import DispositionIn, Earlier, FlagOut, plain
from app.examination.integrity.tables import Disposition, Flag, FlagSubject, TenderDocument
from app.platform.audit.events import Event
from app.platform.database.identifiers import is_practice
from app.platform.jobs.enqueue import enqueue
from app.platform.jobs.schemas import JobOut
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.submissions.service import AFTER_OPENING
from app.tendering.tenders.procedure import hold, procedure_of

COMPUTE_JOB = "integrity.compute"
_MOST_EARLIER = 50


class EvidenceChanged(Conflict):
    """A decision must rest on the evidence shown; evidence was added or removed since."""

    code, title = "evidence_changed", "The evidence of this flag has changed since it was read"


def ask(work: UnitOfWork, tender_id: str) -> JobOut:
    """Queue the computation of a tender's leads; only after the opening, when there are bids to compare."""
    procedure_of(work, tender_id).require(*AFTER_OPENING)
    work.record(Event.OFFICER_FLAGS_ASK, subject=tender_id, tender=tender_id)
    return JobOut.of(enqueue(work, COMPUTE_JOB, {"tender": tender_id}, tender=tender_id))


def store(work: UnitOfWork, tender_id: str, leads: Sequence[Lead]) -> dict[str, int]:
    """Store computed leads; the same leads again change nothing. Returns how many are new, reopened and gone."""
    hold(work, tender_id)  # two concurrent runs would both create the new flags
    known = {flag.lead_id: flag for flag in work.session.scalars(select(Flag).where(Flag.tender_id == tender_id))}
    decided = _latest(work, tender_id)
    counts = {"leads": len(leads), "new": 0, "reopened": 0, "gone": 0}
    for lead in leads:
        flag = known.pop(lead.id, None)
        if flag is None:
            _add(work, tender_id, lead)
            counts["new"] += 1
        else:
            counts["reopened"] += _update(work, flag, lead, decided.get(flag.id))
    for flag in known.values():
        counts["gone"] += flag.current
        flag.current = False
    work.session.flush()
    work.record(Event.WORKER_FLAGS_COMPUTE, subject=tender_id, tender=tender_id, after=counts)
    return counts


def _add(work: UnitOfWork, tender_id: str, lead: Lead) -> None:
    flag = Flag(tender_id=tender_id, lead_id=lead.id, code=lead.code, state=State.OPEN.value, **_columns(work, lead))
    work.session.add(flag)
    work.session.flush()
    work.session.add_all(FlagSubject(flag_id=flag.id, organization_id=subject) for subject in lead.subjects)
    work.record(Event.WORKER_FLAG_RAISE, subject=flag.id, tender=tender_id, after=_facts(flag))


def _update(work: UnitOfWork, flag: Flag, lead: Lead, latest: Decision | None) -> bool:
    """Update a flag; True where new evidence reopened it."""
    before = _facts(flag)
    state = state_of(latest, frozenset(lead.evidence_identities))
    reopened = state is State.OPEN and flag.state != State.OPEN
    columns = _columns(work, lead)
    changed = (
        reopened
        or not flag.current
        or any(getattr(flag, name) != columns[name] for name in ("evidence_hash", "strength", "blocks", "lots"))
    )
    if not changed:
        return False
    for name, value in columns.items():
        setattr(flag, name, value)
    flag.state = state.value
    flag.reopened_at = work.now if reopened else flag.reopened_at
    present = set(work.session.scalars(select(FlagSubject.organization_id).where(FlagSubject.flag_id == flag.id)))
    work.session.add_all(
        FlagSubject(flag_id=flag.id, organization_id=subject) for subject in lead.subjects if subject not in present
    )
    work.session.flush()
    event = Event.WORKER_FLAG_REOPEN if reopened else Event.WORKER_FLAG_CHANGE
    work.record(event, subject=flag.id, tender=flag.tender_id, before=before, after=_facts(flag))
    return reopened


def _columns(work: UnitOfWork, lead: Lead) -> dict[str, Any]:
    evidence = [_evidence(pointer) for pointer in lead.evidence]
    return {
        "strength": lead.strength.value,
        "article": lead.article,
        "current": True,
        "blocks": lead.blocks,
        "subjects": list(lead.subjects),
        "lots": list(lead.lots),
        "evidence_hash": sha256_hex(canonical_json(evidence)),
        "computed_at": work.now,
        "finding": {
            "message": {"zh": lead.message.zh, "en": lead.message.en},
            "innocent": {"zh": lead.innocent.zh, "en": lead.innocent.en},
            "evidence": evidence,
            "identities": list(lead.evidence_identities),
            "shared": {"kind": lead.shared.kind, "value": lead.shared.value} if lead.shared else None,
        },
    }


def _evidence(pointer: Pointer) -> dict[str, Any]:
    spot = pointer.spot
    return plain(
        {
            "organization": pointer.organization,
            "what": pointer.what,
            "pointer": pointer.pointer,
            "lot": pointer.lot,
            "document": spot.document if spot else None,
            "page": spot.page if spot else None,
            "box": [round(value, 4) for value in spot.box] if spot and spot.box else None,
            "shown": pointer.shown,
        }
    )


def _facts(flag: Flag) -> dict[str, Any]:
    return {
        "code": flag.code,
        "strength": flag.strength,
        "state": flag.state,
        "subjects": flag.subjects,
        "evidenceHash": flag.evidence_hash,
    }


def _latest(work: UnitOfWork, tender_id: str) -> dict[str, Decision]:
    """Return the current disposition of each flag of a tender."""
    query = select(Disposition).join(Flag, Flag.id == Disposition.flag_id).where(Flag.tender_id == tender_id)
    rows = work.session.scalars(query.order_by(Disposition.number))
    return {row.flag_id: Decision(FlagFinding(row.finding), frozenset(row.evidence)) for row in rows}


def find(work: UnitOfWork, flag_id: str) -> Flag:
    """Return a flag; an evaluator finds those that concern its lots."""
    flag = work.get(Flag, flag_id)
    if work.principal.lot_scope is not None and not work.principal.lots & set(flag.lots):
        raise NotFound
    return flag


def in_sight(work: UnitOfWork) -> ColumnElement[bool]:
    """Return all flags; for an evaluator those that concern its lots."""
    if work.principal.lot_scope is None:
        return true()
    listed = type_coerce(Flag.lots, Text)  # a list of ids as canonical JSON
    return or_(false(), *(listed.contains(f'"{lot}"', autoescape=True) for lot in sorted(work.principal.lots)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filter of the flags to list; None: no filter."""

    state: State | None = None
    strength: Strength | None = None
    code: str | None = None
    current: bool | None = None


def listing(work: UnitOfWork, tender_id: str, wanted: Wanted) -> Select[Flag]:
    """List the flags of a tender that match the filter."""
    procedure_of(work, tender_id)
    columns = {
        Flag.state: wanted.state,
        Flag.strength: wanted.strength,
        Flag.code: wanted.code,
        Flag.current: wanted.current,
    }
    conditions = (column == value for column, value in columns.items() if value is not None)
    return select(Flag).where(Flag.tender_id == tender_id, in_sight(work), *conditions)


def shown(work: UnitOfWork, flag: Flag) -> FlagOut:
    """Return a flag with its history."""
    return FlagOut.of(flag, earlier_of(work, flag))


def earlier_of(work: UnitOfWork, flag: Flag) -> list[Earlier]:
    """Return flags in other tenders about two or more of its subjects; a practice tender and a real one show each other
    nothing.
    """
    again = (
        select(FlagSubject.flag_id)
        .join(Flag, Flag.id == FlagSubject.flag_id)
        .where(FlagSubject.organization_id.in_(flag.subjects), Flag.tender_id != flag.tender_id)
        .group_by(FlagSubject.flag_id)
        .having(func.count() > 1)
    )
    query = select(Flag).where(Flag.id.in_(again), in_sight(work)).order_by(Flag.id.desc())
    rows = islice(
        (row for row in work.session.scalars(query) if is_practice(row.tender_id) == is_practice(flag.tender_id)),
        _MOST_EARLIER,
    )
    return [
        Earlier(
            flag=row.id,
            tender_id=row.tender_id,
            code=row.code,
            strength=Strength(row.strength),
            state=State(row.state),
            subjects=sorted(set(row.subjects) & set(flag.subjects)),
            created_at=row.created_at,
        )
        for row in rows
    ]


def dispositions(flag: Flag) -> Select[Disposition]:
    """List all dispositions of a flag."""
    return select(Disposition).where(Disposition.flag_id == flag.id)


def dispose(work: UnitOfWork, flag: Flag, body: DispositionIn) -> Disposition:
    """Record an officer's decision to confirm or dismiss a flag, based on its current evidence."""
    if body.evidence_hash != flag.evidence_hash:
        raise EvidenceChanged
    before = _facts(flag)
    number = work.session.scalar(select(func.max(Disposition.number)).where(Disposition.flag_id == flag.id))
    row = Disposition(
        flag_id=flag.id,
        number=(number or 0) + 1,
        finding=body.finding,
        reason=body.reason,
        decided_by=work.principal.id,
        evidence_hash=flag.evidence_hash,
        evidence=flag.finding["identities"],
    )
    work.session.add(row)
    flag.state = State(body.finding).value
    work.session.flush()
    after = {**_facts(flag), "reason": body.reason}
    work.record(Event.OFFICER_FLAG_DISPOSE, subject=flag.id, tender=flag.tender_id, before=before, after=after)
    return row


def put_own_documents(work: UnitOfWork, tender_id: str, documents: Iterable[str], reason: str) -> list[str]:
    """Set the tender's own documents, with the reason; they replace those named before. A bidder's file is refused."""
    procedure_of(work, tender_id)
    wanted = dict.fromkeys(documents)
    for position, document_id in enumerate(wanted):
        try:
            owner = document_of(work, document_id).organization_id
        except NotFound:
            fault = Fault("unknown_document", "An uploaded document is expected", f"/documents/{position}")
            raise Invalid(faults=[fault]) from None
        if owner is not None:
            fault = Fault("bidder_document", "A bidder's document is not the tender's own", f"/documents/{position}")
            raise Invalid(faults=[fault])
    before = own_documents(work, tender_id)
    for row in work.session.scalars(select(TenderDocument).where(TenderDocument.tender_id == tender_id)):
        work.session.delete(row)
    work.session.flush()
    work.session.add_all(TenderDocument(tender_id=tender_id, document_id=one) for one in wanted)
    work.session.flush()
    after = sorted(wanted)
    changed = {"documents": after, "reason": reason}
    work.record(Event.OFFICER_TENDER_DOCUMENTS_PUT, subject=tender_id, tender=tender_id, before=before, after=changed)
    return after


def own_documents(work: UnitOfWork, tender_id: str) -> list[str]:
    """Return the tender's own documents."""
    procedure_of(work, tender_id)
    query = select(TenderDocument.document_id).where(TenderDocument.tender_id == tender_id)
    return sorted(work.session.scalars(query))
