"""Counts of the requests that this process has answered, for the metrics."""

import threading
from bisect import bisect_left
from collections import Counter

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


class RequestCounts:
    """Answers by method, route and status, and how long they took; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered: Counter[tuple[str, str, int]] = Counter()
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer. `route`: the route's name, never the path, which callers choose."""
        with self._lock:
            self._answered[method, route, status] += 1
            self._buckets[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds

    def answered(self) -> dict[tuple[str, str, int], int]:
        """Return the number of answers by method, route and status."""
        with self._lock:
            return dict(self._answered)

    def durations(self) -> tuple[list[tuple[str, int]], float]:
        """Return the cumulative number of answers within each bound (seconds; the last is +Inf), and the sum of seconds."""
        with self._lock:
            counts, total = list(self._buckets), self._seconds
        bounds = [*(f"{bound:g}" for bound in BUCKETS), "+Inf"]
        return [(bound, sum(counts[: place + 1])) for place, bound in enumerate(bounds)], total
