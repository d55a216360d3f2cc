"""Reasons in words, and what would change the outcome (个人信息保护法 第二十四条: the right to an explanation)."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.core.eligibility.messages import FLIPS, MISSING_FIELDS, REASONS, STAFF_CODES, WARNINGS
from app.core.eligibility.screening import RequirementResponse, Screening
from app.core.facts.outcome import Finding, Outcome
from app.core.values.text import Text

_CLARIFY = Text("澄清或补正：{reason}", "clarification or correction: {reason}")


@dataclass(frozen=True, slots=True)
class Flip:
    """A change that would turn a requirement into met."""

    requirement: str
    change: Text


def reason_text(found: Finding, response: RequirementResponse) -> Text:
    """Return the message of a finding; a `not_met` finding also names its legal basis."""
    text = _fill(REASONS[found.code], found)
    if found.outcome is not Outcome.NOT_MET or not response.requirement.legal_basis:
        return text
    basis = "、".join(response.requirement.legal_basis)
    return Text(f"{text.zh}（依据：{basis}）", f"{text.en} (basis: {basis})")


def warning_text(found: Finding) -> Text:
    """Return the message of a warning."""
    return _fill(WARNINGS[found.code], found)


_NAMED_BY_FIELDS = frozenset({"certificate_incomplete", "insurance_missing"})


def staff_reasons(codes: Iterable[str], missing: Iterable[str]) -> list[Text]:
    """Return why a roster line is not counted or doubtful; a missing field is named instead of its general code."""
    fields = [MISSING_FIELDS[field] for field in missing]
    general = [code for code in codes if code in STAFF_CODES and not (fields and code in _NAMED_BY_FIELDS)]
    return [*(STAFF_CODES[code] for code in general), *fields]


def what_would_flip(screening: Screening) -> Iterator[Flip]:
    """Return what would have to change for each requirement that is not met: one entry per reason code."""
    for response in screening.responses:
        for found in {found.code: found for found in response.findings}.values():
            yield Flip(response.requirement.id, _flip(found))


def _flip(found: Finding) -> Text:
    template = FLIPS.get(found.code)
    if template is not None:
        return _fill(template, found)
    reason = _fill(REASONS[found.code], found)
    return Text(_CLARIFY.zh.format(reason=reason.zh), _CLARIFY.en.format(reason=reason.en))


def _fill(template: Text, found: Finding) -> Text:
    return _filled(template, tuple(found.values.items())) if found.values else template


@lru_cache(maxsize=4096)  # a batch repeats the same few reasons
def _filled(template: Text, given: tuple[tuple[str, Hashable], ...]) -> Text:
    values = dict(given)
    if "required" in values:
        values["lacking"] = int(str(values["required"])) - int(str(values["observed"]))
    zh = {key: value.zh if isinstance(value, Text) else value for key, value in values.items()}
    en = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
    return Text(template.zh.format_map(zh), template.en.format_map(en))
