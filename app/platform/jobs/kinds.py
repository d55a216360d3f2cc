"""Kinds of jobs: what runs them, and what becomes of their objects when they end without a result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.platform.jobs.run import Handler
from app.platform.unit_of_work import UnitOfWork

Hook = Callable[[UnitOfWork, Mapping[str, Any]], None]


def _nothing(_work: UnitOfWork, _payload: Mapping[str, Any]) -> None:
    """Do nothing: the kind leaves no object in a passing state."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job.

    `abandon`: called with the payload in the transaction in which a job ends without a result, so that no object stays
    in a passing state. `restore`: the reverse, when the job is queued again. `lane`: what `bidscreen worker --kinds`
    calls it. `daily`: a duty of every day, queued once after `BIDSCREEN_DUTIES_AT`.
    """

    run: Handler
    abandon: Hook = _nothing
    restore: Hook = _nothing
    lane: str = "other"
    priority: int = 0
    daily: bool = False


URGENT, USUAL, LATER = 10, 0, -10  # somebody waits for it; its result is awaited; a duty of the day

KINDS: dict[str, JobKind] = {}  # complete once app.entrypoints.features is imported, as the tables are


def lanes_of(kinds: Mapping[str, JobKind], only: tuple[str, ...] | None) -> list[str] | None:
    """Return the lanes of these kinds; None: every lane, also those of kinds that this version does not know."""
    return None if only is None else sorted({kind.lane for name, kind in kinds.items() if name in only})


def abandon(work: UnitOfWork, kind: str, payload: Mapping[str, Any]) -> None:
    """Call the kind's hook; a kind that this version does not know has none."""
    if kind in KINDS:
        KINDS[kind].abandon(work, payload)


def restore(work: UnitOfWork, kind: str, payload: Mapping[str, Any]) -> None:
    """Call the kind's hook, likewise."""
    if kind in KINDS:
        KINDS[kind].restore(work, payload)
