"""The heartbeat: one thread of a process renews the leases of all jobs that run in it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app.platform.jobs.lease import LeaseLost, hold
from app.platform.unit_of_work import Platform

log = structlog.get_logger("bidscreen.jobs")


class Heartbeat:
    """Renews leases every third of their time; the thread starts with the first job and ends when none has come since."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._changed = threading.Condition()
        self._held: dict[str, str] = {}  # job → worker
        self._beating = False

    @contextmanager
    def of(self, job_id: str, worker: str) -> Iterator[None]:
        """Renew the worker's lease of the job until the block ends."""
        with self._changed:
            self._held[job_id] = worker
            if not self._beating:
                self._beating = True
                threading.Thread(target=self._beat, name="job-heartbeat", daemon=True).start()
        try:
            yield
        finally:
            with self._changed:
                self._held.pop(job_id, None)

    def _beat(self) -> None:
        seconds = self._platform.settings.job_lease_seconds
        pause = threading.Event()
        while True:
            pause.wait(seconds / 3)
            with self._changed:
                held = dict(self._held)
                self._beating = bool(held)
            if not held:
                return
            for job_id, worker in held.items():
                self._renew(job_id, worker, seconds)

    def _renew(self, job_id: str, worker: str, seconds: int) -> None:
        try:
            with self._platform.work() as work:
                hold(work.session, job_id, worker, work.now, seconds)
        except LeaseLost:
            with self._changed:
                if self._held.get(job_id) == worker:
                    self._held.pop(job_id)
        except Exception:  # noqa: BLE001  a missed beat is made up for by the next
            log.warning("heartbeat missed", job=job_id)
