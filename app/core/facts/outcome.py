"""Three outcomes, never two: `met`, `not_met`, `undetermined`; and the findings that lead to one."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from enum import StrEnum

from app.core.facts.documents import Place
from app.core.values.frozen import value


class Outcome(StrEnum):
    """Outcome of one requirement."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"


class Verdict(StrEnum):
    """Outcome of a whole screening; it proposes, a person decides."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    NEEDS_REVIEW = "needs_review"


@value
class Finding:
    """One reason: the outcome it leads to, its code, the place in the dossier, its message's values, the place read."""

    outcome: Outcome
    code: str
    pointer: str
    values: Mapping[str, Hashable] | None = None
    place: Place | None = None


def finding(outcome: Outcome, code: str, pointer: str, **values: Hashable) -> Finding:
    """A finding with the values of its message."""
    return Finding(outcome, code, pointer, values or None)


def outcome_of(findings: Collection[Finding]) -> Outcome:
    """not_met beats undetermined beats met."""
    if not findings:
        return Outcome.MET
    outcomes = {found.outcome for found in findings}
    if Outcome.NOT_MET in outcomes:
        return Outcome.NOT_MET
    return Outcome.UNDETERMINED if Outcome.UNDETERMINED in outcomes else Outcome.MET


def verdict_of(outcomes: Iterable[Outcome]) -> Verdict:
    """Any not_met → ineligible; else any undetermined → needs_review; else eligible."""
    found = set(outcomes)
    if Outcome.NOT_MET in found:
        return Verdict.INELIGIBLE
    return Verdict.NEEDS_REVIEW if Outcome.UNDETERMINED in found else Verdict.ELIGIBLE
