"""The dossier as of a bid deadline: the version of each part in force, and the late ones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, or_

from app.bidders.documents import service as documents
from app.bidders.dossier_reader import ReadDossier, check_dossier
from app.bidders.dossiers.service import Sources, assembled, particulars_of
from app.bidders.organizations import registry
from app.bidders.organizations.service import registrations_of
from app.bidders.organizations.tables import Identity, Organization, Registration
from app.bidders.rosters import service as rosters
from app.core.procedure.at_deadline import Arrival, Recorded, arrival, in_force
from app.platform.unit_of_work import UnitOfWork


class PartKind(StrEnum):
    """The versioned parts of a dossier."""

    IDENTITY = "identity"
    REGISTRATION = "registration"
    PARTICULARS = "particulars"
    ROSTER = "roster"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The cut-off: `at` is the bid deadline (None: no deadline), `as_of` the day for which eligibility is judged.

    `clarified`: ids of late parts that answer a clarification within its scope (财政部令第87号 第五十一条).
    """

    at: datetime | None
    as_of: date
    clarified: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DossierVersion:
    """A recorded version of a part; `taken` if screenings use it. `corrected_at`: time of its manual correction."""

    kind: PartKind
    id: str
    recorded_at: datetime
    arrival: Arrival
    taken: bool
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DossierAsOf:
    """The dossier at the deadline, the records of its documents, and every version with its arrival."""

    dossier: ReadDossier
    records: list[dict[str, Any]] = field(default_factory=list)
    versions: tuple[DossierVersion, ...] = ()

    @property
    def late(self) -> tuple[DossierVersion, ...]:
        """Return the versions that screenings do not use because they arrived after the deadline."""
        return tuple(one for one in self.versions if one.arrival is Arrival.LATE)


@dataclass(frozen=True, slots=True)
class _Part:
    """The versions of a part, and the one in force."""

    kind: PartKind
    versions: tuple[Recorded, ...]
    taken: str | None

    @classmethod
    def of(cls, kind: PartKind, versions: Iterable[Recorded], deadline: Deadline) -> "_Part":
        """Select the version in force."""
        known = tuple(versions)
        found = in_force(known, deadline.at, deadline.clarified)
        return cls(kind, known, found.id if found else None)

    def shown(self, deadline: Deadline) -> Iterator[DossierVersion]:
        """Return every version with its arrival."""
        for one in self.versions:
            stands = arrival(one, deadline.at, deadline.clarified)
            yield DossierVersion(self.kind, one.id, one.recorded_at, stands, one.id == self.taken)


def dossier_as_of(
    work: UnitOfWork, organization_id: str, deadline: Deadline, *, with_records: bool = True
) -> DossierAsOf:
    """Return the dossier and document records in force at a deadline. Errors: NotFound for an unknown organization.

    ID numbers are in clear: for the core, never for a response. A bidder whose only name was recorded after the
    deadline keeps that name; every other late part is missing.
    """
    organization = work.get(Organization, organization_id)
    parts = {kind: _Part.of(kind, found, deadline) for kind, found in _recorded(work, organization, deadline.as_of)}
    files = _documents(work, organization_id, deadline)
    counted = {one.id for one in files if one.arrival.counts}
    return DossierAsOf(
        check_dossier(assembled(work, _sources(work, organization, parts))),
        documents.records_of(work, organization_id, counted) if with_records else [],
        (*(one for part in parts.values() for one in part.shown(deadline)), *files),
    )


def _recorded(
    work: UnitOfWork, organization: Organization, as_of: date
) -> Iterator[tuple[PartKind, Iterable[Recorded]]]:
    in_effect = or_(Registration.effective_on.is_(None), Registration.effective_on <= as_of)
    yield PartKind.IDENTITY, _plain(work, registry.identities(organization))
    yield PartKind.REGISTRATION, _plain(work, registrations_of(work, organization).where(in_effect))
    yield PartKind.PARTICULARS, _plain(work, particulars_of(work, organization))
    yield PartKind.ROSTER, rosters.recorded(work, organization.id)


def _plain(work: UnitOfWork, query: Select[Any]) -> Iterator[Recorded]:
    """Convert versions whose content arrived when they were recorded."""
    kind = query.column_descriptions[0]["entity"]
    for row in work.session.execute(query.with_only_columns(kind.id, kind.created_at)):
        yield Recorded(row.id, row.created_at, row.created_at)


def _sources(work: UnitOfWork, organization: Organization, parts: Mapping[PartKind, _Part]) -> Sources:
    identity = parts[PartKind.IDENTITY]
    earliest = min(identity.versions, key=lambda one: (one.recorded_at, one.id)).id
    return Sources(
        organization,
        work.session.get_one(Identity, identity.taken or earliest),
        parts[PartKind.REGISTRATION].taken,
        parts[PartKind.PARTICULARS].taken,
        parts[PartKind.ROSTER].taken,
    )


def _documents(work: UnitOfWork, organization_id: str, deadline: Deadline) -> list[DossierVersion]:
    """Return every document, in time if the same bytes were uploaded in time. Corrected extractions are marked."""
    rows = documents.uploads_of(work, organization_id)
    first: dict[str, datetime] = {}
    for row in rows:
        first[row.sha256] = min(row.created_at, first.get(row.sha256, row.created_at))
    corrected = documents.corrections_since(work, (row.id for row in rows), deadline.at)
    return [_document(row, first[row.sha256], deadline, corrected) for row in rows]


def _document(
    row: Row[str, str, datetime], given_at: datetime, deadline: Deadline, corrected: Mapping[str, datetime]
) -> DossierVersion:
    stands = arrival(Recorded(row.id, row.created_at, given_at), deadline.at, deadline.clarified)
    return DossierVersion(PartKind.DOCUMENT, row.id, row.created_at, stands, stands.counts, corrected.get(row.id))
