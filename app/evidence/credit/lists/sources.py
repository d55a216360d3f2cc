"""Read list files as rows of cells: CSV (UTF-8, GB18030), JSON lines, XLSX, Parquet, plain or gzipped; format by content."""

import codecs
import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, cast

from app.evidence.credit.lists.entries import COLUMNS, Cells, ListUnreadable
from app.evidence.credit.lists.mapping import STANDARD, ColumnMapping, Columns
from app.evidence.encodings import ENCODINGS

MOST_BYTES = 16 * 2**30  # unpacked
_PIECE = 1 << 20
_BATCH = 50_000
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
_ENDS_EARLY = "the compressed file is damaged or ends too early"
_MOST_XLSX = 64 * 2**20

Row = tuple[int, Cells | str]  # line from 1, and its cells in the order of COLUMNS or why they could not be read


@dataclass(frozen=True, slots=True)
class Examined:
    """A list file after one pass over its bytes; `encoding` is empty for binary formats."""

    sha256: str
    size: int
    format: str
    encoding: str


def examine(path: Path) -> Examined:
    """Hash a file and find its format. ListUnreadable for a truncated archive or text in no known encoding."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    try:
        with _opened(path) as file:
            start = file.read(8).lstrip(b"\xef\xbb\xbf \t\r\n")
    except _DAMAGED:
        raise ListUnreadable(_ENDS_EARLY) from None
    if start.startswith((b"PAR1", b"PK\x03\x04")):
        return Examined(digest.hexdigest(), size, "parquet" if start.startswith(b"PAR1") else "xlsx", "")
    kind = "jsonl" if start.startswith(b"{") else "csv"
    return Examined(digest.hexdigest(), size, kind, _encoding(path))


def is_text(path: Path) -> bool:
    """Whether a file is CSV or JSON lines and not packed: what the standard library reads line by line."""
    with path.open("rb") as file:
        return not file.read(4).startswith((b"\x1f\x8b", b"PAR1", b"PK\x03\x04"))


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path, "rb")) if packed else path.open("rb")


def _encoding(path: Path) -> str:
    for encoding in ENCODINGS:
        decoder, total = codecs.getincrementaldecoder(encoding)(), 0
        try:
            with _opened(path) as file:
                while piece := file.read(_PIECE):
                    total += len(piece)
                    if total > MOST_BYTES:
                        raise ListUnreadable(f"the list is longer than {MOST_BYTES} bytes unpacked")
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        except _DAMAGED:
            raise ListUnreadable(_ENDS_EARLY) from None
        return encoding
    raise ListUnreadable("a list is written in UTF-8 or GB18030")


def read_rows(path: Path, examined: Examined, mapping: ColumnMapping = STANDARD) -> Iterator[Row]:
    """The rows of a file in order; empty ones are skipped. ListUnreadable for a wrong header or a damaged file."""
    if examined.format == "xlsx":
        yield from _table(_xlsx(path), mapping)
    elif examined.format == "parquet":
        yield from _parquet(path, mapping)
    else:
        with _opened(path) as raw, io.TextIOWrapper(raw, examined.encoding, newline="") as text:
            yield from _json_lines(text, mapping) if examined.format == "jsonl" else read_csv(text, mapping)


def read_csv(text: Iterable[str], mapping: ColumnMapping = STANDARD) -> Iterator[Row]:
    """Rows of a CSV."""
    rows = csv.reader(iter(text), strict=True)
    try:
        columns = mapping.locate(next(rows, []))
    except csv.Error as error:
        raise ListUnreadable(f"not a CSV file: {error}") from None
    picked = itemgetter(*columns.positions)  # -1, the cell appended below, stands for a column that is not there
    while True:
        try:
            for row in rows:
                if len(row) == columns.width:
                    row.append("")
                    cells = [cell.strip() for cell in picked(row)]
                    if any(cells):
                        yield rows.line_num, columns.rewrite(cells) if columns.rewrite else cells
                elif any(cell.strip() for cell in row):
                    yield rows.line_num, "the row has another number of columns than the header"
        except csv.Error as error:
            if "end of data" in str(error):
                raise ListUnreadable("a quotation mark is not closed: the rest of the file would be lost") from None
            yield rows.line_num, f"not a CSV row: {error}"
            continue
        return


def _json_lines(text: Iterable[str], mapping: ColumnMapping) -> Iterator[Row]:
    columns = dict(mapping.columns) or {column: (column,) for column in COLUMNS}
    rewrite = mapping.locate([names[0] for names in columns.values()]).rewrite
    for line, record in enumerate(text, 1):
        if not record.strip():
            continue
        try:
            values = json.loads(record)
            cells = [_value(values, columns.get(column, ())) for column in COLUMNS]
        except (ValueError, RecursionError, AttributeError) as error:
            yield line, str(error) if isinstance(error, _CellUnreadable) else "not a JSON object"
            continue
        yield line, rewrite(cells) if rewrite else cells


class _CellUnreadable(ValueError):
    """A cell that cannot be taken as text without a guess."""


def _value(values: dict[str, Any], names: Sequence[str]) -> str:
    found = next((values.get(name) for name in names if values.get(name) is not None), "")
    return ";".join(map(_text, found)) if isinstance(found, list) else _text(found)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == cell // 1:
        if abs(cell) >= 10**15:
            raise _CellUnreadable("a code was stored as a number and has lost digits")
        return str(int(cell))
    raise _CellUnreadable("a cell is neither text nor a date")


def _xlsx(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    import python_calamine as calamine  # noqa: PLC0415

    with _opened(path) as file:
        data = file.read(_MOST_XLSX + 1)
    if len(data) > _MOST_XLSX:
        raise ListUnreadable("a workbook of more than 64 MiB: save it as CSV")
    try:
        sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        yield from enumerate(sheet.iter_rows(), (sheet.start or (0, 0))[0] + 1)
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, calamine.PasswordError, OSError) as error:
        raise ListUnreadable("the workbook cannot be read") from error


def _parquet(path: Path, mapping: ColumnMapping) -> Iterator[Row]:
    import polars  # noqa: PLC0415

    try:
        table = polars.scan_parquet(path)
        header = table.collect_schema().names()
        mapping.locate(header)
        start = 0
        while len(batch := table.slice(start, _BATCH).collect()):
            yield from _table(((start + place, row) for place, row in enumerate([header, *batch.iter_rows()])), mapping)
            start += len(batch)
    except (polars.exceptions.PolarsError, OSError) as error:
        raise ListUnreadable("the Parquet file cannot be read") from error


def _table(rows: Iterable[tuple[int, Sequence[object]]], mapping: ColumnMapping) -> Iterator[Row]:
    columns: Columns | None = None
    for line, row in rows:
        if not any(cell not in (None, "") for cell in row):
            continue
        if columns is None:
            columns = mapping.locate([str(cell or "") for cell in row])
            continue
        try:
            texts = [*(_cell(cell) for cell in row[: columns.width]), ""]
        except _CellUnreadable as error:
            yield line, str(error)
            continue
        cells = [texts[place] for place in columns.positions]
        yield line, columns.rewrite(cells) if columns.rewrite else cells
    if columns is None:
        raise ListUnreadable("the table is empty")


def _cell(cell: object) -> str:
    return ";".join(map(_text, cell)) if isinstance(cell, list) else _text(cell)
