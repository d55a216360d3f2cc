"""Batch screening from tables 表格批量: organizations, roster and certificates as CSV or Parquet.

The columns are the fields of a dossier by their flattened names; each organization becomes an ordinary dossier, read
and answered like any other. Lists are written in one cell: `甲;乙`, `2015:passed;2016:failed`. A further column of the
roster that a policy asks for is named `columns.` and its heading.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import polars

from app.core.values.identity import normalised_code
from app.evidence.encodings import decoded
from app.examination.screening.batch.sources import Source

KEY = "organizationId"
_REGISTRATION = ("authority", "kind", "legalForm", "personality", "number", "registeredOn", "validFrom", "validTo")
_Path = tuple[str, ...]


def _flattened(part: str, *names: str) -> dict[str, _Path]:
    return {f"{part}{name[0].upper()}{name[1:]}": (part, name) for name in names}


ORGANIZATION: Mapping[str, _Path] = {
    "name": ("name",),
    "formerNames": ("formerNames",),
    "annualChecks": ("registration", "annualChecks"),
    "registrationUnread": ("registration", "unread"),
    **_flattened("identifier", "scheme", "id"),
    **_flattened("registration", *_REGISTRATION, "openEnded", "businessScope"),
}
DECLARED: Mapping[str, _Path] = {
    name: (name,) for name in ("declarations", "auditReports", "documents", "figures", "rosterIncomplete")
}
LINE: Mapping[str, _Path] = {
    **{
        name: (name,)
        for name in ("name", "residentId", "employment", "position", "contractFrom", "contractTo", "unread")
    },
    **_flattened("socialInsurance", "payer", "from", "to", "unread"),
}
CERTIFICATE: Mapping[str, _Path] = {
    name: (name,) for name in ("residentId", "kind", "level", "number", "approvedOn", "validTo")
}
FURTHER = "columns."  # of the roster: what a policy asks for beside the fields of a line
_MONTHS = ("socialInsuranceFrom", "socialInsuranceTo")
_Row = dict[str, Any]


class TableUnreadable(ValueError):
    """A table is unusable; the message names it and states what was expected."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The files of a run: organizations, roster, and certificates if there are any."""

    organizations: Path
    roster: Path
    certificates: Path | None = None

    def read(self) -> tuple[list[Source], list[str]]:
        """Return a dossier for each organization, in table order, and warnings for the user. Errors: TableUnreadable,
        OSError.
        """
        organizations = _table(self.organizations, [*ORGANIZATION, *DECLARED])
        if organizations[KEY].is_duplicated().any():
            raise TableUnreadable(f"{self.organizations}: each {KEY} is expected once")
        bidders = {row[KEY]: _Bidder(row) for row in organizations.iter_rows(named=True)}
        for row in _rows_of(bidders, self.roster, LINE, FURTHER):
            bidders[row[KEY]].lines.append(row)
        for row in _rows_of(bidders, self.certificates, CERTIFICATE) if self.certificates else ():
            bidders[row[KEY]].certificates.append(row)
        stray = sum(bidder.stray_certificates() for bidder in bidders.values())
        notes = [f"{self.certificates}: {stray} rows match no line of their organization's roster"] if stray else []
        return [Source(key, key, partial(_dossier, bidder)) for key, bidder in bidders.items()], notes


@dataclass(slots=True)
class _Bidder:
    organization: _Row
    lines: list[_Row] = field(default_factory=list)
    certificates: list[_Row] = field(default_factory=list)

    def stray_certificates(self) -> int:
        """Count certificate rows without a resident ID, or with one that no roster line has."""
        staff = {_person(row) for row in self.lines} - {""}
        return sum(_person(row) not in staff for row in self.certificates)


def _person(row: _Row) -> str:
    return normalised_code(row.get("residentId"))


def _rows_of(
    bidders: Mapping[str, _Bidder], file: Path, columns: Iterable[str], further: str | None = None
) -> Iterable[_Row]:
    table = _table(file, columns, further)
    if not table[KEY].is_in(list(bidders)).all():
        raise TableUnreadable(f"{file}: a row's {KEY} is not among the organizations")
    return table.iter_rows(named=True)


def _table(file: Path, columns: Iterable[str], further: str | None = None) -> polars.DataFrame:
    """Read all cells as text, an empty one as missing; every row names its organization.

    Columns that begin with `further` are admitted beside the known ones.
    """
    if not file.is_file():
        raise TableUnreadable(f"{file}: there is no such file")
    content = file.read_bytes()
    known = (KEY, *columns)
    try:
        table = _read(content)
    except (polars.exceptions.PolarsError, UnicodeDecodeError):
        raise TableUnreadable(f"{file}: expected Parquet, or CSV in UTF-8 or GB18030") from None
    unknown = [name for name in table.columns if name not in known and not (further and name.startswith(further))]
    if KEY not in table.columns or unknown:
        admitted = [*known, *([f"{further}…"] if further else [])]
        raise TableUnreadable(f"{file}: expected columns: {', '.join(admitted)}")
    if table[KEY].null_count():
        raise TableUnreadable(f"{file}: every row must have a value in {KEY}")
    return table


def _read(content: bytes) -> polars.DataFrame:
    if content.startswith(b"PAR1"):
        table = polars.read_parquet(content)
        return table.select(_text(name, kind) for name, kind in table.schema.items())
    return polars.read_csv(io.BytesIO(decoded(content).encode()), infer_schema=False)


def _text(name: str, kind: polars.DataType) -> polars.Expr:
    column = polars.col(name)
    if kind == polars.List:
        return column.cast(polars.List(polars.String)).list.join(";")
    if kind in (polars.Date, polars.Datetime):
        return column.dt.strftime("%Y-%m" if name in _MONTHS else "%Y-%m-%d")
    return column.cast(polars.String)


def _dossier(bidder: _Bidder) -> bytes:
    """Build the dossier of one organization as JSON; its roster counts as submitted, so no rows means no staff."""
    organization = _nested(bidder.organization, ORGANIZATION)
    declared = _nested(bidder.organization, DECLARED)
    certificates: dict[str, list[_Row]] = {}
    for row in bidder.certificates:
        certificates.setdefault(_person(row), []).append(_certificate(row))
    certificates.pop("", None)
    roster = []
    for row in bidder.lines:
        own = certificates.pop(_person(row), [])  # attach to the first line of a person who has several
        roster.append({**_nested(row, LINE), **_further(row), "certificates": own})
    return orjson.dumps({"organization": organization, "roster": roster, **declared})


def _further(row: _Row) -> _Row:
    columns = {name.removeprefix(FURTHER): text for name, text in row.items() if name.startswith(FURTHER) and text}
    return {"columns": columns} if columns else {}


def _certificate(row: _Row) -> _Row:
    found = _nested(row, CERTIFICATE)
    found.pop("residentId", None)
    return {"kind": "social_worker", **found}


def _nested(row: _Row, columns: Mapping[str, _Path]) -> _Row:
    found: _Row = {}
    for column, path in columns.items():
        text = row.get(column)
        if text is None:
            continue
        part = found
        for step in path[:-1]:
            part = part.setdefault(step, {})
        part[path[-1]] = _VALUES.get(column, str)(text)
    return found


def _names(text: str) -> list[str]:
    return [name for one in text.split(";") if (name := one.strip())]


def _flag(text: str) -> object:
    return {"true": True, "false": False}.get(text.strip().lower(), text)


def _by_year(key: str, text: str) -> list[_Row]:
    """Parse `2015:passed;2016:failed`."""
    pairs = [one.partition(":") for one in _names(text)]
    return [{"year": int(year) if year.isdecimal() else year, key: value} for year, _, value in pairs]


def _figures(text: str) -> list[_Row]:
    """Parse `turnover:2016:1200000;premises_area::300`: kind, year if there is one, value."""
    found = []
    for one in _names(text):
        kind, _, rest = one.partition(":")
        year, _, figure = rest.rpartition(":")
        found.append(
            {"kind": kind, "value": figure, **({"year": int(year) if year.isdecimal() else year} if year else {})}
        )
    return found


def _kinds(text: str) -> list[_Row]:
    return [{"kind": kind} for kind in _names(text)]


_VALUES: Mapping[str, Any] = {
    "formerNames": _names,
    "unread": _names,
    "registrationUnread": _names,
    "socialInsuranceUnread": _names,
    "rosterIncomplete": _names,
    "documents": _kinds,
    "figures": _figures,
    "registrationOpenEnded": _flag,
    "annualChecks": partial(_by_year, "conclusion"),
    "auditReports": partial(_by_year, "opinion"),
    "declarations": _kinds,
}
