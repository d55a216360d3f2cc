"""Screenings: facts collected, judged by the core, stored with everything a replay needs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from app.bidders.dossiers.service import dossier_of
from app.core.eligibility.screening import Assurance
from app.core.facts.policy import Policy
from app.core.procedure.tender_state import TenderState
from app.core.values.canonical import canonical_json
from app.core.values.engine_version import ENGINE_VERSION
from app.examination.participants.service import join, participants
from app.examination.reviews.citing import require_citable
from app.examination.screening.case_building import (
    Setting,
    checked,
    inline_case,
    shared_of,
    tender_case,
    tender_setting,
)
from app.examination.screening.inputs import Inputs, inputs_json, inputs_of
from app.examination.screening.judging import judge
from app.examination.screening.rules import DEFAULT_POLICY, Rules, preset_rules
from app.examination.screening.schemas import BatchIn, ScreeningIn
from app.examination.screening.tables import ScreeningBatch, ScreeningPolicy, ScreeningRun
from app.platform.access.masking import masked_facts
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import is_practice, new_id
from app.platform.jobs.enqueue import enqueue
from app.platform.jobs.schemas import JobOut
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.policies.loader import policy_of
from app.tendering.tenders.service import is_in, tenders_in

BEFORE_OPENING = (TenderState.DRAFT, TenderState.TENDERING)
BATCH_JOB = "screening.batch"


@dataclass(frozen=True, slots=True)
class Subject:
    """The organization a screening is about, and the objects it belongs to."""

    name: str
    tender_id: str | None = None
    organization_id: str | None = None
    batch_id: str | None = None
    batch_position: int | None = None
    review_id: str | None = None


def create(work: UnitOfWork, asked: ScreeningIn) -> ScreeningRun:
    """Screen one organization within a tender (cross-checked with all participants), or one dossier alone."""
    if asked.tender is None or asked.organization is None:
        return _create_alone(work, asked)
    # All rosters of a tender are loaded and compared before the first write: SQLite's lock is not held meanwhile.
    with work.platform.reading(work.principal) as reader:
        setting = tender_setting(reader, asked.tender, asked.as_of, asked.assurance)
        dossier_of(reader, asked.organization)
        everyone = sorted(participants(reader, asked.tender) | {asked.organization})
        shared = shared_of(reader, asked.tender, everyone, setting)[asked.organization]
        case = tender_case(reader, asked.organization, setting, shared)
    tender_setting(work, asked.tender, asked.as_of, asked.assurance)  # the state may have changed meanwhile
    require_citable(work, asked.review, asked.tender, asked.organization)
    join(work, asked.tender, [asked.organization])
    subject = Subject(asked.organization, asked.tender, asked.organization, review_id=asked.review)
    return record(work, subject, case, setting.rules)


def _create_alone(work: UnitOfWork, asked: ScreeningIn) -> ScreeningRun:
    assert asked.dossier is not None and asked.as_of is not None  # guaranteed by the schema
    setting = Setting(preset_rules(asked.policy or DEFAULT_POLICY), asked.as_of, asked.assurance or Assurance.DECLARED)
    data = asked.dossier.model_dump(mode="json", by_alias=True, exclude_unset=True)
    case = inline_case(work, data, setting)
    return record(work, Subject("dossier"), case, setting.rules)


def create_batch(work: UnitOfWork, asked: BatchIn) -> JobOut:
    """Queue a batch as a job; invalid input is rejected before the job starts."""
    inputs = _tender_inputs(work, asked) if asked.tender is not None else _inline_inputs(asked)
    batch = ScreeningBatch(inputs=inputs)
    work.session.add(batch)
    work.session.flush()
    work.record(Event.OFFICER_SCREENING_BATCH, subject=batch.id, tender=asked.tender)
    return JobOut.of(enqueue(work, BATCH_JOB, {"batch": batch.id}, tender=asked.tender))


def _tender_inputs(work: UnitOfWork, asked: BatchIn) -> dict[str, object]:
    assert asked.tender is not None
    tender_setting(work, asked.tender, asked.as_of, asked.assurance)
    participants = join(work, asked.tender, asked.organizations or [])
    organizations = list(dict.fromkeys(asked.organizations or participants))
    if not organizations:
        fault = Fault(
            "no_participants", "Organizations are expected: none has been screened in this tender", "/organizations"
        )
        raise Invalid(faults=[fault])
    return {
        "tender": asked.tender,
        "organizations": organizations,
        "participants": participants,
        "asOf": asked.as_of.isoformat() if asked.as_of else None,
        "assurance": asked.assurance,
    }


def _inline_inputs(asked: BatchIn) -> dict[str, object]:
    assert asked.dossiers is not None and asked.as_of is not None
    policy = asked.policy or DEFAULT_POLICY
    preset_rules(policy)
    for position, one in enumerate(asked.dossiers):
        checked(one.dossier, f"/dossiers/{position}/dossier")
    return {
        "dossiers": [{"name": one.name, "dossier": one.dossier} for one in asked.dossiers],
        "policy": policy,
        "asOf": asked.as_of.isoformat(),
        "assurance": asked.assurance or Assurance.DECLARED,
    }


def record(work: UnitOfWork, subject: Subject, inputs: Inputs, rules: Rules) -> ScreeningRun:
    """Judge a case and store the run."""
    line = judge(inputs.case, rules.policy, subject.name)
    result = json.loads(line)
    _keep_policy(work, rules)
    run = ScreeningRun(
        id=new_id(ScreeningRun.ID_PREFIX),
        tender_id=subject.tender_id,
        organization_id=subject.organization_id,
        batch_id=subject.batch_id,
        batch_position=subject.batch_position,
        review_id=subject.review_id,
        name=masked_facts(inputs.dossier.facts.organization.name),
        policy_id=rules.policy.id,
        policy_sha256=rules.policy.sha256,
        as_of=inputs.as_of,
        assurance=inputs.assurance.value,
        verdict=result["verdict"],
        score=result["score"],
        engine_version=ENGINE_VERSION,
        input_hash=result["inputHash"],
        result_hash=result["resultHash"],
        created_by=work.principal.id,
        inputs={"name": subject.name, **inputs_json(inputs)},
    )
    head = {
        "id": run.id,
        "tenderId": subject.tender_id,
        "practice": is_practice(subject.tender_id),
        "createdAt": work.now.isoformat(),
    }
    run.result = (canonical_json(head)[:-1] + b"," + line[1:]).decode()
    work.session.add(run)
    work.session.flush()
    work.record(
        Event.OFFICER_SCREENING_CREATE,
        subject=run.id,
        tender=subject.tender_id,
        after={
            "verdict": run.verdict,
            "inputHash": run.input_hash,
            "resultHash": run.result_hash,
            **({"review": run.review_id} if run.review_id else {}),
        },
    )
    return run


def _keep_policy(work: UnitOfWork, rules: Rules) -> None:
    """Store the document once; if two requests both find it missing, the primary key decides."""
    if work.session.get(ScreeningPolicy, rules.policy.sha256) is None:
        with work.session.begin_nested():
            work.session.merge(ScreeningPolicy(sha256=rules.policy.sha256, document=rules.document))


class ScreeningWithheld(Conflict):
    """A bidder reads its screenings of a tender once the bids are opened: until then they would tell who works for another
    bidder.
    """

    code, title = "screening_withheld", "Screening not disclosed to the bidder before the opening"


def find(work: UnitOfWork, screening_id: str) -> ScreeningRun:
    """Return a screening; a bidder finds its own only, ScreeningWithheld before the opening."""
    run = work.get(ScreeningRun, screening_id)
    work.principal.require_organization(run.organization_id)
    _require_disclosed(work, run.tender_id)
    return run


def _require_disclosed(work: UnitOfWork, tender_id: str | None) -> None:
    if work.principal.role is Role.BIDDER and tender_id is not None and is_in(work, tender_id, BEFORE_OPENING):
        raise ScreeningWithheld


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A stored result: its bytes as text, and its hash."""

    id: str
    result: str
    result_hash: str


def stored_result(work: UnitOfWork, screening_id: str) -> StoredResult:
    """Return the result alone, by one statement; a bidder finds its own only."""
    row = work.row(_RESULT, id=screening_id)
    if row is None:
        raise NotFound
    work.principal.require_organization(row.organization_id)
    _require_disclosed(work, row.tender_id)
    return StoredResult(screening_id, row.result, row.result_hash)


_RESULT = select(
    ScreeningRun.result, ScreeningRun.result_hash, ScreeningRun.organization_id, ScreeningRun.tender_id
).where(ScreeningRun.id == bindparam("id"))


def listing(
    work: UnitOfWork, *, tender: str | None, organization: str | None, batch: str | None, verdict: str | None
) -> Select[Any]:
    """List the screenings that match; a bidder sees its own only, once the bids are opened."""
    scope = work.principal.organization_scope
    wanted = {
        ScreeningRun.tender_id: tender,
        ScreeningRun.batch_id: batch,
        ScreeningRun.verdict: verdict,
    }
    query = select(ScreeningRun)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    for value in (organization, scope):
        if value is not None:
            query = query.where(ScreeningRun.organization_id == value)
    if scope is not None:
        query = query.where(
            or_(ScreeningRun.tender_id.is_(None), ScreeningRun.tender_id.not_in(tenders_in(BEFORE_OPENING)))
        )
    return query


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored screening and the result recomputed from its input."""

    run: ScreeningRun
    result: Mapping[str, Any]


def replay(work: UnitOfWork, screening_id: str) -> Replayed:
    """Recompute the result from the stored input and the stored policy."""
    run = find(work, screening_id)
    line = judge(inputs_of(run.inputs).case, stored_policy(work, run), run.inputs["name"])
    return Replayed(run, json.loads(line))


def stored_policy(work: UnitOfWork, run: ScreeningRun) -> Policy:
    """Return the policy that a screening was judged by."""
    return policy_of(work.session.get_one(ScreeningPolicy, run.policy_sha256).document, run.policy_id)
