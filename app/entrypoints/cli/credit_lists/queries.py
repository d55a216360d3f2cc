"""Queries for `credit match`: CSV or JSON lines with id, name, uscc; unreadable queries are answered with an error."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.facts.dossier import Organization
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.encodings import decoded

_COLUMNS = {"id", "name", "uscc", "former_names", "formerNames"}


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A query: its id as given, and the organization to search for or the error."""

    id: str | None
    organization: Organization | None
    fault: str | None = None


def read_queries(data: bytes) -> Iterator[AskedFor]:
    """Yield queries in input order. ListUnreadable where it is neither CSV nor JSON lines."""
    text = _decoded(data)
    if text.lstrip()[:1] == "{":
        yield from (_json_query(line) for line in text.split("\n") if line.strip())
        return
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [column.strip() for column in next(rows, [])]
        if not {"name", "uscc"} & set(header) or not set(header) <= _COLUMNS:
            raise ListUnreadable("queries are CSV with the columns id, name, uscc, or JSON lines with these keys")
        for row in rows:
            if row:
                yield _query(dict(zip(header, row, strict=False)))
    except csv.Error as error:
        raise ListUnreadable(f"not a CSV file (line {rows.line_num}): {error}") from None


def _decoded(data: bytes) -> str:
    try:
        return decoded(data)
    except UnicodeDecodeError:
        raise ListUnreadable("queries in UTF-8 or GB18030 are expected") from None


def _json_query(line: str) -> AskedFor:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return AskedFor(None, None, "not a JSON object")
    return _query(values) if isinstance(values, dict) else AskedFor(None, None, "not a JSON object")


def _query(values: Mapping[str, Any]) -> AskedFor:
    given = values.get("id")
    query_id = given if isinstance(given, str) else None if given is None else json.dumps(given)
    former = values.get("formerNames", values.get("former_names")) or []
    names = former.split(";") if isinstance(former, str) else former
    if not isinstance(names, list):
        return AskedFor(query_id, None, "formerNames must be a list of texts")
    texts = [values.get("name"), values.get("uscc"), *names]
    if not all(text is None or isinstance(text, str) for text in texts):
        return AskedFor(query_id, None, "id, name and uscc must be texts")
    if any("\ud800" <= character <= "\udfff" for text in (query_id, *texts) for character in text or ""):
        return AskedFor(None, None, "a text contains a lone surrogate")
    kept = tuple(name for name in names if name)
    return AskedFor(query_id, Organization(values.get("name") or None, values.get("uscc") or None, kept))
