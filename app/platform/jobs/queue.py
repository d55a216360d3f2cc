"""The wake-up queue: the job table holds the work, the queue only wakes workers."""

import threading


class EmbeddedQueue:
    """For worker threads of this process; other processes poll the table."""

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
