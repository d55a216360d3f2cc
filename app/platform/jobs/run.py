"""One run of a job for its handler: the payload, the last checkpoint, and chunks that commit atomically."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from app.platform.access.roles import Principal, Role
from app.platform.jobs.lease import SteppedAside, hold, others_wait
from app.platform.jobs.tables import Job
from app.platform.unit_of_work import Platform, UnitOfWork

Handler = Callable[["JobRun"], dict[str, Any] | None]


class JobRun:
    """The argument of a handler. It acts as the principal who requested the job."""

    def __init__(
        self,
        platform: Platform,
        job: Job,
        worker: str,
        kinds: tuple[str, ...] | None = None,
        stop: Event | None = None,
    ) -> None:
        self.platform = platform
        self._kinds = kinds
        self._stop = stop
        self._job = job
        self.job_id = job.id
        self.payload: dict[str, Any] = job.payload
        self.checkpoint: dict[str, Any] = job.checkpoint
        self.principal = Principal(job.principal_id, Role(job.principal_role), job.organization_id)
        self._request_id = job.request_id
        self._worker = worker

    def step_aside(self) -> None:
        """Raise SteppedAside between two chunks if a job of another holder waits that the worker could run."""
        with self.platform.reading(self.principal) as work:
            if others_wait(work.session, self._job, self.platform.clock(), self._kinds):
                raise SteppedAside

    @contextmanager
    def chunk(self, *, done: int, total: int | None, checkpoint: dict[str, Any]) -> Iterator[UnitOfWork]:
        """Yield a unit of work that commits atomically with the progress and the checkpoint.

        Raises LeaseLost, with nothing written, if another worker has taken over the job; SteppedAside after the commit
        if the process is to stop and this was not the last chunk.
        """
        platform = self.platform
        with platform.work(self.principal, request_id=self._request_id) as work:
            yield work
            values: dict[str, Any] = {"done": done if total is None else min(done, total), "total": total}
            if self.checkpoint != checkpoint:
                values |= {"checkpoint": checkpoint, "failures": 0}
            now, lease = platform.clock(), platform.settings.job_lease_seconds
            hold(work.session, self.job_id, self._worker, now, lease, values)
        self.checkpoint = checkpoint
        if self._stop is not None and self._stop.is_set() and (total is None or done < total):
            raise SteppedAside
