"""Jobs on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field
from sqlalchemy import Row

from app.platform.jobs.tables import Job
from app.platform.web.schema import Output, Shaped


class JobError(Output):
    """Why a job failed, or why its last attempt did."""

    code: str
    detail: str | None


class JobResult(Output):
    """What a finished job states, by its kind.

    `credit.import`: snapshot, state, rows, badRows, fault. `documents.extract`: documents. `screening.batch`: batch,
    verdicts. `integrity.compute`: leads, new, reopened, gone. `contracts.lateness`: proposed.
    `privacy.retention`: ended, subjects. `instance.backup`: archive, bytes, dropped. `files.unfinished`: removed.
    `credit.age`: days (of the newest snapshot of each list), outdated.
    """

    snapshot: str | None = None
    state: str | None = None
    rows: int | None = None
    bad_rows: int | None = None
    fault: str | None = None
    documents: int | None = None
    batch: str | None = None
    verdicts: dict[str, int] | None = None
    leads: int | None = None
    new: int | None = None
    reopened: int | None = None
    gone: int | None = None
    proposed: int | None = None
    ended: int | None = None
    subjects: list[str] | None = None
    archive: str | None = None
    bytes: int | None = None
    dropped: list[str] | None = None
    removed: int | None = None
    days: dict[str, int] | None = None
    outdated: list[str] | None = None


class JobOut(Output):
    """A job with its state and progress."""

    id: str
    kind: str
    state: str
    done: int
    total: int | None
    result: Annotated[Any, Shaped(JobResult | None)]
    error: JobError | None
    attempts: int
    due_at: Annotated[datetime | None, Field(description="Not run before: the pause after a passing failure")]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, job: Job | Row[Any]) -> Self:
        """Build from its row, or the columns of it that are shown."""
        return cls(
            id=job.id,
            kind=job.kind,
            state=job.state,
            done=job.done,
            total=job.total,
            result=job.result,
            error=JobError(code=job.error_code, detail=job.error_detail) if job.error_code else None,
            attempts=job.attempts,
            due_at=job.due_at,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
        )
