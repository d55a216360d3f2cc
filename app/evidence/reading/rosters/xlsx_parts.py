"""Read parts of the XML of an XLSX workbook that calamine ignores: hidden rows, the date system, formulas without a
value, cells far from the table. Runs in a child process only.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.evidence.reading.archives import ArchiveRefused, check_archive
from app.evidence.reading.limits import Limits

_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_WHOLE_ROW = re.compile(rb"<((?:\w+:)?row)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
_WHOLE_CELL = re.compile(rb"<((?:\w+:)?c)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
_ROW_NUMBER = re.compile(rb'\br="(\d{1,8})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,8})"')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>[^<]")
_BEYOND_Z = re.compile(rb'r="[A-Z][A-Z]')
_SHEET_TAG = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\b\w+:id="([^"]{1,100})"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_DATES_SINCE_1904 = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"')
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?/>")
_FAR_ROWS = 2_000  # blank rows after which a cell is no part of the table above
_FAR_COLUMNS = 200


@dataclass(slots=True)
class SheetXml:
    """The properties of one sheet; rows and columns count from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    without_value: dict[tuple[int, int], str] = field(default_factory=dict)  # formula cells with no value or an error
    far_cells: int = 0  # cells with a value too far from the table to be read


@dataclass(slots=True)
class WorkbookXml:
    """The sheets in workbook order, the date system, and the bytes to read: without the far cells where there are any."""

    data: bytes
    sheets: list[SheetXml] = field(default_factory=list)
    since_1904: bool = False


def workbook_xml(data: bytes, limits: Limits) -> WorkbookXml:
    """Inspect an XLSX file (any other archive gives no sheets). Errors: ArchiveRefused, zipfile.BadZipFile and their like."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_archive(archive, limits)
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return WorkbookXml(data)
        book = archive.read("xl/workbook.xml")
        targets = dict(_relations(archive.read("xl/_rels/workbook.xml.rels")))
        found, trimmed = WorkbookXml(data, since_1904=_DATES_SINCE_1904.search(book) is not None), {}
        for match in _SHEET_TAG.finditer(book):
            name = targets.get(match.group(1), "")
            xml = archive.read(name) if name in names else b""
            sheet = SheetXml()
            if _area(xml) > limits.cells:
                xml = trimmed[name] = _without_far_cells(xml, sheet)
                if _area(xml) > limits.cells:
                    raise ArchiveRefused("too_many_cells", f"a sheet spans more than {limits.cells} cells")
            sheet.hidden_rows, sheet.without_value = _hidden_rows(xml), dict(_without_value(xml))
            found.sheets.append(sheet)
        if trimmed:
            found.data = _rewritten(archive, trimmed)
    return found


def _relations(xml: bytes) -> Iterable[tuple[bytes, str]]:
    for tag in _RELATION.findall(xml):
        key, target = re.search(rb'\bId="([^"]*)"', tag), re.search(rb'\bTarget="([^"]*)"', tag)
        if key and target:
            path = target.group(1).decode("utf-8", "replace")
            yield key.group(1), path.lstrip("/") if path.startswith("/") else f"xl/{path}"


def _area(xml: bytes) -> int:
    """Return the number of cells that a dense table of the sheet would hold; a fast upper bound."""
    return max(xml.count(b"<row"), xml.count(b":row"), _last_row(xml)) * _width(xml)


def _last_row(xml: bytes) -> int:
    """Return the greatest row number near the end and near the start: rows are ordered, a stray far one comes last."""
    places = (xml[:4096], xml[max(0, xml.rfind(b"<row")) :], xml[-65536:])
    return max((int(n) for part in places for tag in _ROW.findall(part) for n in _ROW_NUMBER.findall(tag)), default=0)


def _width(xml: bytes) -> int:
    """Return the number of columns that the cells span; letters are only evaluated where there are more than 26."""
    if not _BEYOND_Z.search(xml):
        return 26
    return max((_column(c) + 1 for c in set(_COLUMN.findall(xml))), default=26)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _hidden_rows(xml: bytes) -> set[int]:
    if b'hidden="' not in xml:
        return set()
    numbered = ((index, tag, _ROW_NUMBER.search(tag)) for index, tag in enumerate(_ROW.findall(xml)))
    return {int(number.group(1)) - 1 if number else index for index, tag, number in numbered if _HIDDEN.search(tag)}


def _without_value(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Return cells whose formula has no stored value, and cells with an error, each with its problem code."""
    if b"f>" not in xml and b"<f " not in xml and b't="e"' not in xml:
        return
    for match in _WHOLE_CELL.finditer(xml):
        cell = match.group()
        formula = re.search(rb"<(?:\w+:)?f\b", cell) and not _VALUE.search(
            re.sub(rb"<(?:\w+:)?f\b.*?</(?:\w+:)?f>", b"", cell)
        )
        error = b't="e"' in cell[: cell.find(b">")]
        place = _PLACE.search(cell) if formula or error else None
        if place:
            yield (
                (int(place.group(2)) - 1, _column(place.group(1))),
                "formula_error" if error else "formula_without_value",
            )


def _without_far_cells(xml: bytes, sheet: SheetXml) -> bytes:
    """Return the sheet without the rows and columns far beyond the table, and the number of values lost."""
    rows = [int(m.group(1)) for m in (_ROW_NUMBER.search(tag) for tag in _ROW.findall(xml)) if m]
    last_row = _before_gap(rows, _FAR_ROWS)
    near = [m.group(1) for m in _COLUMN.finditer(xml)]
    last_column = _before_gap([_column(c) for c in set(near)], _FAR_COLUMNS)

    def keep_cell(match: re.Match[bytes]) -> bytes:
        place = _PLACE.search(match.group())
        if place is None or _column(place.group(1)) <= last_column:
            return match.group()
        sheet.far_cells += _VALUE.search(match.group()) is not None
        return b""

    def keep_row(match: re.Match[bytes]) -> bytes:
        number = _ROW_NUMBER.search(match.group()[:200])
        if number and int(number.group(1)) > last_row:
            sheet.far_cells += len(_VALUE.findall(match.group()))
            return b""
        return _WHOLE_CELL.sub(keep_cell, match.group())

    return _DIMENSION.sub(b"", _WHOLE_ROW.sub(keep_row, xml))


def _before_gap(numbers: list[int], gap: int) -> int:
    """Return the last number before the first gap wider than `gap`."""
    last = 0
    for number in sorted(set(numbers)):
        if number - last > gap:
            break
        last = number
    return last


def _rewritten(archive: zipfile.ZipFile, parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as out:
        for item in archive.infolist():
            out.writestr(item.filename, parts.get(item.filename) or archive.read(item.filename))
    return buffer.getvalue()
