"""Workers: threads that lease jobs, run their handlers and record the outcome."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

from app.platform.access.roles import Principal, Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from app.platform.jobs.duties import Duties
from app.platform.jobs.heartbeat import Heartbeat
from app.platform.jobs.kinds import JobKind
from app.platform.jobs.lease import LeaseLost, Reach, SteppedAside, finish, take
from app.platform.jobs.outcome import Fault, after_fault, fault_of
from app.platform.jobs.run import JobRun
from app.platform.jobs.tables import Job
from app.platform.unit_of_work import Platform, UnitOfWork

LOOK_SECONDS = 1.0  # maximum delay before rows of other processes are found
log = structlog.get_logger("bidscreen.jobs")
_UNKNOWN = Fault("unknown_job", "no handler for this kind of job")
_SILENT = Fault("too_many_attempts", "the job's workers stopped responding too often", passing=True)
_UNEXPECTED = Fault("internal", "the job failed; search the log for its id")


class Worker:
    """Runs jobs one at a time."""

    def __init__(
        self,
        platform: Platform,
        kinds: Mapping[str, JobKind],
        *,
        only: tuple[str, ...] | None = None,
        stop: threading.Event | None = None,
        heartbeat: Heartbeat | None = None,
    ) -> None:
        self._platform = platform
        self._kinds = kinds
        self._only = only
        self._stop = stop or threading.Event()
        self._heartbeat = heartbeat or Heartbeat(platform)
        self._name = new_id("wrk")

    def run_one(self) -> bool:
        """Lease one job and run it; False if there is none."""
        job = self._take()
        if job is None:
            return False
        try:
            with self._heartbeat.of(job.id, self._name):
                self._run(job)
        except SteppedAside:
            self._put_back(job)
        except LeaseLost:
            log.warning("lease lost", job=job.id)
        return True

    def run(self) -> None:
        """Run jobs until `stop` is set; the current job goes back to the queue at its next chunk."""
        while not self._stop.is_set():
            try:
                busy = self.run_one()
            except Exception:
                log.exception("worker could not work")
                busy = False
            if not busy:
                self._platform.queue.wait(LOOK_SECONDS)

    def _take(self) -> Job | None:
        settings = self._platform.settings
        each = settings.jobs - 1 if settings.jobs > 1 else None  # one worker is kept for other bidders
        with self._platform.work() as work:
            return take(work.session, self._name, work.now, settings.job_lease_seconds, Reach(self._only, each))

    def _put_back(self, job: Job) -> None:
        with self._platform.work() as work:
            finish(work.session, job.id, self._name, {"state": "queued", "attempts": job.attempts - 1})

    def _run(self, job: Job) -> None:
        try:
            result = self._result(job)
        except (LeaseLost, SteppedAside):
            raise
        except _Refused as refused:
            self._fail(job, refused.fault)
        except Exception as error:
            fault = fault_of(error)
            if fault is None:
                log.exception("job failed", job=job.id, kind=job.kind)
            elif fault.passing:
                log.warning("job is tried again later", job=job.id, kind=job.kind, code=fault.code)
            self._fail(job, fault or _UNEXPECTED)
        else:
            self._succeed(job, result)

    def _result(self, job: Job) -> dict[str, Any] | None:
        if job.kind not in self._kinds:
            raise _Refused(_UNKNOWN)
        if job.failures >= self._platform.settings.job_attempts:
            raise _Refused(_SILENT)
        return self._kinds[job.kind].run(JobRun(self._platform, job, self._name, self._only, self._stop))

    def _succeed(self, job: Job, result: dict[str, Any] | None) -> None:
        with self._ending(job) as work:
            ended = {"state": "succeeded", "result": result, "finished_at": work.now}
            finish(work.session, job.id, self._name, {**ended, "error_code": None, "error_detail": None})
            work.record(Event.WORKER_JOB_FINISH, subject=job.id, after={"kind": job.kind, "error": None})

    def _fail(self, job: Job, fault: Fault) -> None:
        with self._ending(job) as work:
            failures = work.session.get_one(Job, job.id).failures + 1  # a chunk may have reset it
            values = after_fault(fault, failures, self._platform.settings.job_attempts, work.now)
            finish(work.session, job.id, self._name, values)
            if values["state"] == "queued":
                return
            if job.kind in self._kinds:
                self._kinds[job.kind].abandon(work, job.payload)
            work.record(Event.WORKER_JOB_FAIL, subject=job.id, after={"kind": job.kind, "error": fault.code})

    @contextmanager
    def _ending(self, job: Job) -> Iterator[UnitOfWork]:
        actor = Principal(job.principal_id, Role(job.principal_role), job.organization_id)
        with self._platform.work(actor, request_id=job.request_id) as work:
            yield work


class Workers:
    """The workers of a process, and the thread that queues the duties of the day; `only`: jobs of these kinds alone."""

    def __init__(
        self, platform: Platform, kinds: Mapping[str, JobKind], count: int, *, only: tuple[str, ...] | None = None
    ) -> None:
        self._platform = platform
        self._stop = threading.Event()
        heartbeat = Heartbeat(platform)
        workers = [Worker(platform, kinds, only=only, stop=self._stop, heartbeat=heartbeat) for _ in range(count)]
        self._threads = [threading.Thread(target=one.run, name="job-worker") for one in workers]
        if workers:
            duties = Duties(platform, kinds)
            self._threads.append(threading.Thread(target=duties.run, args=(self._stop,), name="job-duties"))

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Stop the workers; jobs go back to the queue at their next chunk, later ones are left to the next lease."""
        self._stop.set()
        self._platform.queue.wake()
        for thread in self._threads:
            thread.join(seconds)


class _Refused(Exception):
    """The job is not run at all."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault
