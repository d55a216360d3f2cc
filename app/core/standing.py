"""How a roster line stands: countable, doubtful or excluded."""

from enum import StrEnum


class Standing(StrEnum):
    """A known fact excludes; a missing or questionable one makes doubtful; else the line counts."""

    COUNTABLE = "countable"
    DOUBTFUL = "doubtful"
    EXCLUDED = "excluded"


def worse(one: Standing, other: Standing) -> Standing:
    """Exclusion beats doubt, doubt beats countable."""
    if Standing.EXCLUDED in (one, other):
        return Standing.EXCLUDED
    return Standing.DOUBTFUL if Standing.DOUBTFUL in (one, other) else Standing.COUNTABLE
