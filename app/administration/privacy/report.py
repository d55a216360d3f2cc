"""Report of a person's data (PIPL art 45), found by decrypting and searching everything stored."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Mapper, Session

from app.administration.privacy.retention import ORGANIZATION, TENDER, retention_of
from app.bidders.organizations.registry import Organization
from app.core.values.identity import birth_date, masked_id, normalised_code
from app.platform.audit.events import Event
from app.platform.database.base import Base, metadata
from app.platform.database.data_keys import FactsErased
from app.platform.database.sealed import Ciphertext, Owned, Sealed
from app.platform.database.sensitive import Sensitive
from app.platform.database.types import CanonicalJson, EncryptedJson, EncryptedText
from app.platform.problems import Invalid
from app.platform.unit_of_work import Platform, UnitOfWork

AT_ONCE = 200


class NoResidentId(Invalid):
    """The search text is not a valid resident ID (GB 11643)."""

    code, title = "no_resident_id", "Not a valid resident ID"


@dataclass(frozen=True, slots=True)
class Place:
    """A row that contains the person's number: place, owner, creation and retention."""

    table: str
    id: str
    pointers: tuple[str, ...]
    organization: str | None
    tender: str | None
    since: str | None
    until: str | None


@dataclass(slots=True)
class Held:
    """The report; `events` are audit events with the masked number, `erased` counts unreadable rows."""

    person: str
    places: list[Place] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    organizations: dict[str, str] = field(default_factory=dict)
    erased: int = 0


def report(platform: Platform, resident_id: str) -> Held:
    """Find everything that contains the number; the request is recorded. Raises NoResidentId."""
    number = normalised_code(resident_id)
    if birth_date(number) is None:
        raise NoResidentId
    held = Held(str(masked_id(number)))
    with platform.reading() as work:
        for mapper in sorted(Base.registry.mappers, key=lambda one: str(one.local_table)):
            for row in _rows(work.session, mapper):
                _look(work, row, mapper, number, held)
        held.events = list(_events(work.session, held.person))
        held.organizations = _names(work, held)
    after = {"person": held.person, "places": len(held.places), "events": len(held.events)}
    with platform.work() as work:
        work.record(Event.ADMIN_PRIVACY_REPORT, subject="person", after=after)
    return held


def _closed(mapper: Mapper[Any]) -> list[str]:
    """Return the attributes that may contain personal data: all encrypted ones, and all JSON values."""
    kinds = Sealed | EncryptedText | EncryptedJson | CanonicalJson
    return [column.key for column in mapper.column_attrs if isinstance(column.columns[0].type, kinds)]


def _rows(session: Session, mapper: Mapper[Any]) -> Iterator[Any]:
    if not _closed(mapper) or mapper.local_table.name == "audit_event":  # type: ignore[attr-defined]
        return
    query = select(mapper).order_by(*mapper.primary_key).execution_options(yield_per=AT_ONCE)
    for row in session.scalars(query):
        yield row
        session.expunge(row)


def _look(work: UnitOfWork, row: Any, mapper: Mapper[Any], number: str, held: Held) -> None:
    found: list[str] = []
    for name in _closed(mapper):
        try:
            value = _opened(getattr(row, name))
        except FactsErased:
            held.erased += 1
            continue
        found += [f"/{name.removesuffix('_sealed')}{pointer}" for pointer in _pointers(value, number)]
    if found:
        held.places.append(_place(work, row, mapper, found))


def _opened(value: Any) -> Any:
    if isinstance(value, Ciphertext):
        plain = value.open().decode()
        return json.loads(plain) if plain[:1] in ("{", "[", '"') else plain
    return value.reveal() if isinstance(value, Sensitive) else value


def _pointers(value: Any, number: str) -> Iterator[str]:
    match value:
        case dict():
            for key, item in value.items():
                yield from (f"/{key}{rest}" for rest in _pointers(item, number))
        case list():
            for place, item in enumerate(value):
                yield from (f"/{place}{rest}" for rest in _pointers(item, number))
        case str() if len(value) >= len(number) and number in _plain(value):
            yield ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _place(work: UnitOfWork, row: Any, mapper: Mapper[Any], pointers: list[str]) -> Place:
    scope = row.key_scope(work.session) if isinstance(row, Owned) else ""
    parts = [*scope.split("/"), getattr(row, "organization_id", None), getattr(row, "tender_id", None)]
    organization = next((part for part in parts if part and part.startswith(ORGANIZATION)), None)
    tender = next((part for part in parts if part and part.startswith(TENDER)), None)
    until = retention_of(work, tender or organization or "").until
    since = getattr(row, "created_at", None)
    return Place(
        table=str(mapper.local_table.name),  # type: ignore[attr-defined]
        id=":".join(str(value) for value in mapper.primary_key_from_instance(row)),
        pointers=tuple(pointers),
        organization=organization,
        tender=tender,
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
    )


def _events(session: Session, person: str) -> Iterator[dict[str, str]]:
    """Yield audit events with the masked number, which may be another person's with the same county and last four
    digits.
    """
    trail = metadata.tables["audit_event"]
    texts = [cast(trail.c[name], String).contains(person, autoescape=True) for name in ("before", "after")]
    query = select(trail.c.id, trail.c.event, trail.c.subject_id, trail.c.occurred_at).where(or_(*texts))
    for row in session.execute(query.order_by(trail.c.occurred_at, trail.c.id)):
        yield {"id": row.id, "event": row.event, "subject": row.subject_id, "at": row.occurred_at.isoformat()}


def _names(work: UnitOfWork, held: Held) -> dict[str, str]:
    """Return the names of the organizations in a report."""
    ids = {place.organization for place in held.places if place.organization}
    found = work.session.scalars(select(Organization).where(Organization.id.in_(ids)))
    return {one.id: one.name for one in found}
