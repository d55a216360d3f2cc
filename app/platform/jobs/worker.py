"""Workers: threads that lease jobs, run their handlers, renew the lease and record the outcome."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

from app.core.procedure.state_machine import StepRefused
from app.platform.access.roles import Principal, Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from app.platform.jobs.lease import LeaseLost, SteppedAside, finish, hold, take
from app.platform.jobs.run import Handler, JobRun
from app.platform.jobs.tables import Job
from app.platform.problems import Problem, step_problem
from app.platform.unit_of_work import Platform

LOOK_SECONDS = 1.0  # maximum delay before rows of other processes are found
log = structlog.get_logger("bidscreen.jobs")


class Worker:
    """Runs jobs one at a time."""

    def __init__(self, platform: Platform, handlers: Mapping[str, Handler]) -> None:
        self._platform = platform
        self._handlers = handlers
        self._name = new_id("wrk")

    def run_one(self) -> bool:
        """Lease one job and run it; False if there is none."""
        job = self._take()
        if job is None:
            return False
        try:
            with self._heartbeat(job.id):
                self._end(job, self._outcome(job))
        except SteppedAside:
            self._put_back(job)
        except LeaseLost:
            log.warning("lease lost", job=job.id)
        return True

    def run(self, stop: threading.Event) -> None:
        """Run jobs until `stop` is set; the current job is finished first."""
        while not stop.is_set():
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
            return take(work.session, self._name, work.now, settings.job_lease_seconds, each=each)

    def _put_back(self, job: Job) -> None:
        with self._platform.work() as work:
            finish(work.session, job.id, self._name, {"state": "queued", "attempts": job.attempts - 1})

    def _outcome(self, job: Job) -> dict[str, Any]:
        handler = self._handlers.get(job.kind)
        if handler is None:
            return _failed("unknown_job", "no handler for this kind of job")
        if job.attempts > self._platform.settings.job_attempts:
            return _failed("too_many_attempts", "the job's workers stopped responding too often")
        try:
            return {"state": "succeeded", "result": handler(JobRun(self._platform, job, self._name))}
        except (LeaseLost, SteppedAside):
            raise
        except StepRefused as refused:
            problem = step_problem(refused)
            return _failed(problem.code, str(problem.detail))
        except Problem as problem:
            return _failed(problem.code, str(problem.detail))
        except Exception:
            log.exception("job failed", job=job.id, kind=job.kind)
            return _failed("internal", "the job failed; search the log for its id")

    def _end(self, job: Job, outcome: dict[str, Any]) -> None:
        actor = Principal(job.principal_id, Role(job.principal_role), job.organization_id)
        with self._platform.work(actor, request_id=job.request_id) as work:
            finish(work.session, job.id, self._name, {**outcome, "finished_at": work.now})
            event = Event.WORKER_JOB_FINISH if outcome["state"] == "succeeded" else Event.WORKER_JOB_FAIL
            work.record(event, subject=job.id, after={"kind": job.kind, "error": outcome.get("error_code")})

    @contextmanager
    def _heartbeat(self, job_id: str) -> Iterator[None]:
        ended = threading.Event()
        beat = threading.Thread(target=self._beat, args=(job_id, ended), daemon=True)
        beat.start()
        try:
            yield
        finally:
            ended.set()
            beat.join()

    def _beat(self, job_id: str, ended: threading.Event) -> None:
        seconds = self._platform.settings.job_lease_seconds
        while not ended.wait(seconds / 3):
            try:
                with self._platform.work() as work:
                    hold(work.session, job_id, self._name, work.now, seconds)
            except LeaseLost:
                return
            except Exception:  # noqa: BLE001  a missed beat is made up for by the next
                log.warning("heartbeat missed", job=job_id)


class Workers:
    """The embedded workers of a process."""

    def __init__(self, platform: Platform, handlers: Mapping[str, Handler], count: int) -> None:
        self._platform = platform
        self._stop = threading.Event()
        workers = [Worker(platform, handlers) for _ in range(count)]
        self._threads = [threading.Thread(target=one.run, args=(self._stop,), name="job-worker") for one in workers]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Stop the workers; a job still running after `seconds` is left to the next lease."""
        self._stop.set()
        self._platform.queue.wake()
        for thread in self._threads:
            thread.join(seconds)


def _failed(code: str, detail: str) -> dict[str, Any]:
    return {"state": "failed", "error_code": code, "error_detail": detail[:1000]}
