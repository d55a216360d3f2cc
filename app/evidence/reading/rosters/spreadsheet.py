"""Read spreadsheet files as plain grids: XLSX, XLS and ODS by calamine, CSV by the standard library. Runs in a child
process only.
"""

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.evidence.encodings import decoded_in_part
from app.evidence.reading.archives import ArchiveRefused
from app.evidence.reading.limits import Limits
from app.evidence.reading.rosters.xlsx_parts import SheetXml, WorkbookXml, workbook_xml

# str | int | float | bool | date | datetime | time | timedelta | None: what calamine returns, "" for an empty cell
Cell = Any


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
    without_value: Mapping[tuple[int, int], str] = field(default_factory=dict)  # by index into `rows`: the problem code
    far_cells: int = 0  # cells with a value too far from the table to be read
    since_1904: bool = False  # whether day numbers count from 1904
    refused: str = ""  # why the sheet could not be read at all

    def cell_name(self, row: int, column: int) -> str:
        """Return the cell's name as a spreadsheet shows it, `D3`, for indexes into `rows`."""
        return f"{self.column_name(column)}{row + self.first_row + 1}"

    def column_name(self, column: int) -> str:
        """Return the letters of a column, for an index into a row."""
        letters, number = "", column + self.first_column + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


class SheetRefused(Exception):
    """The file cannot be read as a spreadsheet; `code` is stable, the message names the limit or the defect."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream that an XLSX with a password is stored in
_PASSWORD = SheetRefused("encrypted", "the workbook is protected by a password; upload it without one")


def read_workbook(data: bytes, limits: Limits) -> list[Sheet]:
    """Return all worksheets of an XLSX, XLS or ODS file in order, including hidden ones. A sheet that is too large is
    returned as refused.
    """
    import python_calamine as calamine

    if data[:4] == _OLE and _ENCRYPTED in data:
        raise _PASSWORD
    told = _told_by_the_file(data, limits)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(told.data))
        metas = book.sheets_metadata
        parts = told.sheets if len(told.sheets) == len(metas) else [SheetXml() for _ in metas]
        return [
            _sheet(book, meta.name, meta.visible != calamine.SheetVisibleEnum.Visible, part, told.since_1904, limits)
            for meta, part in zip(metas, parts, strict=True)
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError as error:
        raise _PASSWORD from error
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError) as error:
        raise SheetRefused("damaged", "the workbook cannot be read") from error


def _sheet(book: Any, name: str, hidden: bool, part: SheetXml, since_1904: bool, limits: Limits) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > limits.cells:
        return Sheet(name, (), hidden=hidden, refused="too_many_cells")
    top, left = sheet.start or (0, 0)
    merges = tuple((a - top, b - left, c - top, d - left) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
    return Sheet(
        name,
        tuple(tuple(r) for r in sheet.to_python(skip_empty_area=True)),
        merges,
        hidden,
        frozenset(r - top for r in part.hidden_rows),
        top,
        left,
        {(row - top, column - left): code for (row, column), code in part.without_value.items()},
        part.far_cells,
        since_1904,
    )


def _told_by_the_file(data: bytes, limits: Limits) -> WorkbookXml:
    """Return properties that calamine does not provide; nothing for formats that lack them."""
    if data[:2] == b"PK":
        try:
            if _encrypted_ods(data):
                raise _PASSWORD
            return workbook_xml(data, limits)
        except ArchiveRefused as error:
            raise SheetRefused(error.code, str(error)) from error
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
            raise SheetRefused("damaged", "the workbook's archive is damaged") from error
    return _told_by_xls(data) if data[:4] == _OLE else WorkbookXml(data)


def _encrypted_ods(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = "META-INF/manifest.xml"
        return name in archive.namelist() and b"encryption-data" in archive.read(name)[:1_000_000]


def _told_by_xls(data: bytes) -> WorkbookXml:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise _PASSWORD from error
        return WorkbookXml(data)
    except Exception:  # noqa: BLE001 - the library fails in many ways on odd files; calamine reads them, only hidden rows stay unmarked
        return WorkbookXml(data)
    sheets = []
    for sheet in book.sheets():
        hidden = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
        errors = {
            (row, column): "formula_error"
            for row in range(sheet.nrows)
            for column, kind in enumerate(sheet.row_types(row))
            if kind == xlrd.XL_CELL_ERROR
        }
        sheets.append(SheetXml(hidden, errors))
    return WorkbookXml(data, sheets, bool(book.datemode))


def read_csv(data: bytes, limits: Limits) -> list[Sheet]:
    """Return the one sheet of a CSV file; comma, semicolon or tab, whichever splits the most lines alike."""
    text = decoded_in_part(data)
    if text is None:
        raise SheetRefused("encoding", "the text is neither UTF-8 nor UTF-16 nor GB18030; save it as UTF-8")
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
