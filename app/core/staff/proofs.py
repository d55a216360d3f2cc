"""Compare the roster with the documents: insurance proofs 参保证明 and social worker certificates."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from app.core.facts.documents import Disagreement, DocumentedCertificate, Documents, InsuredPerson, Place
from app.core.facts.dossier import Organization, RosterLine, StaffCertificate
from app.core.staff.insurance import Coverage, coverage
from app.core.staff.payers import Payer, Payers
from app.core.values.identity import masked_id, normalised_code, normalised_name
from app.core.values.months import Month

_LACKING_INSURANCE = (Disagreement("socialInsurance", None, None),)


@dataclass(frozen=True, slots=True)
class Person:
    """A person whose documents are looked up: the normalised names on the lines, and the normalised resident ID."""

    names: Set[str]
    resident_id: str

    @classmethod
    def of(cls, lines: Iterable[RosterLine]) -> "Person":
        """Build the person from the lines."""
        own = list(lines)
        return cls(frozenset(map(normalised_name, (line.name for line in own))) - {""}, _id(own[0].resident_id))


@dataclass(frozen=True, slots=True)
class Proofs:
    """The documents of one bidder, indexed by person."""

    payers: Payers
    insured: dict[str, list[InsuredPerson]]
    certificates: dict[str, list[DocumentedCertificate]]

    @classmethod
    def of(cls, organization: Organization, documents: Documents, folding: Mapping[int, str]) -> "Proofs":
        """Index the rows of insurance proofs by name and ID, the certificates by number, name and ID."""
        insured: dict[str, list[InsuredPerson]] = {}
        for row in documents.insured:
            for key in {_id(row.resident_id), normalised_name(row.name)} - {""}:
                insured.setdefault(key, []).append(row)
        certificates: dict[str, list[DocumentedCertificate]] = {}
        for one in documents.social_workers:
            keys = {_id(one.text("number")), _id(one.text("residentId")), normalised_name(one.text("name"))}
            for key in keys - {""}:
                certificates.setdefault(key, []).append(one)
        return cls(Payers.of(organization, folding), insured, certificates)

    def insurance(self, line: RosterLine, window: tuple[Month, Month]) -> tuple[Disagreement, ...]:
        """Return () where a proof names the person, this payer and the months; else the declared and documented values."""
        if not self.insured:
            return _LACKING_INSURANCE
        person, name = _id(line.resident_id), normalised_name(line.name)
        shown = [*self.insured.get(person, ()), *_without_id(self.insured.get(name, ()), person)]
        if not shown:
            return _namesake(self.insured.get(name, ()), person)
        own = [row for row in shown if self.payers.match(row.payer) is Payer.OWN]
        declared = line.insurance[0] if line.insurance else None
        if not own:
            return (Disagreement("payer", declared.payer if declared else None, shown[0].payer, shown[0].place),)
        if _are_covered(own, window, line.contract_from):
            return ()
        stated = _span(declared.first, declared.last) if declared else None
        return (Disagreement("months", stated, "、".join(_span(row.first, row.last) for row in own), own[0].place),)

    def certificate(self, person: Person, declared: StaffCertificate) -> tuple[Disagreement, ...]:
        """Return () where a document agrees in name, ID, level and number; else the differing fields with both values."""
        keys = (_id(declared.number), person.resident_id, *sorted(person.names))
        lacking = (Disagreement("certificate", declared.level, None),)
        differences = [_differences(person, declared, one) for key in keys for one in self.certificates.get(key, ())]
        return min(differences, key=len, default=lacking)

    def insurance_places(self, line: RosterLine) -> list[Place]:
        """Return the places where proofs by this payer name the person."""
        person = _id(line.resident_id)
        shown = [*self.insured.get(person, ()), *_without_id(self.insured.get(normalised_name(line.name), ()), person)]
        return [row.place for row in shown if self.payers.match(row.payer) is Payer.OWN]

    def certificate_places(self, person: Person, declared: StaffCertificate) -> list[Place]:
        """Return the places where documents show the certificate as declared: its number, else the first value read."""
        keys = (_id(declared.number), person.resident_id, *sorted(person.names))
        agreeing = [
            one for key in keys for one in self.certificates.get(key, ()) if not _differences(person, declared, one)
        ]
        places = [_place(one, "number") or _place(one, "name") for one in agreeing]
        return [place for place in places if place is not None]


def _id(text: str | None) -> str:
    return normalised_code(text)


def _without_id(rows: Sequence[InsuredPerson], person: str) -> list[InsuredPerson]:
    """Return rows with this name that cannot be told apart by ID: the proof or the line states none."""
    return [row for row in rows if not person or not _id(row.resident_id)]


def _namesake(rows: Sequence[InsuredPerson], person: str) -> tuple[Disagreement, ...]:
    """Whether a proof names a person of this name with another ID: a typing error in one of them, or a namesake."""
    if not rows:
        return _LACKING_INSURANCE
    shown = masked_id(_id(rows[0].resident_id))
    return (Disagreement("residentId", masked_id(person), shown, rows[0].place),)


def _are_covered(rows: Sequence[InsuredPerson], window: tuple[Month, Month], contract_from: date | None) -> bool:
    """Whether the rows of one kind of insurance cover the window, or the part of it that a new contract can cover."""
    months: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        if row.first is not None and row.last is not None and row.first <= row.last:
            for kind in row.kinds or ("",):
                months.setdefault(kind, []).append((row.first, row.last))
    return any(coverage(periods, window, contract_from) is not Coverage.SHORT for periods in months.values())


def _span(first: Month | None, last: Month | None) -> str:
    return f"{first or '?'}/{last or '?'}"


def _differences(
    person: Person, declared: StaffCertificate, document: DocumentedCertificate
) -> tuple[Disagreement, ...]:
    """Compare declared and documented certificate; the approval day is compared where the document shows one."""
    name = normalised_name(document.text("name"))
    pairs = (
        ("name", "、".join(sorted(person.names)), "、".join(sorted(person.names)) if name in person.names else name),
        ("residentId", person.resident_id, _id(document.text("residentId"))),
        ("level", declared.level or "", document.text("level") or ""),
        ("number", _id(declared.number), _id(document.text("number"))),
        ("approvedOn", _iso(declared.approved_on), _iso(document.day("approvedOn"))),
    )
    return tuple(
        Disagreement(field, _shown(field, ours), _shown(field, theirs), _place(document, field))
        for field, ours, theirs in pairs
        if ours != theirs and not (field == "approvedOn" and not theirs)
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _shown(field: str, value: str) -> str | None:
    return (masked_id(value) if field == "residentId" else value) if value else None


def _place(document: DocumentedCertificate, field: str) -> Place | None:
    read = document.fields.get(field)
    return read.place if read else None
