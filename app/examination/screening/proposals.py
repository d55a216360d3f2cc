"""A screening's proposal, as the officer's decision cites it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.core.facts.outcome import Verdict
from app.examination.screening.tables import ScreeningRun
from app.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Proposal:
    """A screening within a tender; `newest`: no later screening of the same organization in the tender."""

    screening_id: str
    tender_id: str | None
    organization_id: str | None
    verdict: Verdict
    newest: bool


def proposal_of(work: UnitOfWork, screening_id: str) -> Proposal | None:
    """Return the proposal of a screening; None where there is no such screening."""
    run = work.session.get(ScreeningRun, screening_id)
    if run is None:
        return None
    last = select(func.max(ScreeningRun.id)).where(
        ScreeningRun.tender_id == run.tender_id, ScreeningRun.organization_id == run.organization_id
    )
    newest = work.session.scalar(last) == run.id
    return Proposal(run.id, run.tender_id, run.organization_id, Verdict(run.verdict), newest)


@dataclass(frozen=True, slots=True)
class Reviewable:
    """A screening that its bidder may ask to have reviewed: its organization, its author, the requirements it answers."""

    organization_id: str | None
    created_by: str
    requirements: frozenset[str]


def reviewable(work: UnitOfWork, screening_id: str, tender_id: str) -> Reviewable | None:
    """Return a screening within a tender; None where there is none."""
    run = work.session.get(ScreeningRun, screening_id)
    if run is None or run.tender_id != tender_id:
        return None
    known = frozenset(str(one["id"]) for one in json.loads(run.result).get("requirements", ()))
    return Reviewable(run.organization_id, run.created_by, known)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest screening of an organization in a tender; `result` is its result line as text."""

    screening_id: str
    verdict: Verdict
    as_of: date
    created_at: datetime
    result: str


def newest_results(work: UnitOfWork, tender_id: str) -> dict[str, Newest]:
    """Return the newest screening of each organization that was screened in a tender, in one statement."""
    newest = (
        select(func.max(ScreeningRun.id))
        .where(ScreeningRun.tender_id == tender_id, ScreeningRun.organization_id.is_not(None))
        .group_by(ScreeningRun.organization_id)
    )
    query = select(
        ScreeningRun.organization_id,
        ScreeningRun.id,
        ScreeningRun.verdict,
        ScreeningRun.as_of,
        ScreeningRun.created_at,
        ScreeningRun.result,
    ).where(ScreeningRun.id.in_(newest))
    return {
        str(row.organization_id): Newest(row.id, Verdict(row.verdict), row.as_of, row.created_at, row.result)
        for row in work.session.execute(query)
    }


def results_by_id(work: UnitOfWork, screenings: Collection[str]) -> dict[str, str]:
    """Return the result lines of screenings as text by id, in one statement; unknown ids are omitted."""
    query = select(ScreeningRun.id, ScreeningRun.result).where(ScreeningRun.id.in_(screenings))
    return {row.id: row.result for row in work.session.execute(query)}


def screenings_citing(work: UnitOfWork, review_id: str) -> tuple[str, ...]:
    """Return the screenings that cite a review as their reason, oldest first."""
    query = select(ScreeningRun.id).where(ScreeningRun.review_id == review_id).order_by(ScreeningRun.id)
    return tuple(work.session.scalars(query))


def screenings_consulting(work: UnitOfWork, snapshot_id: str) -> list[Proposal]:
    """Return the screenings whose credit record uses a snapshot, oldest first."""
    query = select(ScreeningRun).where(ScreeningRun.result.contains(f'"snapshot":"{snapshot_id}"', autoescape=True))
    found = (proposal_of(work, run.id) for run in work.session.scalars(query.order_by(ScreeningRun.id)))
    return [proposal for proposal in found if proposal]
