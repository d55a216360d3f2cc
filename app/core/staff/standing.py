"""Standing of a roster line: countable, doubtful or excluded."""

from collections.abc import Iterable
from enum import StrEnum


class Standing(StrEnum):
    """A known fact excludes; a missing or questionable fact makes doubtful; otherwise the line is countable."""

    COUNTABLE = "countable"
    DOUBTFUL = "doubtful"
    EXCLUDED = "excluded"


_COUNTABLE, _DOUBTFUL, _EXCLUDED = Standing


def best(standings: Iterable[Standing]) -> Standing:
    """Return the best: countable beats doubtful, doubtful beats excluded; excluded where there is none."""
    return min(standings, key=list(Standing).index, default=Standing.EXCLUDED)


def worse(one: Standing, other: Standing) -> Standing:
    """Return the worse: exclusion beats doubt, doubt beats countable."""
    if one is _EXCLUDED or other is _EXCLUDED:
        return _EXCLUDED
    return _DOUBTFUL if one is _DOUBTFUL or other is _DOUBTFUL else _COUNTABLE
