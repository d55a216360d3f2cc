"""How work is handed over: the job row says what there is to do, the queue only says that there is something."""

import threading
from typing import Protocol


class JobQueue(Protocol):
    """Wakes workers after a commit. Losing a call loses no work: workers also look by themselves."""

    def wake(self) -> None:
        """There may be a new job."""

    def wait(self, seconds: float) -> None:
        """Returns when there may be a new job, at the latest after so many seconds."""


class EmbeddedQueue:
    """Workers are threads of this process; those of other processes find the rows when they look."""

    def __init__(self) -> None:
        self._news = threading.Condition()

    def wake(self) -> None:
        """See JobQueue.wake."""
        with self._news:
            self._news.notify_all()

    def wait(self, seconds: float) -> None:
        """See JobQueue.wait."""
        with self._news:
            self._news.wait(seconds)
