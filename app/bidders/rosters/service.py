"""Versioned rosters, from JSON or a file: stored encrypted, returned masked."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Select, insert, select

from app.bidders.confidential import counts_of, visible_to
from app.bidders.documents.service import first_uploads
from app.bidders.dossier_format import RosterLinePart, plain_values
from app.bidders.organizations.registry import Organization
from app.bidders.programs import require_proposal
from app.bidders.rosters.schemas import (
    LineOrigin,
    RosterColumnOut,
    RosterHead,
    RosterLineOut,
    RosterOut,
    RosterProblemOut,
)
from app.bidders.rosters.tables import LINE, RESIDENT, RosterLine, RosterVersion
from app.core.procedure.at_deadline import Recorded
from app.evidence.reading.rosters.importer import roster_incomplete, roster_lines
from app.platform.access.masking import masked_facts
from app.platform.audit.events import Event
from app.platform.database.data_keys import scope_of
from app.platform.database.identifiers import new_id
from app.platform.database.sealed import Ciphertext, sealer
from app.platform.database.sensitive import Sensitive
from app.platform.problems import NotFound
from app.platform.unit_of_work import UnitOfWork

_PLACE = re.compile(r"(?P<message>[^(]+) \((?P<sheet>.*?)(?: (?P<cell>[A-Z]{1,3}[1-9][0-9]{0,6}))?\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a roster; `places` has one entry per line."""

    document_id: str | None = None
    places: Sequence[Any] = ()
    problems: Sequence[Mapping[str, Any]] = ()


BY_HAND = Origin()


def add_lines(
    work: UnitOfWork, organization: Organization, lines: Sequence[Mapping[str, Any]], origin: Origin = BY_HAND
) -> RosterVersion:
    """Add a version of an organization's roster; `lines` as in DESIGN 5.1, ID numbers in clear."""
    require_proposal(work, organization.id, "roster")
    organization.roster_version += 1
    roster = RosterVersion(
        organization_id=organization.id,
        number=organization.roster_version,
        source="file" if origin.document_id else "json",
        document_id=origin.document_id,
        line_count=len(lines),
        problems=list(origin.problems),
        recorded_by=work.principal.id,
        trail_chain=work.own_chain,
    )
    work.session.add(roster)
    work.session.flush()
    known = _digests(work, organization.id, roster.number - 1)
    places = origin.places or [None] * len(lines)
    seal = sealer(work.session, scope_of(organization.id))
    rows = [
        {**_row(work, roster, number, place), **_sealed(line, seal)}
        for number, (line, place) in enumerate(zip(lines, places, strict=True))
    ]
    if rows:
        work.session.execute(insert(RosterLine), rows)
    listed = _digests(work, organization.id, roster.number)
    after = {
        "roster": roster.id,
        "number": roster.number,
        "lines": len(rows),
        "document": origin.document_id,
        "personsAdded": len(listed - known),
        "personsRemoved": len(known - listed),
    }
    work.record(Event.CLIENT_ROSTER_ADD, subject=organization.id, after=after)
    return roster


def _digests(work: UnitOfWork, organization_id: str, number: int) -> set[str]:
    """Return the keyed hashes of the ID numbers of one version."""
    query = (
        select(RosterLine.resident_id_hash)
        .join(RosterVersion, RosterVersion.id == RosterLine.roster_id)
        .where(RosterVersion.organization_id == organization_id, RosterVersion.number == number)
        .where(RosterLine.resident_id_hash.is_not(None))
    )
    return {digest for digest in work.session.scalars(query) if digest}


def add_record(
    work: UnitOfWork, organization: Organization, record: Mapping[str, Any], document_id: str
) -> RosterVersion | None:
    """Add a version from a file's extraction with every line of it; return None if the file contains no roster."""
    if record["kind"] != "roster" or not record["rows"]:
        return None
    problems = [masked_facts(_problem(reason)) for reason in record["reasons"]]
    lines = [
        _checked(line, row, problems) for line, row in zip(roster_lines(record["rows"]), record["rows"], strict=True)
    ]
    places = [
        {"sheet": row.get("sheet"), "row": row.get("row"), "hidden": bool(row.get("hidden"))} for row in record["rows"]
    ]
    return add_lines(work, organization, lines, Origin(document_id, places, problems))


def columns_of(record: Mapping[str, Any]) -> tuple[list[RosterColumnOut], list[RosterProblemOut]]:
    """Return the field of each column of an extracted table, and a warning for each unknown heading."""
    found = [
        (masked_facts(sheet["name"]), {**column, "heading": masked_facts(column["heading"])})
        for sheet in record.get("sheets", ())
        for column in sheet["columns"]
    ]
    columns = [
        RosterColumnOut(sheet=sheet, column=one["column"], heading=one["heading"], field=one["field"])
        for sheet, one in found
    ]
    warnings = [
        RosterProblemOut(
            code="heading_not_understood",
            message=f"the heading {one['heading']!r} was not understood; the column was not used",
            sheet=sheet,
            cell=one["column"],
        )
        for sheet, one in found
        if not one["understood"]
    ]
    return columns, warnings


def clear_lines(work: UnitOfWork, organization: Organization) -> list[dict[str, Any]]:
    """Return the latest roster's lines with ID numbers in clear: for the core, never for a response."""
    return [clear_line(row) for row in _lines(work, organization.id, counts_of(work, organization).roster)]


def lines_of(work: UnitOfWork, roster_id: str) -> list[dict[str, Any]]:
    """Return the lines of one version with ID numbers in clear: for the core, never for a response."""
    query = select(RosterLine).where(RosterLine.roster_id == roster_id).order_by(RosterLine.position)
    return [clear_line(row) for row in work.session.scalars(query)]


def incomplete(work: UnitOfWork, organization: Organization, roster_id: str | None = None) -> list[str]:
    """Return why people may be missing from a version (default: the latest), as codes for `rosterIncomplete`."""
    newest = RosterVersion.number == counts_of(work, organization).roster
    wanted = newest if roster_id is None else RosterVersion.id == roster_id
    roster = work.session.scalar(versions(work, organization.id).where(wanted))
    return roster_incomplete(roster.problems) if roster else []


def recorded(work: UnitOfWork, organization_id: str) -> list[Recorded]:
    """Return when each version was recorded and when its content arrived (for a file: its first upload)."""
    query = versions(work, organization_id).with_only_columns(
        RosterVersion.id, RosterVersion.created_at, RosterVersion.document_id
    )
    rows = work.session.execute(query).all()
    first = first_uploads(work, {row.document_id for row in rows if row.document_id})
    return [Recorded(row.id, row.created_at, first.get(row.document_id, row.created_at)) for row in rows]


def clear_line(row: RosterLine) -> dict[str, Any]:
    """Return a stored line as in DESIGN 5.1."""
    return row.line if row.resident_id is None else {**row.line, "residentId": row.resident_id.reveal()}


def versions(work: UnitOfWork, organization_id: str) -> Select[RosterVersion]:
    """Select all versions of an organization's roster that the principal may see."""
    own = RosterVersion.organization_id == organization_id
    return select(RosterVersion).where(own, visible_to(work, RosterVersion))


def shown(work: UnitOfWork, organization: Organization, number: int | None) -> RosterOut:
    """Return a version with masked lines, by default the latest. Errors: NotFound."""
    wanted = counts_of(work, organization).roster if number is None else number
    roster = work.session.scalar(versions(work, organization.id).where(RosterVersion.number == wanted))
    if roster is None:
        raise NotFound
    lines = [_shown_line(row) for row in _lines(work, organization.id, wanted)]
    return RosterOut(**RosterHead.model_validate(roster).model_dump(), lines=lines)


def _lines(work: UnitOfWork, organization_id: str, number: int) -> Iterable[RosterLine]:
    query = (
        select(RosterLine)
        .join(RosterVersion, RosterVersion.id == RosterLine.roster_id)
        .where(RosterVersion.organization_id == organization_id, RosterVersion.number == number)
        .order_by(RosterLine.position)
    )
    return work.session.scalars(query)


def _shown_line(row: RosterLine) -> RosterLineOut:
    origin = LineOrigin.model_validate(row.origin) if row.origin else None
    return RosterLineOut(position=row.position, line=masked_facts(clear_line(row)), origin=origin)


def _row(work: UnitOfWork, roster: RosterVersion, position: int, place: Any) -> dict[str, Any]:
    return {
        "id": new_id(RosterLine.ID_PREFIX),
        "created_at": work.now,
        "roster_id": roster.id,
        "position": position,
        "origin": masked_facts(place),
    }


def _sealed(line: Mapping[str, Any], seal: Callable[[Any, str], Ciphertext]) -> dict[str, Any]:
    resident_id = line.get("residentId")
    rest = {key: value for key, value in line.items() if key != "residentId" or value is None}
    return {
        "line_sealed": seal(rest, LINE),
        "resident_id_sealed": None if resident_id is None else seal(Sensitive(resident_id), RESIDENT),
        "resident_id_hash": resident_id,
    }


def _problem(reason: Mapping[str, str]) -> dict[str, Any]:
    found = _PLACE.fullmatch(reason["message"])
    if found is None:
        return {"code": reason["code"], "message": reason["message"]}
    return {"code": reason["code"], **found.groupdict()}


def _checked(line: Mapping[str, Any], row: Mapping[str, Any], problems: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the line in dossier format; an invalid value becomes missing and is added to `problems`."""
    try:
        return plain_values(RosterLinePart.model_validate(line))
    except ValidationError as error:
        wrong = {
            str(one["loc"][0]) for one in error.errors(include_url=False, include_context=False, include_input=False)
        }
    place = {"sheet": masked_facts(row.get("sheet")), "cell": str(row.get("row"))}
    problems.append(
        {"code": "line_not_understood", "message": "a cell of the line has a value that no roster can have", **place}
    )
    return plain_values(RosterLinePart.model_validate({key: value for key, value in line.items() if key not in wrong}))
