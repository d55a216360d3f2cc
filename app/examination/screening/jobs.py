"""Batch screening as a job: about 200 screenings at a time, each chunk committed with its progress and resumable."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.core.eligibility.screening import Assurance
from app.core.staff.sharing import shared_facts
from app.examination.screening.case_building import (
    Setting,
    checked,
    inline_case,
    shared_of,
    tender_case,
    tender_setting,
)
from app.examination.screening.rules import preset_rules
from app.examination.screening.service import Subject, record
from app.examination.screening.tables import ScreeningBatch, ScreeningRun
from app.platform.jobs.run import JobRun
from app.platform.unit_of_work import UnitOfWork

CHUNK = 200


def run_batch(run: JobRun) -> dict[str, Any]:
    """Screen every subject of a batch; the result counts verdicts."""
    batch_id = str(run.payload["batch"])
    with run.platform.work(run.principal) as work:
        inputs = work.get(ScreeningBatch, batch_id).inputs
        cases = _TenderCases(work, inputs) if inputs.get("tender") else _InlineCases(work, inputs)
    for start in range(run.checkpoint.get("next", 0), cases.count, CHUNK):
        end = min(start + CHUNK, cases.count)
        with run.chunk(done=end, total=cases.count, checkpoint={"next": end}) as work:
            for position in range(start, end):
                cases.record(work, batch_id, position)
    with run.platform.work(run.principal) as work:
        return {"batch": batch_id, "verdicts": _verdicts(work, batch_id)}


def _verdicts(work: UnitOfWork, batch_id: str) -> dict[str, int]:
    query = (
        select(ScreeningRun.verdict, func.count())
        .where(ScreeningRun.batch_id == batch_id)
        .group_by(ScreeningRun.verdict)
    )
    return {row[0]: row[1] for row in work.session.execute(query)}


class _TenderCases:
    """Organizations within a tender, cross-checked with all participants."""

    def __init__(self, work: UnitOfWork, inputs: dict[str, Any]) -> None:
        self._tender = inputs["tender"]
        self._organizations: list[str] = inputs["organizations"]
        self._setting = tender_setting(work, self._tender, _day(inputs), _assurance(inputs))
        self._shared = shared_of(work, self._tender, inputs["participants"], self._setting)
        self.count = len(self._organizations)

    def record(self, work: UnitOfWork, batch_id: str, position: int) -> None:
        """Screen one organization."""
        organization = self._organizations[position]
        case = tender_case(work, organization, self._setting, self._shared[organization])
        record(work, Subject(organization, self._tender, organization, batch_id, position), case, self._setting.rules)


class _InlineCases:
    """Dossiers sent with the request, cross-checked with one another."""

    def __init__(self, work: UnitOfWork, inputs: dict[str, Any]) -> None:
        self._dossiers: list[dict[str, Any]] = inputs["dossiers"]
        self._setting = Setting(
            preset_rules(inputs["policy"]), date.fromisoformat(inputs["asOf"]), Assurance(inputs["assurance"])
        )
        dossiers = [checked(one["dossier"], "/dossier").facts for one in self._dossiers]
        self._shared = shared_facts(dossiers, self._setting.policy, self._setting.as_of)
        self.count = len(self._dossiers)

    def record(self, work: UnitOfWork, batch_id: str, position: int) -> None:
        """Screen one dossier."""
        one = self._dossiers[position]
        case = inline_case(work, one["dossier"], self._setting, self._shared[position])
        subject = Subject(one["name"], batch_id=batch_id, batch_position=position)
        record(work, subject, case, self._setting.rules)


def _day(inputs: dict[str, Any]) -> date | None:
    return date.fromisoformat(inputs["asOf"]) if inputs.get("asOf") else None


def _assurance(inputs: dict[str, Any]) -> Assurance | None:
    return Assurance(inputs["assurance"]) if inputs.get("assurance") else None
