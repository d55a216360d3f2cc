"""The three outcomes `met`, `not_met` and `undetermined`, and the findings that lead to them."""

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
    """Outcome of a whole screening: a proposal, which an officer decides on."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    NEEDS_REVIEW = "needs_review"


@value
class Finding:
    """One reason: its outcome, code, pointer into the dossier, values of its message, and place in a document."""

    outcome: Outcome
    code: str
    pointer: str
    values: Mapping[str, Hashable] | None = None
    place: Place | None = None


def finding(outcome: Outcome, code: str, pointer: str, **values: Hashable) -> Finding:
    """Build a finding with the values that its message needs."""
    return Finding(outcome, code, pointer, values or None)


def outcome_of(findings: Collection[Finding]) -> Outcome:
    """Combine outcomes: `not_met` beats `undetermined` beats `met`."""
    if not findings:
        return Outcome.MET
    outcomes = {found.outcome for found in findings}
    if Outcome.NOT_MET in outcomes:
        return Outcome.NOT_MET
    return Outcome.UNDETERMINED if Outcome.UNDETERMINED in outcomes else Outcome.MET


def verdict_of(outcomes: Iterable[Outcome]) -> Verdict:
    """Derive the verdict: any not_met → ineligible; else any undetermined → needs_review; else eligible."""
    found = set(outcomes)
    if Outcome.NOT_MET in found:
        return Verdict.INELIGIBLE
    return Verdict.NEEDS_REVIEW if Outcome.UNDETERMINED in found else Verdict.ELIGIBLE
