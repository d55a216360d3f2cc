"""What the screening routes do: one screening, or a batch handed to a job."""

from app.core.eligibility.screening import Assurance
from app.examination.participants.service import join
from app.examination.reviews.citing import require_citable
from app.examination.screening.case_building import (
    Setting,
    checked,
    inline_case,
    shared_of,
    tender_case,
    tender_setting,
)
from app.examination.screening.jobs import BATCH_JOB
from app.examination.screening.schemas import BatchIn, ScreeningIn
from app.examination.screening.service import Subject, preset_rules, record
from app.examination.screening.tables import ScreeningBatch, ScreeningRun
from app.platform.audit.events import Event
from app.platform.jobs.enqueue import enqueue
from app.platform.jobs.schemas import JobOut
from app.platform.problems import Fault, Invalid
from app.platform.unit_of_work import UnitOfWork

DEFAULT_POLICY = "suzhou-current"


def create(work: UnitOfWork, asked: ScreeningIn) -> ScreeningRun:
    """Screen one: within a tender (cross-checked with all that take part), or a dossier alone."""
    if asked.tender is None or asked.organization is None:
        return _create_alone(work, asked)
    setting = tender_setting(work, asked.tender, asked.as_of, asked.assurance)
    require_citable(work, asked.review, asked.tender, asked.organization)
    participants = join(work, asked.tender, [asked.organization])
    shared = shared_of(work, asked.tender, participants, setting.as_of)[asked.organization]
    case = tender_case(work, asked.organization, setting, shared)
    subject = Subject(asked.organization, asked.tender, asked.organization, review_id=asked.review)
    return record(work, subject, case, setting.rules)


def _create_alone(work: UnitOfWork, asked: ScreeningIn) -> ScreeningRun:
    assert asked.dossier is not None and asked.as_of is not None  # the schema saw to it
    setting = Setting(preset_rules(asked.policy or DEFAULT_POLICY), asked.as_of, asked.assurance or Assurance.DECLARED)
    data = asked.dossier.model_dump(mode="json", by_alias=True, exclude_unset=True)
    case = inline_case(work, data, setting)
    return record(work, Subject("dossier"), case, setting.rules)


def create_batch(work: UnitOfWork, asked: BatchIn) -> JobOut:
    """Hand a batch to a job; everything that can be refused is refused now."""
    inputs = _tender_inputs(work, asked) if asked.tender is not None else _inline_inputs(asked)
    batch = ScreeningBatch(inputs=inputs)
    work.session.add(batch)
    work.session.flush()
    work.record(Event.OFFICER_SCREENING_BATCH, subject=batch.id, tender=asked.tender)
    return JobOut.of(enqueue(work, BATCH_JOB, {"batch": batch.id}))


def _tender_inputs(work: UnitOfWork, asked: BatchIn) -> dict[str, object]:
    assert asked.tender is not None
    tender_setting(work, asked.tender, asked.as_of, asked.assurance)
    participants = join(work, asked.tender, asked.organizations or [])
    organizations = list(dict.fromkeys(asked.organizations or participants))
    if not organizations:
        fault = Fault(
            "no_participants", "Organizations are expected: nobody has been screened in this tender", "/organizations"
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
