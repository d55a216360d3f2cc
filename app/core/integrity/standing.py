"""What became of a lead: a person confirms or dismisses it, new evidence opens it again; what an undecided one holds up."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """State of a flag."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Finding(StrEnum):
    """What a person finds."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Decided:
    """A disposition: the finding, and the identities of the evidence it was taken on."""

    finding: Finding
    evidence: frozenset[str]


def state_of(latest: Decided | None, evidence: Set[str]) -> State:
    """Open until decided, and again once there is evidence that the decision did not see."""
    if latest is None or evidence - latest.evidence:
        return State.OPEN
    return State(latest.finding.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a flag as its effects need; `current`: the facts of now still give it."""

    code: str
    state: State
    current: bool
    blocks: bool
    subjects: tuple[str, ...]
    lots: tuple[str, ...]


def holds_up(flag: Standing, organization: str, lot: str | None) -> bool:
    """An undecided exclusion ground (实施条例 第十八条) holds up the qualification of its subjects in the lots they share."""
    concerned = flag.current and flag.blocks and organization in flag.subjects
    return concerned and flag.state is State.OPEN and (lot is None or not flag.lots or lot in flag.lots)


def cleared(flags: Iterable[tuple[Standing, str]], organization: str) -> set[str]:
    """The values (ID or certificate numbers) a person found to be no duplicate, for one organization's roster."""
    return {value for flag, value in flags if flag.state is State.DISMISSED and organization in flag.subjects}
