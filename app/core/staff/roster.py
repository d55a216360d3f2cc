"""Which staff on the roster 花名册 are countable, doubtful or excluded, and why.

Full-time 专职: a labour contract with the bidder and social insurance paid by the bidder. A person is a valid resident ID
(without one, the line); exactly one line of a person stands. 劳动法 第十五条 (no work under 16).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from app.core.facts.documents import NO_DOCUMENTS, Disagreement, Documents
from app.core.facts.dossier import NOTHING_SHARED, Employment, Organization, RosterLine, SharedFacts
from app.core.facts.policy import StaffRules
from app.core.staff.certificates import CertificateContext, best_certificate, certificate_numbers
from app.core.staff.insurance import Payers, insurance_codes
from app.core.staff.proofs import Person, Proofs
from app.core.staff.standing import Standing, worse
from app.core.values.frozen import value
from app.core.values.identity import age_on, birth_date, normalised_code, normalised_name
from app.core.values.months import Month, insurance_window

_NOT_FULL_TIME = frozenset({Employment.PART_TIME, Employment.INTERN, Employment.DISPATCHED})


@value
class StaffRow:
    """The result for one line: standing as full-time staff and as social worker, all codes, disagreements with documents."""

    index: int
    full_time: Standing
    social_worker: Standing
    codes: tuple[str, ...]
    disagreements: tuple[Disagreement, ...] = ()


@value
class Count:
    """Number of persons that count, and of persons that may."""

    countable: int
    doubtful: int


@value
class RosterAssessment:
    """All lines in roster order, and the two counts."""

    rows: tuple[StaffRow, ...]
    full_time: Count
    social_workers: Count


@value
class RosterContext:
    """The context in which the lines are assessed."""

    as_of: date
    rules: StaffRules
    organization: Organization
    shared: SharedFacts = NOTHING_SHARED
    documents: Documents = NO_DOCUMENTS
    documented: bool = False


@value
class _Line:
    index: int
    line: RosterLine
    person: str
    excluding: tuple[str, ...]
    doubting: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def standing(self) -> Standing:
        if self.excluding:
            return Standing.EXCLUDED
        return Standing.DOUBTFUL if self.doubting else Standing.COUNTABLE


def assess_roster(roster: Sequence[RosterLine], context: RosterContext) -> RosterAssessment:
    """Assess every line; rows are in roster order."""
    proofs = Proofs.of(context.organization, context.documents)
    lines = _assess_lines(roster, proofs, context)
    persons = {
        person: [lines[index] for index in indices] for person, indices in persons_of(roster, context.as_of).items()
    }
    shared = context.shared.certificate_numbers | _numbers_of_several(persons)
    asked = CertificateContext(context.as_of, context.rules.social_worker_levels, shared)
    rows: list[StaffRow | None] = [None] * len(lines)
    for own in persons.values():
        documented = _documented(own, asked, proofs) if context.documented else asked
        if len(own) == 1:
            rows[own[0].index] = _standing_row(own[0], own, documented)
            continue
        for row in _person(own, documented):
            rows[row.index] = row
    answered = tuple([row for row in rows if row is not None])
    return RosterAssessment(
        answered, count_of([row.full_time for row in answered]), count_of([row.social_worker for row in answered])
    )


def persons_of(roster: Sequence[RosterLine], as_of: date) -> dict[str, list[int]]:
    """The lines (indices) of each person, a person being a valid resident ID or, without one, the line itself."""
    persons: dict[str, list[int]] = {}
    for index, line in enumerate(roster):
        persons.setdefault(valid_id(line.resident_id, as_of) or f"/roster/{index}", []).append(index)
    return persons


def valid_id(text: str | None, as_of: date) -> str:
    """The normalised resident ID; "" where it is not valid, or where its birth date is after the as-of day."""
    code = normalised_code(text)
    birth = birth_date(code)
    return code if birth is not None and birth <= as_of else ""


def _assess_lines(roster: Sequence[RosterLine], proofs: Proofs, context: RosterContext) -> list[_Line]:
    window = insurance_window(context.as_of, context.rules.insurance_months)
    lines = []
    for index, line in enumerate(roster):
        person = normalised_code(line.resident_id)
        excluding, doubting = _insurance(line, proofs.payers, window, context.rules)
        _employment(line, context.rules, excluding, doubting)
        _identity(line, person, context, excluding, doubting)
        _contract(line, context.as_of, excluding, doubting)
        lacking = proofs.insurance(line, window)
        # a proof clears: a rival cannot spoil a roster by copying it
        if person in context.shared.resident_ids and lacking:
            doubting.append("on_other_dossier")
        assessed = _Line(index, line, person, tuple(excluding), tuple(doubting), ())
        lines.append(_documented_line(assessed, lacking, context) if context.documented else assessed)
    return lines


def _documented_line(line: _Line, disagreements: tuple[Disagreement, ...], context: RosterContext) -> _Line:
    """Under `documented` a countable line needs an agreeing insurance proof; without one it is doubtful."""
    if not disagreements or line.standing is Standing.EXCLUDED:
        return line
    if not line.line.insurance and _is_pensioner(line.line, context.rules):
        return line
    doubting = line.doubting if "insurance_missing" in line.doubting else (*line.doubting, "insurance_missing")
    return _Line(line.index, line.line, line.person, line.excluding, doubting, disagreements)


def _insurance(
    line: RosterLine, payers: Payers, window: tuple[Month, Month], rules: StaffRules
) -> tuple[list[str], list[str]]:
    """A rehired pensioner is no longer insured, so missing insurance is not asked for."""
    if not line.insurance and _is_pensioner(line, rules):
        return [], []
    return insurance_codes(line.insurance, payers, window, line.contract_from)


def _is_pensioner(line: RosterLine, rules: StaffRules) -> bool:
    """退休返聘, where the policy counts it."""
    return rules.rehired_counts and line.employment is Employment.REHIRED


def _employment(line: RosterLine, rules: StaffRules, excluding: list[str], doubting: list[str]) -> None:
    if line.employment is None:
        doubting.append("employment_missing")
    elif line.employment in _NOT_FULL_TIME:
        excluding.append("employment_not_full_time")
    elif line.employment is Employment.REHIRED and not rules.rehired_counts:
        doubting.append("rehired")


def _identity(line: RosterLine, person: str, context: RosterContext, excluding: list[str], doubting: list[str]) -> None:
    """A typing error, a passport or a birth date after the as-of day is doubtful, never a reason to exclude."""
    birth = birth_date(person)
    if not person:
        doubting.append("resident_id_missing")
    elif birth is None or birth > context.as_of:
        doubting.append("resident_id_invalid")
    elif (age := age_on(birth, context.as_of)) < context.rules.minimum_age:
        excluding.append("under_age")
    elif age >= context.rules.retirement_age and not _is_pensioner(line, context.rules):
        doubting.append("past_retirement_age")


def _contract(line: RosterLine, as_of: date, excluding: list[str], doubting: list[str]) -> None:
    first, last = line.contract_from, line.contract_to
    if first is None:
        doubting.append("contract_missing")
    elif first > as_of:
        excluding.append("contract_not_begun")
    if last is not None and last < as_of:
        excluding.append("contract_ended")


def _numbers_of_several(persons: dict[str, list[_Line]]) -> frozenset[str]:
    """Certificate numbers that more than one person of this roster holds."""
    stated = [
        number
        for lines in persons.values()
        for line in lines
        for one in line.line.certificates
        if (number := normalised_code(one.number))
    ]
    if len(set(stated)) == len(stated):  # usually every number occurs once
        return frozenset()
    holder: dict[str, str] = {}
    several = set()
    for person, lines in persons.items():
        for number in certificate_numbers(one for line in lines for one in line.line.certificates):
            if holder.setdefault(number, person) != person:
                several.add(number)
    return frozenset(several)


def _documented(own: Sequence[_Line], asked: CertificateContext, proofs: Proofs) -> CertificateContext:
    """Under `documented` a certificate counts only with an agreeing document: name, ID, level, number."""
    person = Person.of(line.line for line in own)
    return replace(asked, lacking=partial(proofs.certificate, person))


def _person(own: list[_Line], asked: CertificateContext) -> Iterable[StaffRow]:
    """One line stands: the first countable, else the first doubtful, else the first. The others are duplicates."""
    stands = min(own, key=_precedence)
    for line in own:
        if line is not stands:
            yield StaffRow(line.index, Standing.EXCLUDED, Standing.EXCLUDED, ("duplicate_in_roster",))
    yield _standing_row(stands, own, asked)


def _precedence(line: _Line) -> int:
    return (Standing.COUNTABLE, Standing.DOUBTFUL, Standing.EXCLUDED).index(line.standing)


def _standing_row(stands: _Line, own: list[_Line], asked: CertificateContext) -> StaffRow:
    codes = [*stands.excluding, *stands.doubting]
    full_time = stands.standing
    if len(own) > 1 and len({name for line in own if (name := normalised_name(line.line.name))}) > 1:
        codes.append("names_differ")
        full_time = worse(full_time, Standing.DOUBTFUL)
    best = best_certificate([one for line in own for one in line.line.certificates], asked)
    return StaffRow(
        stands.index,
        full_time,
        worse(full_time, best.standing),
        (*codes, *best.codes),
        (*stands.disagreements, *best.disagreements),
    )


def count_of(standings: Sequence[Standing]) -> Count:
    """The persons that count, and those that may."""
    return Count(standings.count(Standing.COUNTABLE), standings.count(Standing.DOUBTFUL))


def shared_facts(rosters: Sequence[Sequence[RosterLine]]) -> list[SharedFacts]:
    """What each roster of a batch or tender shares with the others, in the order given.

    A resident ID on another roster; a certificate number that also stands for another person anywhere.
    """
    roster_of: dict[str, int] = {}
    holder_of: dict[str, str] = {}
    persons_of_several: set[str] = set()
    numbers_of_several: set[str] = set()
    own = []
    for position, roster in enumerate(rosters):
        persons, numbers = set(), set()
        for index, line in enumerate(roster):
            person = normalised_code(line.resident_id)
            if person:
                persons.add(person)
                if roster_of.setdefault(person, position) != position:
                    persons_of_several.add(person)
            for number in certificate_numbers(line.certificates) if line.certificates else ():
                holder = person or f"{position}/roster/{index}"
                numbers.add(number)
                if holder_of.setdefault(number, holder) != holder:
                    numbers_of_several.add(number)
        own.append((persons, numbers))
    return [
        SharedFacts(frozenset(persons & persons_of_several), frozenset(numbers & numbers_of_several))
        for persons, numbers in own
    ]
