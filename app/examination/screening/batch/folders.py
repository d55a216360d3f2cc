"""Read a dossier folder: the dossier, the roster file that replaces its roster, the documents."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from app.bidders.dossier_reader import DossierRefused, ReadDossier, check_dossier, parse_json
from app.core.eligibility.screening import Assurance
from app.evidence.reading.rosters.importer import roster_incomplete, roster_lines
from app.examination.screening.batch.many import Entry
from app.examination.screening.batch.sources import Source
from app.examination.screening.evidence import NOTHING_DOCUMENTED, Documented, documented
from app.examination.screening.judging import dossier_hash


class Extractor(Protocol):
    """Reads an untrusted file; see `app.evidence.reading.isolation.pool`."""

    def extract(self, data: bytes, name: str) -> dict[str, Any]:
        """Return the extraction record of the file."""


def read_entry(source: Source, assurance: Assurance, extractor: Extractor) -> Entry:
    """Read one dossier; an unreadable one becomes an error line, and the batch continues."""
    try:
        dossier = _read(source, extractor)
        documents = _documents(source, extractor) if assurance is Assurance.DOCUMENTED else NOTHING_DOCUMENTED
    except DossierRefused as refusal:
        return Entry(source.name, None, refusal=refusal)
    return Entry(source.name, dossier.facts, dossier_hash(dossier.data), documented=documents)


def _read(source: Source, extractor: Extractor) -> ReadDossier:
    data = parse_json(source.text())
    if source.has_id and isinstance(data, Mapping):
        data = {key: value for key, value in data.items() if key != "id"}
    if source.roster is None or not isinstance(data, Mapping):
        return check_dossier(data)
    return check_dossier({**data, **_roster(source.roster, extractor)})


def _roster(path: Path, extractor: Extractor) -> dict[str, Any]:
    """Return the dossier members that the roster file replaces: its lines, and why staff may be missing from them."""
    record = extractor.extract(path.read_bytes(), path.name)
    if record["status"] == "rejected" or record["kind"] != "roster":
        codes = ", ".join(str(reason["code"]) for reason in record["reasons"]) or "no_roster_found"
        raise DossierRefused("roster_unreadable", f"{path.name} cannot be read as a roster ({codes})", "/roster")
    lost = roster_incomplete(record["reasons"])
    return {"roster": list(roster_lines(record["rows"]))} | ({"rosterIncomplete": lost} if lost else {})


def _documents(source: Source, extractor: Extractor) -> Documented:
    return documented([extractor.extract(path.read_bytes(), path.name) for path in source.documents])
