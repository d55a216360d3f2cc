"""The carrier on SQLite: the worker threads of this machine lease rows of the job table."""

import threading
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.platform.jobs.kinds import JobKind
from app.platform.jobs.tables import Job
from app.platform.jobs.worker import Workers
from app.platform.unit_of_work import Platform


class EmbeddedQueue:
    """For worker threads of this process; other processes poll the table."""

    def __init__(self) -> None:
        self._news = threading.Condition()

    def defer(self, session: Session, job: Job, at: datetime | None = None) -> None:
        """See unit_of_work.JobQueue.defer; the row is all that workers need."""

    def wake(self) -> None:
        """See unit_of_work.JobQueue.wake."""
        with self._news:
            self._news.notify_all()

    def wait(self, seconds: float) -> None:
        """See unit_of_work.JobQueue.wait."""
        with self._news:
            self._news.wait(seconds)

    def workers(
        self, platform: Platform, kinds: Mapping[str, JobKind], count: int, only: tuple[str, ...] | None = None
    ) -> Workers:
        """See unit_of_work.JobQueue.workers."""
        return Workers(platform, kinds, count, only=only)
