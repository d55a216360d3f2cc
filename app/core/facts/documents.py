"""Facts read from a bidder's documents, with their place: the basis of the assurance `documented`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core.values.months import Month


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was read: document (sha256), page from 1, box in 0..1 from the top left, text, method, confidence.

    `document_id` and `kind` name the stored document, where there is one, and what it was recognised as.
    """

    document: str
    page: int | None = None
    box: tuple[float, ...] | None = None
    text: str | None = None
    method: str | None = None
    confidence: float | None = None
    document_id: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentedValue:
    """One value read from a document; None where it is present but unreadable."""

    value: str | date | bool | int | None
    place: Place


@dataclass(frozen=True, slots=True)
class DocumentedCertificate:
    """One certificate in a file: its kind, and its fields under the names of the extraction contract."""

    kind: str
    fields: Mapping[str, DocumentedValue]

    def text(self, name: str) -> str | None:
        """Return a field's value as text; None where it is absent or unreadable."""
        read = self.fields.get(name)
        return read.value if read is not None and isinstance(read.value, str) else None

    def day(self, name: str) -> date | None:
        """Return a field's value as a date; None where it is absent or unreadable."""
        read = self.fields.get(name)
        return read.value if read is not None and isinstance(read.value, date) else None

    def number(self, name: str) -> int | None:
        """Return a field's value as a whole number; None where it is absent or unreadable."""
        read = self.fields.get(name)
        return read.value if read is not None and type(read.value) is int else None


@dataclass(frozen=True, slots=True)
class InsuredPerson:
    """One row of an insurance proof 参保证明; `kinds` of 养老 医疗 失业 工伤 生育, empty where not stated."""

    payer: str | None
    name: str | None
    resident_id: str | None
    first: Month | None
    last: Month | None
    place: Place
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Documents:
    """Everything read from one bidder's documents."""

    registrations: tuple[DocumentedCertificate, ...] = ()
    social_workers: tuple[DocumentedCertificate, ...] = ()
    insured: tuple[InsuredPerson, ...] = ()
    declarations: tuple[DocumentedCertificate, ...] = ()
    audit_reports: tuple[DocumentedCertificate, ...] = ()
    annual_checks: tuple[DocumentedCertificate, ...] = ()


NO_DOCUMENTS = Documents()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A declared value that no document confirms; `documented` is None where no document states the field."""

    field: str
    declared: str | None
    documented: str | None
    place: Place | None = None
