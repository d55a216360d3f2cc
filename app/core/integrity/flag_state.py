"""The state of a flag: an officer confirms or dismisses it, new evidence reopens it; what an open flag blocks."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """State of a flag."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class FlagFinding(StrEnum):
    """The officer's decision on a flag."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Decision:
    """A disposition: the finding, and the identities of the evidence it was based on."""

    finding: FlagFinding
    evidence: frozenset[str]


def state_of(latest: Decision | None, evidence: Set[str]) -> State:
    """Derive the state: open until decided, and open again once there is evidence that the decision did not cover."""
    if latest is None or evidence - latest.evidence:
        return State.OPEN
    return State(latest.finding.value)


@dataclass(frozen=True, slots=True)
class FlagState:
    """The part of a flag that its effects depend on; `current`: current facts still support it."""

    code: str
    state: State
    current: bool
    blocks: bool
    subjects: tuple[str, ...]
    lots: tuple[str, ...]


def holds_up(flag: FlagState, organization: str, lot: str | None) -> bool:
    """Whether an undecided exclusion ground (实施条例 第十八条) blocks the qualification of its subjects in the lots
    they share.
    """
    concerned = flag.current and flag.blocks and organization in flag.subjects
    return concerned and flag.state is State.OPEN and (lot is None or not flag.lots or lot in flag.lots)


def cleared(flags: Iterable[tuple[FlagState, str]], organization: str) -> set[str]:
    """Return the values (ID or certificate numbers) that an officer found not to be duplicates, for one organization's
    roster.
    """
    return {value for flag, value in flags if flag.state is State.DISMISSED and organization in flag.subjects}
