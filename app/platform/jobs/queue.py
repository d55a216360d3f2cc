"""How work is handed over: the job row says what there is to do, the queue only says that there is something."""

import threading


class EmbeddedQueue:
    """Workers are threads of this process; those of other processes find the rows when they look."""

    def __init__(self) -> None:
        self._news = threading.Condition()

    def wake(self) -> None:
        """See unit_of_work.JobQueue.wake."""
        with self._news:
            self._news.notify_all()

    def wait(self, seconds: float) -> None:
        """See unit_of_work.JobQueue.wait."""
        with self._news:
            self._news.wait(seconds)
