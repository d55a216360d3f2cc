"""The carrier on PostgreSQL: procrastinate delivers a token for each job to the workers of any number of machines.

A token holds the job's id and nothing else. It is deferred in the transaction that makes the job, and whoever gets it
runs whichever job is next in turn until the token's own job has ended: the row of the job stays the truth, tokens may
come twice or late, and a sweep replaces those that were lost.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, cast

import procrastinate
import structlog
from procrastinate import SyncPsycopgConnector
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.platform.jobs.duties import Duties
from app.platform.jobs.heartbeat import Heartbeat
from app.platform.jobs.kinds import KINDS, JobKind, lanes_of
from app.platform.jobs.tables import Job
from app.platform.jobs.worker import Worker
from app.platform.unit_of_work import Platform

TASK = "bidscreen.job"
LOOK_SECONDS = 1.0  # tokens that wait for a time are looked for so often; new ones are notified
RESTART_SECONDS = 1.0
log = structlog.get_logger("bidscreen.jobs")
logging.getLogger("procrastinate").setLevel(logging.WARNING)
# Live jobs without a token: after a restore, or if a worker ended between two steps.
_LOST = text(
    "SELECT id, kind, priority FROM job WHERE state IN ('queued', 'running') AND created_at < :before AND NOT EXISTS "
    "(SELECT FROM procrastinate_jobs token WHERE token.status IN ('todo', 'doing') AND token.args->>'job' = job.id)"
)


class SharedQueue:
    """JobQueue on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def defer(self, session: Session, job: Job, at: datetime | None = None) -> None:
        """See unit_of_work.JobQueue.defer."""
        driver = session.connection().connection.driver_connection
        lane = KINDS[job.kind].lane if job.kind in KINDS else "other"
        options: dict[str, Any] = {"queue": lane, "priority": job.priority, "schedule_at": at, "connection": driver}
        self._tokens.configure_task(TASK, **options).defer(job=job.id)

    def wake(self) -> None:
        """See unit_of_work.JobQueue.wake; the database notifies the workers when the token is committed."""

    def wait(self, seconds: float) -> None:
        """See unit_of_work.JobQueue.wait."""
        threading.Event().wait(seconds)

    def workers(
        self, platform: Platform, kinds: Mapping[str, JobKind], count: int, only: tuple[str, ...] | None = None
    ) -> "SharedWorkers":
        """See unit_of_work.JobQueue.workers."""
        return SharedWorkers(platform, kinds, count, only)

    @cached_property
    def _tokens(self) -> procrastinate.App:
        return procrastinate.App(connector=SyncPsycopgConnector())  # never opened: each call brings its connection


class SharedWorkers:
    """The workers of a process: procrastinate's loop in a thread of its own, and a thread for each running job."""

    def __init__(
        self, platform: Platform, kinds: Mapping[str, JobKind], count: int, only: tuple[str, ...] | None
    ) -> None:
        self._platform, self._kinds, self._count, self._only = platform, kinds, count, only
        self._stop = threading.Event()
        self._duties, self._heartbeat = Duties(platform, kinds), Heartbeat(platform)
        self._threads: list[threading.Thread] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start; with no workers there is nothing to start."""
        if self._count:
            loop = threading.Thread(target=self._run, name="job-carrier", daemon=True)
            duties = threading.Thread(target=self._duties.run, args=(self._stop,), name="job-duties", daemon=True)
            self._threads = [loop, duties]
            for thread in self._threads:
                thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Stop; jobs go back to the queue at their next chunk, one still running after `seconds` is left to its lease."""
        self._stop.set()
        loop, main = self._loop, self._main
        if loop is not None and main is not None and not loop.is_closed():
            loop.call_soon_threadsafe(main.cancel)
        for thread in self._threads:
            thread.join(seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                asyncio.run(self._serve())
            except asyncio.CancelledError:
                return
            except Exception as error:  # noqa: BLE001  the database is away: the tokens wait there
                log.warning("the carrier of jobs starts again", error=type(error).__name__)
            self._stop.wait(RESTART_SECONDS)

    async def _serve(self) -> None:
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        lease = self._platform.settings.job_lease_seconds
        carrier, lanes = self._carrier(), lanes_of(self._kinds, self._only)
        queues: dict[str, Any] = {} if lanes is None else {"queues": lanes}
        async with carrier.open_async():
            sweep = asyncio.create_task(self._sweep(carrier, lease / 2))
            try:
                await carrier.run_worker_async(
                    **queues,
                    concurrency=self._count,
                    fetch_job_polling_interval=LOOK_SECONDS,
                    update_heartbeat_interval=lease / 6,
                    stalled_worker_timeout=lease / 2,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            finally:
                sweep.cancel()

    def _carrier(self) -> procrastinate.App:
        url = self._platform.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        # One connection listens, one keeps the heartbeat while others fetch and finish tokens.
        connector = procrastinate.PsycopgConnector(conninfo=url, min_size=2, max_size=4, timeout=10)
        carrier = procrastinate.App(connector=connector)

        async def run_token(job: str) -> None:
            await _in_thread(lambda: self._work_off(job))

        carrier.task(name=TASK, retry=procrastinate.RetryStrategy(wait=int(LOOK_SECONDS) + 1))(run_token)
        return carrier

    async def _sweep(self, carrier: procrastinate.App, seconds: float) -> None:
        """Deliver tokens again whose worker has died, and replace lost ones."""
        while True:
            try:
                for token in await carrier.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
                    await carrier.job_manager.retry_job(token, retry_at=datetime.now(UTC))
                await _in_thread(self._replace_lost)
            except Exception as error:  # noqa: BLE001  the next sweep makes up for it
                log.warning("jobs could not be swept", error=type(error).__name__)
            await asyncio.sleep(min(seconds, 10))

    def _replace_lost(self) -> None:
        platform = self._platform
        before = platform.clock() - timedelta(seconds=platform.settings.job_lease_seconds / 2)
        with platform.work() as work:
            for row in work.session.execute(_LOST, {"before": before}).all():
                platform.queue.defer(work.session, Job(id=row.id, kind=row.kind, priority=row.priority))

    def _work_off(self, job_id: str) -> None:
        """Run jobs in turn until the token's own job has ended or has to wait; then a new token waits for it."""
        stop, heartbeat = self._stop, self._heartbeat
        worker = Worker(self._platform, self._kinds, only=self._only, stop=stop, heartbeat=heartbeat)
        while (due := self._due(job_id)) is not None:
            now = self._platform.clock()
            if due > now or self._stop.is_set():
                return self._defer_again(job_id, due)
            if not worker.run_one():
                return self._defer_again(job_id, now + timedelta(seconds=LOOK_SECONDS))
        return None

    def _due(self, job_id: str) -> datetime | None:
        """Return when the job can run: when it is due, or when its lease ends; None if it has ended."""
        with self._platform.reading() as work:
            row = work.row(select(Job.state, Job.due_at, Job.lease_until, Job.created_at).where(Job.id == job_id))
        if row is None or row.state not in {"queued", "running"}:
            return None
        due: datetime | None = row.due_at if row.state == "queued" else row.lease_until
        return due or cast(datetime, row.created_at)

    def _defer_again(self, job_id: str, at: datetime) -> None:
        with self._platform.work() as work:
            self._platform.queue.defer(work.session, work.get(Job, job_id), at)


async def _in_thread(call: Callable[[], None]) -> None:
    """Run the call in a daemon thread: unlike an executor's, it does not keep a process that ends alive."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def set_ended(error: BaseException | None) -> None:
        if ended.cancelled():
            return
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    def run() -> None:
        error: BaseException | None = None
        try:
            call()
        except Exception as raised:  # noqa: BLE001  raised again where it is awaited
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(set_ended, error)

    threading.Thread(target=run, name="job-worker", daemon=True).start()
    await ended
