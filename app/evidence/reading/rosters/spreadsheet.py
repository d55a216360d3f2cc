"""Spreadsheet files as plain grids: XLSX, XLS and ODS by calamine, CSV by the standard library. Runs in a child process only."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.evidence.encodings import decoded
from app.evidence.reading.archives import ArchiveRefused, check_archive
from app.evidence.reading.limits import Limits

Cell = Any  # str | int | float | bool | date | datetime | time | timedelta | None: what calamine returns, "" for an empty cell


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows of cells from its first used row on; `first_row` and `first_column` count from 0 in the file."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()  # top, left, bottom, right in the coordinates of `rows`
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    first_row: int = 0
    first_column: int = 0

    def cell_name(self, row: int, column: int) -> str:
        """The name a person sees in the sheet, `D3`, for indexes into `rows`."""
        letters, number = "", column + self.first_column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{row + self.first_row + 1}"


class SheetRefused(Exception):
    """The file cannot be read as a spreadsheet; `code` is stable, the message names the limit or the fault."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream that an XLSX with a password hides in
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_ROW_NUMBER = re.compile(rb'\br="(\d{1,8})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})')
_BEYOND_Z = re.compile(rb'r="[A-Z][A-Z]')
_SHEET_TAG = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\b\w+:id="([^"]{1,100})"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")


def read_workbook(data: bytes, limits: Limits) -> list[Sheet]:
    """All worksheets of an XLSX, XLS or ODS file in order, hidden ones too."""
    import python_calamine as calamine

    if data[:4] == _OLE and _ENCRYPTED in data:
        raise SheetRefused("encrypted", "the workbook is protected by a password")
    hidden = _hidden_rows_by_sheet(data, limits)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = hidden if len(hidden) == len(book.sheets_metadata) else [set()] * len(book.sheets_metadata)
        metas = [
            (m, r) for m, r in zip(book.sheets_metadata, rows, strict=True) if m.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        return [_sheet(book, m.name, m.visible != calamine.SheetVisibleEnum.Visible, r, limits) for m, r in metas]
    except calamine.PasswordError as error:
        raise SheetRefused("encrypted", "the workbook is protected by a password") from error
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError) as error:
        raise SheetRefused("damaged", "the workbook cannot be read") from error


def _sheet(book: Any, name: str, hidden: bool, hidden_rows: set[int], limits: Limits) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > limits.cells:
        raise SheetRefused("too_many_cells", f"sheet {name!r} spans more than {limits.cells} cells")
    top, left = sheet.start or (0, 0)
    merges = tuple((a - top, b - left, c - top, d - left) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
    rows = tuple(tuple(r) for r in sheet.to_python(skip_empty_area=True))
    return Sheet(name, rows, merges, hidden, frozenset(r - top for r in hidden_rows), top, left)


def _hidden_rows_by_sheet(data: bytes, limits: Limits) -> list[set[int]]:
    """Numbers (from 0) of the hidden rows of each sheet, which calamine does not tell; nothing where the file does not say."""
    if data[:2] == b"PK":
        return [_hidden_rows(xml, limits) for xml in _xlsx_parts(data, limits)]
    if data[:4] != _OLE:
        return []
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except Exception:  # noqa: BLE001 - the library fails in many ways on odd files; calamine reads them, only hidden rows stay unmarked
        return []
    return [{row for row, info in sheet.rowinfo_map.items() if info.hidden} for sheet in book.sheets()]


def _xlsx_parts(data: bytes, limits: Limits) -> list[bytes]:
    """The XML of each sheet in workbook order; calamine tells neither hidden rows nor how far a sparse sheet
    reaches before it allocates it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive, limits)
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
                return []
            targets = dict(_relations(archive.read("xl/_rels/workbook.xml.rels")))
            wanted = [targets.get(m.group(1), "") for m in _SHEET_TAG.finditer(archive.read("xl/workbook.xml"))]
            return [archive.read(n) if n in names else b"" for n in wanted]
    except ArchiveRefused as error:
        raise SheetRefused(error.code, str(error)) from error
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise SheetRefused("damaged", "the workbook's archive is damaged") from error


def _relations(xml: bytes) -> Iterable[tuple[bytes, str]]:
    for tag in _RELATION.findall(xml):
        key, target = re.search(rb'\bId="([^"]*)"', tag), re.search(rb'\bTarget="([^"]*)"', tag)
        if key and target:
            path = target.group(1).decode("utf-8", "replace")
            yield key.group(1), path.lstrip("/") if path.startswith("/") else f"xl/{path}"


def _hidden_rows(xml: bytes, limits: Limits) -> set[int]:
    """Numbers (from 0) of hidden rows; refuses a sheet whose used area could not be held in memory."""
    last, width = _last_row(xml), _width(xml)
    if max(xml.count(b"row"), last) * width > limits.cells:  # first a count of more than rows, which takes half as long
        rows = max(xml.count(b"<row"), xml.count(b":row"), last)
        if rows * width > limits.cells:
            raise SheetRefused("too_many_cells", f"a sheet spans more than {limits.cells} cells")
    if b'hidden="' not in xml:
        return set()
    numbered = ((index, tag, _ROW_NUMBER.search(tag)) for index, tag in enumerate(_ROW.findall(xml)))
    return {int(number.group(1)) - 1 if number else index for index, tag, number in numbered if _HIDDEN.search(tag)}


def _last_row(xml: bytes) -> int:
    """The greatest row number near the end and near the start: rows stand in order, a stray one far out stands last."""
    places = (xml[:4096], xml[max(0, xml.rfind(b"<row")) :], xml[-65536:])
    return max((int(n) for part in places for tag in _ROW.findall(part) for n in _ROW_NUMBER.findall(tag)), default=0)


def _width(xml: bytes) -> int:
    """How many columns the cells reach over; letters are only counted out where there are more than 26."""
    if not _BEYOND_Z.search(xml):
        return 26
    return max((_column(c) + 1 for c in set(_COLUMN.findall(xml))), default=26)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def decode(data: bytes) -> str:
    """The text of a CSV file: UTF-8 with or without BOM, UTF-16 with BOM, else GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return decoded(data)
    except UnicodeDecodeError:
        raise SheetRefused("encoding", "the text is neither UTF-8 nor GB18030") from None


def read_csv(data: bytes, limits: Limits) -> list[Sheet]:
    """The one sheet of a CSV file; comma, semicolon or tab, whichever splits the most lines alike."""
    text = decode(data)
    if "\x00" in text:
        raise SheetRefused("damaged", "the text holds NUL characters")
    csv.field_size_limit(1_000_000)
    try:
        rows = tuple(tuple(r) for r in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise SheetRefused("damaged", "the text is no well-formed CSV") from error
    if sum(map(len, rows)) > limits.cells:
        raise SheetRefused("too_many_cells", f"the file holds more than {limits.cells} cells")
    return [Sheet("CSV", rows)]


def _delimiter(text: str) -> str:
    lines = text.splitlines()[:20]
    return max(",;\t", key=lambda d: sum(line.count(d) for line in lines))
