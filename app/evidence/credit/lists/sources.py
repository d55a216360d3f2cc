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
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, cast

from app.evidence.credit.lists.alignment import Alignment, HeaderMissing, Located, cell_text, locate
from app.evidence.credit.lists.entries import Cells, ListUnreadable
from app.evidence.credit.lists.header import TITLE_ROWS
from app.evidence.credit.lists.mapping import STANDARD, ColumnMapping
from app.evidence.encodings import ENCODINGS

MOST_BYTES = 16 * 2**30  # unpacked
_PIECE = 1 << 20
_BATCH = 50_000
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
_ENDS_EARLY = "the compressed file is damaged or ends too early"
_MOST_XLSX = 64 * 2**20
_HEAD_LINES = 200  # text in which the first rows and their header are expected
_DELIMITERS = ",\t;|"

Row = tuple[int, Cells | str]  # line from 1, and its cells in the order of COLUMNS or why they could not be read


@dataclass(frozen=True, slots=True)
class Examined:
    """A list file after one pass over its bytes; `encoding` is empty for binary formats."""

    sha256: str
    size: int
    format: str
    encoding: str


def examine(path: Path) -> Examined:
    """Hash a file and detect its format. ListUnreadable for a truncated archive or text in no known encoding."""
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
    """Whether a file is uncompressed CSV or JSON lines, which the standard library reads line by line."""
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
    """Yield the rows of a file in order; empty ones are skipped. ListUnreadable for a missing header or a damaged file."""
    if examined.format == "xlsx":
        yield from _workbook(path, mapping)
    elif examined.format == "parquet":
        yield from _parquet(path, mapping)
    else:
        with _opened(path) as raw, io.TextIOWrapper(raw, examined.encoding, newline="") as text:
            yield from _json_lines(text, mapping) if examined.format == "jsonl" else read_csv(text, mapping)


def read_csv(text: Iterable[str], mapping: ColumnMapping = STANDARD) -> Iterator[Row]:
    """Yield the rows of a CSV with commas, tabs, semicolons or bars between the cells."""
    lines = iter(text)
    head = list(islice(lines, _HEAD_LINES))
    located, delimiter = _csv_header(head, mapping)
    rows = csv.reader(chain(head, lines), strict=True, delimiter=delimiter)
    for _ in range(located.row + 1):
        next(rows)
    align, columns = located.align, located.columns
    picked = itemgetter(*columns.positions)  # -1, the cell appended below, represents a missing column
    width, is_rewritten = columns.width, mapping.rewrites(columns)
    while True:
        try:
            for row in rows:
                if len(row) == width and not is_rewritten:
                    row.append("")
                    cells = [cell.strip() for cell in picked(row)]
                    if (cells[0] and cells[1]) or not align.is_no_entry(row):
                        yield rows.line_num, cells
                elif not align.is_no_entry(row):
                    yield rows.line_num, align.cells(row)
        except csv.Error as error:
            if "end of data" in str(error):
                raise ListUnreadable("a quotation mark is not closed: the rest of the file would be lost") from None
            yield rows.line_num, f"not a CSV row: {error}"
            continue
        return


def _csv_header(head: Sequence[str], mapping: ColumnMapping) -> tuple["Located", str]:
    first_error: ListUnreadable | None = None
    for delimiter in _DELIMITERS:
        rows: list[list[str]] = []
        try:
            rows.extend(islice(csv.reader(iter(head), delimiter=delimiter), TITLE_ROWS))
        except csv.Error as error:
            first_error = first_error or ListUnreadable(f"not a CSV file: {error}")
            continue
        try:
            return locate(rows, mapping), delimiter
        except ListUnreadable as error:
            first_error = first_error or error
    assert first_error is not None
    raise first_error


def _json_lines(text: Iterable[str], mapping: ColumnMapping) -> Iterator[Row]:
    lines = enumerate(text, 1)
    head = list(islice(lines, TITLE_ROWS))
    keys = list(dict.fromkeys(key for _, record in head for key in _object(record)))
    columns = mapping.locate(keys)
    align = Alignment(columns, mapping, [])
    for line, record in chain(head, lines):
        if not record.strip():
            continue
        values = _object(record)
        if not values:
            yield line, "not a JSON object"
            continue
        yield line, align.cells([cell_text(values.get(key)) for key in keys])


def _object(record: str) -> dict[str, Any]:
    try:
        values = json.loads(record)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _workbook(path: Path, mapping: ColumnMapping) -> Iterator[Row]:
    """Yield the rows of all sheets, including hidden ones; line numbers continue from sheet to sheet."""
    sheets = list(_sheets(path))
    located = 0
    before = 0
    refusal: ListUnreadable | None = None
    for name, rows in sheets:
        found = list(rows)
        try:
            yield from _table(((before + line, row) for line, row in found), mapping)
            located += 1
        except HeaderMissing as error:
            refusal = refusal or error
            for line, row in found:
                if any(cell not in (None, "") for cell in row):
                    yield before + line, f"sheet {name[:40]} has no header that is known"
        before += found[-1][0] if found else 0
    if not located:
        raise refusal or ListUnreadable("the workbook is empty")


def _sheets(path: Path) -> Iterator[tuple[str, Iterable[tuple[int, Sequence[object]]]]]:
    import python_calamine as calamine  # noqa: PLC0415

    with _opened(path) as file:
        data = file.read(_MOST_XLSX + 1)
    if len(data) > _MOST_XLSX:
        raise ListUnreadable("a workbook of more than 64 MiB: save it as CSV")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height:
                yield name, enumerate(sheet.iter_rows(), (sheet.start or (0, 0))[0] + 1)
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, calamine.PasswordError, OSError) as error:
        raise ListUnreadable("the workbook cannot be read") from error


def _parquet(path: Path, mapping: ColumnMapping) -> Iterator[Row]:
    import polars  # noqa: PLC0415

    try:
        table = polars.scan_parquet(path)
        header = table.collect_schema().names()
        align = Alignment(mapping.locate(header), mapping, header)
        start = 0
        while len(batch := table.slice(start, _BATCH).collect()):
            for line, row in enumerate(batch.iter_rows(), start + 2):
                texts = [cell_text(cell) for cell in row]
                if not align.is_no_entry(texts):
                    yield line, align.cells(texts)
            start += len(batch)
    except (polars.exceptions.PolarsError, OSError) as error:
        raise ListUnreadable("the Parquet file cannot be read") from error


def _table(rows: Iterable[tuple[int, Sequence[object]]], mapping: ColumnMapping) -> Iterator[Row]:
    lines = iter(rows)
    head = list(islice(lines, TITLE_ROWS))
    located = locate([[cell_text(cell) for cell in row] for _, row in head], mapping)
    for line, row in chain(head[located.row + 1 :], lines):
        texts = [cell_text(cell) for cell in row]
        if not located.align.is_no_entry(texts):
            yield line, located.align.cells(texts)
