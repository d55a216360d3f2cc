"""Do a bidder's documents bear out what its roster declares? Insurance proofs 参保证明 and social worker certificates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.core.documented import Certificate, Disagreement, Documents, InsuredPerson, Place
from app.core.facts import Organization, RosterLine, StaffCertificate
from app.core.identity import masked_id, normalised_code, normalised_name
from app.core.insurance import covers
from app.core.months import Month

_LACKING_INSURANCE = (Disagreement("socialInsurance", None, None),)


@dataclass(frozen=True, slots=True)
class Proofs:
    """The documents of one bidder, by what they prove."""

    payers: frozenset[str]
    insured: tuple[InsuredPerson, ...]
    certificates: dict[str, Sequence[Certificate]]

    @classmethod
    def of(cls, organization: Organization, documents: Documents) -> "Proofs":
        """Index the documents; payers are the bidder's names, former ones included."""
        payers = frozenset(filter(None, map(normalised_name, (organization.name, *organization.former_names))))
        by_number: dict[str, list[Certificate]] = {}
        for certificate in documents.social_workers:
            by_number.setdefault(normalised_code(certificate.text("number")), []).append(certificate)
        return cls(payers, documents.insured, {**by_number})

    def insurance(self, line: RosterLine, window: tuple[Month, Month]) -> tuple[Disagreement, ...]:
        """() where a proof names the person, this payer and the months; else what is declared against what is shown."""
        if not self.insured:
            return _LACKING_INSURANCE
        shown = [row for row in self.insured if _is_person(row.name, row.resident_id, line)]
        found: tuple[Disagreement, ...] = _LACKING_INSURANCE
        for row in shown:
            found = self._insured(row, line, window)
            if not found:
                return ()
        return found

    def _insured(self, row: InsuredPerson, line: RosterLine, window: tuple[Month, Month]) -> tuple[Disagreement, ...]:
        found = []
        declared = line.insurance[0] if line.insurance else None
        if normalised_name(row.payer) not in self.payers:
            found.append(Disagreement("payer", declared.payer if declared else None, row.payer, row.place))
        months = None if row.first is None or row.last is None else (row.first, row.last)
        if months is None or not covers(months, window, line.contract_from):
            stated = _span(declared.first, declared.last) if declared else None
            found.append(Disagreement("months", stated, _span(row.first, row.last), row.place))
        return tuple(found)

    def certificate(self, line: RosterLine, declared: StaffCertificate) -> tuple[Disagreement, ...]:
        """() where a document agrees in name, ID, level and number; else the fields that do not, with both values."""
        documents = self.certificates.get(normalised_code(declared.number), ())
        found: tuple[Disagreement, ...] = (Disagreement("certificate", declared.level, None),)
        for document in documents:
            found = _differences(line, declared, document)
            if not found:
                return ()
        return found


def _is_person(name: str | None, resident_id: str | None, line: RosterLine) -> bool:
    """By the ID where the proof shows one, else by the name."""
    shown, own = normalised_code(resident_id), normalised_code(line.resident_id)
    if shown and own:
        return shown == own
    return bool(normalised_name(name)) and normalised_name(name) == normalised_name(line.name)


def _span(first: Month | None, last: Month | None) -> str:
    return f"{first or '?'}/{last or '?'}"


def _differences(line: RosterLine, declared: StaffCertificate, document: Certificate) -> tuple[Disagreement, ...]:
    pairs = (
        ("name", normalised_name(line.name), normalised_name(document.text("name"))),
        ("residentId", normalised_code(line.resident_id), normalised_code(document.text("residentId"))),
        ("level", declared.level or "", document.text("level") or ""),
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


def _place(document: Certificate, field: str) -> Place | None:
    """Where the field was read; the text of an ID is masked, since places are shown to everyone who sees the result."""
    read = document.fields.get(field)
    if read is None or field != "residentId":
        return read.place if read else None
    return replace(read.place, text=masked_id(read.place.text))
