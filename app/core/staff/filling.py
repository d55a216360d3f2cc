"""Fill what a roster leaves out from papers that were read, under the assurance `documented`.

A paper fills a line only where it certainly names the same person: by the same valid resident ID, or by the same name
where the paper states no ID and no other line has that name. A stated value is never changed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from app.core.facts.documents import DocumentedCertificate, InsuredPerson, Place
from app.core.facts.dossier import InsurancePeriod, RosterLine, StaffCertificate
from app.core.staff.certificates import SOCIAL_WORKER, is_social_worker
from app.core.staff.lines import CERTIFICATES, INSURANCE
from app.core.staff.proofs import Proofs
from app.core.values.frozen import value
from app.core.values.identity import birth_date, normalised_code, normalised_name
from app.core.values.months import Month

_One = TypeVar("_One")


@value
class Filled:
    """A value that a paper supplied for a roster line (by index), and where it was read."""

    index: int
    field: str
    value: str
    place: Place


@value
class _Person:
    """Whom a line names: the valid resident ID and the name that no other line has; "" where there is none."""

    resident_id: str
    name: str

    def is_named(self, resident_id: str | None, name: str | None) -> bool:
        """Whether a paper with this ID and name is about the person."""
        shown = normalised_code(resident_id)
        if shown:
            return shown == self.resident_id
        return bool(self.name) and normalised_name(name) == self.name


def filled_from_papers(
    roster: Sequence[RosterLine], proofs: Proofs
) -> tuple[tuple[RosterLine, ...], tuple[Filled, ...]]:
    """Return the roster with what the papers supply, and each supplied value."""
    names = Counter(normalised_name(line.name) for line in roster)
    lines: list[RosterLine] = []
    found: list[Filled] = []
    for index, line in enumerate(roster):
        person = _person(line, has_unique_name=names[normalised_name(line.name)] == 1)
        certificates, read = _certificates(line, person, proofs)
        insurance, seen = _insurance(line, person, proofs)
        changed = (certificates, insurance) != (line.certificates, line.insurance)
        lines.append(replace(line, certificates=certificates, insurance=insurance) if changed else line)
        found += [Filled(index, field, text, place) for field, text, place in (*read, *seen)]
    return tuple(lines), tuple(found)


_Read = tuple[str, str, Place]


def _person(line: RosterLine, *, has_unique_name: bool) -> _Person:
    code = normalised_code(line.resident_id)
    is_valid = birth_date(code) is not None and "residentId" not in line.unread
    return _Person(
        code if is_valid else "",
        normalised_name(line.name) if has_unique_name and "name" not in line.unread else "",
    )


def _certificates(
    line: RosterLine, person: _Person, proofs: Proofs
) -> tuple[tuple[StaffCertificate, ...], list[_Read]]:
    """Complete each declared certificate; add one where the roster states none and a paper shows the person's ID."""
    keys = filter(None, (person.resident_id, person.name))
    papers = [paper for key in keys for paper in proofs.certificates.get(key, ())]
    own = [one for one in _distinct(papers) if person.is_named(one.text("residentId"), one.text("name"))]
    read: list[_Read] = []
    completed = []
    for declared in line.certificates:
        paper = _only([one for one in own if _agrees(declared, one)]) if _is_incomplete(declared) else None
        completed.append(_completed(declared, paper, read) if paper else declared)
    if not any(map(is_social_worker, line.certificates)) and CERTIFICATES not in line.unread:
        paper = _only([one for one in own if one.text("residentId")])
        completed += [_completed(StaffCertificate(SOCIAL_WORKER, None, None, None), paper, read)] if paper else []
    return tuple(completed), read


def _is_incomplete(declared: StaffCertificate) -> bool:
    return is_social_worker(declared) and (
        None in (declared.kind, declared.level, declared.approved_on) or not normalised_code(declared.number)
    )


def _agrees(declared: StaffCertificate, paper: DocumentedCertificate) -> bool:
    """Whether no stated value differs from the paper's."""
    pairs = (
        (declared.level, paper.text("level")),
        (normalised_code(declared.number), normalised_code(paper.text("number"))),
        (declared.approved_on, paper.day("approvedOn")),
    )
    return all(not ours or not theirs or ours == theirs for ours, theirs in pairs)


def _completed(declared: StaffCertificate, paper: DocumentedCertificate, read: list[_Read]) -> StaffCertificate:
    level = declared.level or _taken(paper, "level", paper.text("level"), read)
    number = declared.number or _taken(paper, "number", paper.text("number"), read)
    approved_on = declared.approved_on or _taken(paper, "approvedOn", paper.day("approvedOn"), read)
    return replace(declared, kind=declared.kind or SOCIAL_WORKER, level=level, number=number, approved_on=approved_on)


_Taken = TypeVar("_Taken", str, date)


def _taken(paper: DocumentedCertificate, field: str, shown: _Taken | None, read: list[_Read]) -> _Taken | None:
    if shown:
        read.append((f"certificates.{field}", str(shown), paper.fields[field].place))
    return shown


def _insurance(line: RosterLine, person: _Person, proofs: Proofs) -> tuple[tuple[InsurancePeriod, ...], list[_Read]]:
    """Complete payer and months of each period; add the periods of the proof where the roster states none."""
    keys = filter(None, (person.resident_id, person.name))
    rows = [row for key in keys for row in proofs.insured.get(key, ())]
    own = [row for row in _distinct(rows) if person.is_named(row.resident_id, row.name)]
    read: list[_Read] = []
    if not own:
        return line.insurance, read
    if not line.insurance:
        return (() if INSURANCE in line.unread else tuple(_period(row, read) for row in own)), read
    return tuple(_filled_period(one, own, read) for one in line.insurance), read


def _period(row: InsuredPerson, read: list[_Read]) -> InsurancePeriod:
    return _with(InsurancePeriod(None, None, None), row.payer, (row.first, row.last), (row.place, read))


def _filled_period(period: InsurancePeriod, rows: Sequence[InsuredPerson], read: list[_Read]) -> InsurancePeriod:
    """Fill from the rows that contradict no stated value, where they agree among themselves."""
    fitting = [row for row in rows if _fits(period, row)]
    payers = {normalised_name(row.payer): row.payer for row in fitting}
    if period.unread or len(payers) != 1:
        return period
    firsts, lasts = {row.first for row in fitting}, {row.last for row in fitting}
    months = (_only(firsts), _only(lasts))
    return _with(period, next(iter(payers.values())), months, (fitting[0].place, read))


def _fits(period: InsurancePeriod, row: InsuredPerson) -> bool:
    pairs = (
        (normalised_name(period.payer), normalised_name(row.payer)),
        (period.first, row.first),
        (period.last, row.last),
    )
    return all(ours in (None, "") or theirs in (None, "") or ours == theirs for ours, theirs in pairs)


def _with(
    period: InsurancePeriod,
    payer: str | None,
    months: tuple[Month | None, Month | None],
    source: tuple[Place, list[_Read]],
) -> InsurancePeriod:
    place, read = source
    shown = {"payer": payer, "first": months[0], "last": months[1]}
    lacking = {name: known for name, known in shown.items() if known and not getattr(period, name)}
    wire = {"payer": "payer", "first": "from", "last": "to"}
    read += [(f"{INSURANCE}.{wire[name]}", str(known), place) for name, known in lacking.items()]
    return replace(period, **lacking) if lacking else period  # type: ignore[arg-type]


def _distinct(found: Iterable[_One]) -> list[_One]:
    """Return each paper once: it may be found by ID and by name."""
    return list({id(one): one for one in found}.values())


def _only(found: Iterable[_One]) -> _One | None:
    """Return the single one; None where there are none or several."""
    kept = list(found)
    return kept[0] if len(kept) == 1 else None
