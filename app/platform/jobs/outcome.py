"""What becomes of a job after a run: succeeded, failed, tried again after a pause, or dead."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.core.procedure.state_machine import StepRefused
from app.platform.outages import outage_problem
from app.platform.problems import Problem, step_problem

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a run did not succeed; a passing fault is worth another attempt."""

    code: str
    detail: str
    passing: bool = False


def fault_of(error: Exception) -> Fault | None:
    """Return the fault that an error means; None if it is unexpected, an error of the software."""
    outage = outage_problem(error)
    if outage is not None:
        return Fault(outage.code, str(outage.detail), passing=True)
    problem = step_problem(error) if isinstance(error, StepRefused) else error
    return Fault(problem.code, str(problem.detail)) if isinstance(problem, Problem) else None


def pause(failures: int, jitter: float | None = None) -> timedelta:
    """Return the pause before the next attempt: doubled with each failure, shortened by up to half at random.

    `jitter` (0 to 1) is drawn if it is not given; it spreads jobs that failed together.
    """
    drawn = random.random() if jitter is None else jitter  # noqa: S311 - no secret
    whole = min(FIRST_PAUSE * int(2 ** min(failures - 1, 20)), LONGEST_PAUSE)
    return whole * (1 - drawn / 2)


def after_fault(fault: Fault, failures: int, most: int, now: datetime) -> dict[str, Any]:
    """Return the new values of a job's row. `failures`: including this one; `most`: with so many it is dead."""
    values: dict[str, Any] = {"error_code": fault.code, "error_detail": fault.detail[:1000]}
    if not fault.passing:
        return {**values, "state": "failed", "finished_at": now}
    if failures >= most:
        return {**values, "state": "dead", "failures": failures, "finished_at": now}
    return {**values, "state": "queued", "failures": failures, "due_at": now + pause(failures)}
