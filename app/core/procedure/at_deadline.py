"""Which recorded parts of a dossier count: those received before the bid deadline (财政部令第87号
第三十三条、第五十一条).

A later part is kept and shown, but used only as the answer to a clarification. Extracting an earlier file again is no
new fact.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

RULE = "财政部令第87号 第三十三条"
CLARIFIED = "财政部令第87号 第五十一条"


class Arrival(StrEnum):
    """Arrival of a part relative to the deadline."""

    IN_TIME = "in_time"
    READ_LATER = "read_later"  # its file was received in time, only its extraction is newer
    CLARIFICATION = "clarification"  # late, admitted as the answer to a clarification
    LATE = "late"

    @property
    def counts(self) -> bool:
        """Whether a screening uses the part."""
        return self is not Arrival.LATE


@dataclass(frozen=True, slots=True)
class Recorded:
    """A version of a part. `given_at`: when its content arrived, earlier than `recorded_at` for a file extracted again."""

    id: str
    recorded_at: datetime
    given_at: datetime


def arrival(part: Recorded, deadline: datetime | None, clarified: Collection[str] = ()) -> Arrival:
    """Classify the arrival of a part; a part received at the deadline itself is late. Without a deadline everything is
    in time.

    `clarified`: ids of late parts that are the answer to a clarification.
    """
    if deadline is None or part.recorded_at < deadline:
        return Arrival.IN_TIME
    if part.given_at < deadline:
        return Arrival.READ_LATER
    return Arrival.CLARIFICATION if part.id in clarified else Arrival.LATE


def in_force(
    versions: Iterable[Recorded], deadline: datetime | None, clarified: Collection[str] = ()
) -> Recorded | None:
    """Return the version that counts: the latest content in time (or admitted by a clarification), in its newest
    extraction.
    """
    counting = [one for one in versions if arrival(one, deadline, clarified).counts]
    return max(counting, key=lambda one: (one.given_at, one.recorded_at, one.id), default=None)
