"""The schedule: kinds of jobs that are a duty of every day are queued once a day, whatever number of processes runs."""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, time

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.procedure.deadlines import BEIJING, day_in_china
from app.platform.jobs.enqueue import enqueue
from app.platform.jobs.kinds import JobKind
from app.platform.jobs.tables import Job
from app.platform.outages import outage_problem
from app.platform.unit_of_work import Platform

LOOK_SECONDS = 30.0
log = structlog.get_logger("bidscreen.jobs")


class Duties:
    """Queues what is due; a day on which nobody was there is made up for once, by the next day's duty."""

    def __init__(self, platform: Platform, kinds: Mapping[str, JobKind]) -> None:
        self._platform = platform
        self._daily = sorted(name for name, kind in kinds.items() if kind.daily)

    def run(self, stop: threading.Event) -> None:
        """Look every half minute until `stop` is set."""
        while self._daily:
            try:
                self.tick()
            except Exception as error:  # noqa: BLE001  the next look makes up for it
                log.warning(
                    "duties could not be queued", error=type(error).__name__, passing=bool(outage_problem(error))
                )
            if stop.wait(LOOK_SECONDS):
                return

    def tick(self) -> list[str]:
        """Queue the duties that are due and not queued yet; return their kinds."""
        now = self._platform.clock()
        if not is_due(now, self._platform.settings.duties_at):
            return []
        day = day_in_china(now).isoformat()
        return [kind for kind in self._missing(day) if self._queue(kind, day)]

    def _missing(self, day: str) -> Iterable[str]:
        duties = {f"{kind}/{day}": kind for kind in self._daily}
        with self._platform.reading() as work:
            there = set(work.session.scalars(select(Job.duty).where(Job.duty.in_(duties))))
        return [kind for duty, kind in duties.items() if duty not in there]

    def _queue(self, kind: str, day: str) -> bool:
        try:
            with self._platform.work() as work:
                enqueue(work, kind, {"day": day}).duty = f"{kind}/{day}"
        except IntegrityError:
            return False  # another process was first
        return True


def is_due(now: datetime, at: str) -> bool:
    """Whether the time of day in China has come; `at`: HH:MM."""
    return now.astimezone(BEIJING).time() >= time.fromisoformat(at)
