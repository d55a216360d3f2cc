"""Screenings: facts gathered, judged by the core, stored with everything a replay needs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select

from app.core.eligibility.screening import screen
from app.core.facts.policy import Policy
from app.core.values.canonical import canonical_json
from app.core.values.engine_version import ENGINE_VERSION
from app.examination.screening.case import Case, case_json, case_of
from app.examination.screening.result import Named, input_hash, result_line
from app.examination.screening.tables import ScreeningPolicy, ScreeningRun
from app.platform.access.masking import masked_facts
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from app.platform.problems import Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.policies.loader import PolicyInvalid, parse_yaml, policy_of, preset, preset_text


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy with the document it was read from."""

    policy: Policy
    document: Any


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a screening is about, and what it belongs to."""

    name: str
    tender_id: str | None = None
    organization_id: str | None = None
    batch_id: str | None = None
    batch_position: int | None = None
    review_id: str | None = None


def judge(case: Case, policy: Policy, name: str) -> tuple[bytes, dict[str, Any]]:
    """The result line of a case, and the same as values."""
    facts, documents_hash = case.facts()
    organization = case.dossier.facts.organization
    hashed = input_hash(case.dossier_hash, facts, policy, documents_hash)
    named = Named(name, organization.name, organization.code)
    line = result_line(named, screen(facts, policy), facts, policy, hashed)
    return line, json.loads(line)


def record(work: UnitOfWork, subject: Subject, case: Case, rules: Rules) -> ScreeningRun:
    """Judge a case and store the run."""
    line, result = judge(case, rules.policy, subject.name)
    _keep_policy(work, rules)
    run = ScreeningRun(
        id=new_id(ScreeningRun.ID_PREFIX),
        tender_id=subject.tender_id,
        organization_id=subject.organization_id,
        batch_id=subject.batch_id,
        batch_position=subject.batch_position,
        review_id=subject.review_id,
        name=masked_facts(case.dossier.facts.organization.name),
        policy_id=rules.policy.id,
        policy_sha256=rules.policy.sha256,
        as_of=case.as_of,
        assurance=case.assurance.value,
        verdict=result["verdict"],
        score=result["score"],
        engine_version=ENGINE_VERSION,
        input_hash=result["inputHash"],
        result_hash=result["resultHash"],
        created_by=work.principal.id,
        inputs={"name": subject.name, **case_json(case)},
    )
    head = {"id": run.id, "tender": subject.tender_id, "createdAt": work.now.isoformat()}
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
    """Keep the document once; two requests that both find it missing are settled by the primary key."""
    if work.session.get(ScreeningPolicy, rules.policy.sha256) is None:
        with work.session.begin_nested():
            work.session.merge(ScreeningPolicy(sha256=rules.policy.sha256, document=rules.document))


def find(work: UnitOfWork, screening_id: str) -> ScreeningRun:
    """A screening; a bidder finds its own only."""
    run = work.get(ScreeningRun, screening_id)
    work.principal.require_organization(run.organization_id)
    return run


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result as it is served: its bytes as text, and its hash."""

    id: str
    result: str
    result_hash: str


def stored_result(work: UnitOfWork, screening_id: str) -> StoredResult:
    """The result alone, by one statement; a bidder finds its own only."""
    row = work.row(_RESULT, id=screening_id)
    if row is None:
        raise NotFound
    work.principal.require_organization(row.organization_id)
    return StoredResult(screening_id, row.result, row.result_hash)


_RESULT = select(ScreeningRun.result, ScreeningRun.result_hash, ScreeningRun.organization_id).where(
    ScreeningRun.id == bindparam("id")
)


def listing(
    work: UnitOfWork, *, tender: str | None, organization: str | None, batch: str | None, verdict: str | None
) -> Select[Any]:
    """The screenings that match; a bidder sees its own only."""
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
    return query


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored screening and what comes out of its input now."""

    run: ScreeningRun
    result: Mapping[str, Any]


def replay(work: UnitOfWork, screening_id: str) -> Replayed:
    """Compute the result again from the stored input and the stored policy."""
    run = find(work, screening_id)
    _, result = judge(case_of(run.inputs), stored_policy(work, run), run.inputs["name"])
    return Replayed(run, result)


def stored_policy(work: UnitOfWork, run: ScreeningRun) -> Policy:
    """The policy that a screening was judged by."""
    return policy_of(work.session.get_one(ScreeningPolicy, run.policy_sha256).document, run.policy_id)


def preset_rules(policy_id: str, pointer: str = "/policy") -> Rules:
    """A preset by its id; Invalid where there is none."""
    try:
        return Rules(preset(policy_id), parse_yaml(preset_text(policy_id), policy_id))
    except PolicyInvalid as error:
        faults = [Fault("policy", expected, pointer + place) for place, expected in error.errors]
        raise Invalid(faults=faults) from None
