"""Assess one roster line: known facts exclude it, missing, unread or questionable ones make it doubtful. 劳动法
第十五条 (no work under 16).
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date

from app.core.facts.documents import NO_DOCUMENTS, Disagreement, Documents
from app.core.facts.dossier import NOTHING_SHARED, Employment, InsurancePeriod, Organization, RosterLine, SharedFacts
from app.core.facts.policy import RetirementAge, StaffRules
from app.core.staff.insurance import insurance_codes
from app.core.staff.payers import Payers
from app.core.staff.proofs import Proofs
from app.core.staff.standing import Standing
from app.core.values.frozen import value
from app.core.values.identity import age_on, birth_date, is_male, normalised_code
from app.core.values.months import Month, insurance_window, months_later

CERTIFICATES, POSITION, INSURANCE = "certificates", "position", "socialInsurance"
_ELSEWHERE = frozenset({CERTIFICATES, POSITION, "columns"})  # unread fields that concern other counts
_NOT_FULL_TIME = frozenset({Employment.PART_TIME, Employment.INTERN, Employment.DISPATCHED})
_SCALARS = {
    "name": "name",
    "residentId": "resident_id",
    "employment": "employment",
    "contractFrom": "contract_from",
    "contractTo": "contract_to",
}


@value
class RosterContext:
    """The context in which the lines are assessed."""

    as_of: date
    rules: StaffRules
    organization: Organization
    shared: SharedFacts = NOTHING_SHARED
    documents: Documents = NO_DOCUMENTS
    documented: bool = False
    folding: Mapping[int, str] = field(default_factory=dict)


@value
class AssessedLine:
    """A line with its codes; `person` is the valid resident ID, "" where there is none."""

    index: int
    line: RosterLine
    person: str
    excluding: tuple[str, ...]
    doubting: tuple[str, ...]
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def standing(self) -> Standing:
        """Return the standing as full-time staff."""
        if self.excluding:
            return Standing.EXCLUDED
        return Standing.DOUBTFUL if self.doubting else Standing.COUNTABLE


def valid_id(text: str | None, as_of: date) -> str:
    """Return the normalised resident ID; "" where it is not valid, or where its birth date is after the as-of day."""
    code = normalised_code(text)
    birth = birth_date(code)
    return code if birth is not None and birth <= as_of else ""


def assess_lines(roster: Iterable[RosterLine], proofs: Proofs, context: RosterContext) -> list[AssessedLine]:
    """Assess every line by itself."""
    window = insurance_window(context.as_of, context.rules.insurance_months)
    lines = []
    for index, stated in enumerate(roster):
        line = without_unread(stated) if stated.unread else stated
        excluding, doubting = own_codes(line, proofs.payers, window, context.as_of, context.rules)
        person = valid_id(line.resident_id, context.as_of)
        lacking = proofs.insurance(line, window)
        # a proof clears the line: a rival cannot spoil a roster by copying it
        if person in context.shared.resident_ids and lacking:
            doubting.append("on_other_dossier")
        assessed = AssessedLine(index, line, person, tuple(excluding), tuple(doubting))
        lines.append(_documented_line(assessed, lacking, context) if context.documented else assessed)
    return lines


def own_codes(
    line: RosterLine, payers: Payers, window: tuple[Month, Month], as_of: date, rules: StaffRules
) -> tuple[list[str], list[str]]:
    """Return (excluding codes, doubtful codes) from the line alone, regardless of other lines, rosters and documents."""
    excluding, doubting = _insurance(line, payers, window, rules)
    _employment(line, rules, excluding, doubting)
    _identity(line, as_of, rules, excluding, doubting)
    _contract(line, as_of, excluding, doubting)
    if _is_unread(line):
        doubting.append("value_unreadable")
    return excluding, doubting


def without_unread(line: RosterLine) -> RosterLine:
    """Return the line without the values of unread fields: they neither exclude nor clear."""
    gone: dict[str, None] = {_SCALARS[name]: None for name in line.unread if name in _SCALARS}
    return replace(line, **gone) if gone else line  # type: ignore[arg-type]  # every one of them may be None


def _is_unread(line: RosterLine) -> bool:
    return any(name not in _ELSEWHERE for name in line.unread) or any(period.unread for period in line.insurance)


def _documented_line(
    line: AssessedLine, disagreements: tuple[Disagreement, ...], context: RosterContext
) -> AssessedLine:
    """Assess under `documented`: a countable line needs an agreeing insurance proof; without one it is doubtful."""
    if not disagreements or line.standing is Standing.EXCLUDED:
        return line
    if not line.line.insurance and _is_pensioner(line.line, context.rules):
        return line
    doubting = line.doubting if "insurance_missing" in line.doubting else (*line.doubting, "insurance_missing")
    return replace(line, doubting=doubting, disagreements=disagreements)


def _insurance(
    line: RosterLine, payers: Payers, window: tuple[Month, Month], rules: StaffRules
) -> tuple[list[str], list[str]]:
    """Assess insurance. Rehired pensioners are no longer insured, so theirs is not required."""
    if not line.insurance and (_is_pensioner(line, rules) or INSURANCE in line.unread):
        return [], []
    periods = tuple(map(_readable, line.insurance)) if any(one.unread for one in line.insurance) else line.insurance
    excluding, doubting = insurance_codes(periods, payers, window, line.contract_from)
    if periods is not line.insurance and "insurance_missing" in doubting:
        doubting.remove("insurance_missing")  # stated, but unreadable
    return excluding, doubting


def _readable(period: InsurancePeriod) -> InsurancePeriod:
    unread = period.unread
    return InsurancePeriod(
        None if "payer" in unread else period.payer,
        None if "from" in unread else period.first,
        None if "to" in unread else period.last,
        unread,
    )


def _is_pensioner(line: RosterLine, rules: StaffRules) -> bool:
    """Whether the person is rehired after retirement 退休返聘, where the policy counts such persons."""
    return rules.rehired_counts and line.employment is Employment.REHIRED


def _employment(line: RosterLine, rules: StaffRules, excluding: list[str], doubting: list[str]) -> None:
    if line.employment is None:
        if "employment" not in line.unread:
            doubting.append("employment_missing")
    elif line.employment in _NOT_FULL_TIME:
        excluding.append("employment_not_full_time")
    elif line.employment is Employment.REHIRED and not rules.rehired_counts:
        doubting.append("rehired")


def _identity(line: RosterLine, as_of: date, rules: StaffRules, excluding: list[str], doubting: list[str]) -> None:
    """Assess the identity. A typing error, a passport or a birth date after the as-of day is doubtful, never a reason
    to exclude.
    """
    person = normalised_code(line.resident_id)
    birth = birth_date(person)
    if not person:
        if "residentId" not in line.unread:
            doubting.append("resident_id_missing")
    elif birth is None or birth > as_of:
        doubting.append("resident_id_invalid")
    elif age_on(birth, as_of) < rules.minimum_age:
        excluding.append("under_age")
    elif is_retired(birth, person, as_of, rules) and not _is_pensioner(line, rules):
        doubting.append("past_retirement_age")


def is_retired(birth: date, person: str, as_of: date, rules: StaffRules) -> bool:
    """Whether the person has reached retirement age; the latest `born_from` that applies decides.

    关于实施渐进式延迟法定退休年龄的决定 (2024-09-13): ages differ by sex and month of birth.
    """
    sex = "male" if is_male(person) else "female"
    ages = [one for one in rules.retirement_ages if one.sex in (None, sex) and (one.born_from or date.min) <= birth]
    age = max(ages, key=lambda one: one.born_from or date.min, default=RetirementAge(rules.retirement_age))
    return as_of >= months_later(birth, 12 * age.years + age.months)


def _contract(line: RosterLine, as_of: date, excluding: list[str], doubting: list[str]) -> None:
    first, last = line.contract_from, line.contract_to
    if first is None:
        if "contractFrom" not in line.unread:
            doubting.append("contract_missing")
    elif first > as_of:
        excluding.append("contract_not_begun")
    if last is not None and last < as_of:
        excluding.append("contract_ended")
