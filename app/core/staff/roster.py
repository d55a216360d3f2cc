"""Which staff on the roster 花名册 are countable, doubtful or excluded, and why.

Full-time 专职: a labour contract with the bidder and social insurance paid by the bidder. A person is identified by a
valid resident ID (without one, by the line); exactly one line per person counts. 劳动法 第十五条 (no work under 16).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from app.core.facts.documents import Disagreement
from app.core.facts.dossier import RosterLine
from app.core.staff.certificates import CertificateContext, best_certificate, certificate_numbers
from app.core.staff.lines import CERTIFICATES, AssessedLine, RosterContext, assess_lines, valid_id
from app.core.staff.missing import lacking_insurance_fields
from app.core.staff.payers import Payers, dittos_resolved
from app.core.staff.proofs import Person, Proofs
from app.core.staff.standing import Standing, worse
from app.core.values.frozen import value
from app.core.values.identity import normalised_code, normalised_name


@value
class StaffRow:
    """The result for one line: standing as full-time staff and as social worker, all codes, disagreements with documents.

    `missing` names the fields behind `insurance_missing` and `certificate_incomplete` (app/core/staff/missing.py).
    """

    index: int
    full_time: Standing
    social_worker: Standing
    codes: tuple[str, ...]
    disagreements: tuple[Disagreement, ...] = ()
    missing: tuple[str, ...] = ()


@value
class Count:
    """Number of persons that count, and of persons that may count."""

    countable: int
    doubtful: int


@value
class RosterAssessment:
    """All lines in roster order, and the two counts."""

    rows: tuple[StaffRow, ...]
    full_time: Count
    social_workers: Count


def assess_roster(roster: Sequence[RosterLine], context: RosterContext) -> RosterAssessment:
    """Assess every line; rows are in roster order."""
    proofs = Proofs.of(context.organization, context.documents, context.folding)
    lines = assess_lines(dittos_resolved(roster), proofs, context)
    persons = {
        person: [lines[index] for index in indices] for person, indices in persons_of(roster, context.as_of).items()
    }
    shared = context.shared.certificate_numbers | _numbers_of_several(persons)
    asked = CertificateContext(context.as_of, context.rules.social_worker_levels, shared)
    rows: list[StaffRow | None] = [None] * len(lines)
    for own in persons.values():
        documented = _documented(own, asked, proofs) if context.documented else asked
        if len(own) == 1:
            rows[own[0].index] = _standing_row(own[0], own, documented, proofs.payers)
            continue
        for row in _person(own, documented, proofs.payers):
            rows[row.index] = row
    answered = tuple([row for row in rows if row is not None])
    return RosterAssessment(
        answered, count_of([row.full_time for row in answered]), count_of([row.social_worker for row in answered])
    )


def persons_of(roster: Sequence[RosterLine], as_of: date) -> dict[str, list[int]]:
    """Group the lines (indices) by person, a person being a valid resident ID or, without one, the line itself."""
    persons: dict[str, list[int]] = {}
    for index, line in enumerate(roster):
        persons.setdefault(valid_id(line.resident_id, as_of) or f"/roster/{index}", []).append(index)
    return persons


def _numbers_of_several(persons: dict[str, list[AssessedLine]]) -> frozenset[str]:
    """Return certificate numbers that more than one person of this roster holds."""
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


def _documented(own: Sequence[AssessedLine], asked: CertificateContext, proofs: Proofs) -> CertificateContext:
    """Assess certificates under `documented`: only an agreeing document counts (name, ID, level, number)."""
    person = Person.of(line.line for line in own)
    return replace(asked, lacking=partial(proofs.certificate, person))


def _person(own: list[AssessedLine], asked: CertificateContext, payers: Payers) -> Iterable[StaffRow]:
    """Select one line per person: the first countable, else the first doubtful, else the first. The others are
    duplicates.
    """
    stands = min(own, key=_precedence)
    for line in own:
        if line is not stands:
            yield StaffRow(line.index, Standing.EXCLUDED, Standing.EXCLUDED, ("duplicate_in_roster",))
    yield _standing_row(stands, own, asked, payers)


def _precedence(line: AssessedLine) -> int:
    return (Standing.COUNTABLE, Standing.DOUBTFUL, Standing.EXCLUDED).index(line.standing)


def _standing_row(stands: AssessedLine, own: list[AssessedLine], asked: CertificateContext, payers: Payers) -> StaffRow:
    codes = [*stands.excluding, *stands.doubting]
    full_time = stands.standing
    if len(own) > 1 and len({name for line in own if (name := normalised_name(line.line.name))}) > 1:
        codes.append("names_differ")
        full_time = worse(full_time, Standing.DOUBTFUL)
    best = best_certificate([one for line in own for one in line.line.certificates], asked)
    social_worker, of_certificate, missing = best.standing, best.codes, best.missing
    if social_worker is not Standing.COUNTABLE and any(CERTIFICATES in line.line.unread for line in own):
        social_worker, of_certificate, missing = (
            Standing.DOUBTFUL,
            ("value_unreadable",),
            (),
        )  # there may be a better one
        codes = [code for code in codes if code != "value_unreadable"]
    return StaffRow(
        stands.index,
        full_time,
        worse(full_time, social_worker),
        (*codes, *of_certificate),
        (*stands.disagreements, *best.disagreements),
        (*_lacking(stands, payers), *missing),
    )


def _lacking(line: AssessedLine, payers: Payers) -> tuple[str, ...]:
    """Return the insurance fields that the line lacks."""
    if "insurance_missing" not in line.doubting:
        return ()
    return lacking_insurance_fields(line.line, payers, line.disagreements)


def count_of(standings: Sequence[Standing]) -> Count:
    """Count the persons that count, and those that may."""
    return Count(standings.count(Standing.COUNTABLE), standings.count(Standing.DOUBTFUL))
