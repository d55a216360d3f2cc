"""Output of `extract`: the JSON lines of the contract, or a table with a row for each value."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from app.core.values.identity import masked_id
from app.entrypoints.cli.terminal.usage import WrongUsage
from app.platform.access.masking import masked_facts

Record = Mapping[str, Any]
_ID = "residentId"
_PLACE = ("page", "box", "confidence", "hidden")
COLUMNS = ("file", "status", "kind", "group", "row", "field", "value", "page", "confidence", "reasons")


class Outcomes:
    """Counts the outcomes of the files."""

    def __init__(self, total: int, earlier: Iterable[str] = ()) -> None:
        self._total = total
        self._states = Counter(earlier)

    @property
    def rejected(self) -> int:
        """Return how many files could not be opened or read."""
        return self._states["rejected"]

    def add(self, record: Record) -> None:
        """Count one more file."""
        self._states[record["status"]] += 1

    def summary(self) -> str:
        """`read 12 of 12: 9 extracted, 2 needs_review, 1 rejected`."""
        counts = ", ".join(f"{self._states[state]} {state}" for state in ("extracted", "needs_review", "rejected"))
        return f"read {self._states.total()} of {self._total}: {counts}"


def masked(record: Record) -> Record:
    """Return the record with every resident ID masked, readable or not."""
    hidden: dict[str, Any] = masked_facts(record)
    hidden["fields"] = [
        {**one, "value": masked_id(one["value"]), "text": masked_id(one.get("text"))} if one["field"] == _ID else one
        for one in hidden["fields"]
    ]
    return hidden


def line(record: Record) -> bytes:
    """Encode one JSON line in UTF-8, independent of the terminal; bytes of a file name that are not UTF-8 become
    escapes.
    """
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def finished(out: Path) -> dict[str, str]:
    """Return the files with complete lines in an earlier output, and their status; an incomplete last line is removed.
    WrongUsage.
    """
    if not out.exists():
        return {}
    text = out.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    try:
        done = {str(record["file"]): str(record["status"]) for record in map(json.loads, whole.splitlines())}
    except (ValueError, KeyError, TypeError):
        raise WrongUsage(f"{out} is not an output of `extract`: it cannot be resumed") from None
    if len(whole) < len(text):
        out.write_bytes(whole)
    return done


def write_table(records: Iterable[Record], stream: BinaryIO, form: str) -> None:
    """Write a row for each field and each cell of a table row; a file without any has one row with its reasons."""
    import polars

    types = {"group": polars.Int64, "row": polars.Int64, "page": polars.Int64, "confidence": polars.Float64}
    rows = [row for record in records for row in _rows(record)]
    columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
    table = polars.DataFrame(columns, schema={name: types.get(name, polars.String) for name in COLUMNS})
    if form == "parquet":
        table.write_parquet(stream)
    elif form == "csv":
        table.write_csv(stream, include_bom=True)
    else:
        _write_workbook(table.iter_rows(), stream)


def _rows(record: Record) -> Iterator[dict[str, Any]]:
    codes = ";".join(str(reason["code"]) for reason in record["reasons"]) or None
    file = record["file"].encode("utf-8", "backslashreplace").decode()
    about = {"file": file, "status": record["status"], "kind": record["kind"], "reasons": codes}
    if not record["fields"] and not record["rows"]:
        yield about
    for one in record["fields"]:
        places = {name: one.get(name) for name in ("group", "page", "confidence")}
        yield {**about, **places, "field": one["field"], "value": _cell(one["value"])}
    for number, row in enumerate(record["rows"]):
        for name, value in row.items():
            if name not in _PLACE:
                places = {"page": row.get("page"), "confidence": row.get("confidence")}
                yield {**about, **places, "row": number, "field": name, "value": _cell(value)}


def _cell(value: Any) -> str | None:
    """Return a text unchanged; lists and numbers as JSON."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _write_workbook(rows: Iterable[tuple[Any, ...]], stream: BinaryIO) -> None:
    """Write a workbook with text cells only: no value can become a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("extract")
        text = book.add_format({"num_format": "@"})
        sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value[:32_767], text)
                elif value is not None:
                    sheet.write_number(number, column, value)
