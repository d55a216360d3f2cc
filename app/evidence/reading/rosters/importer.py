"""Import rosters (花名册) from XLSX, XLS, ODS and CSV files: every line of every sheet, in file order, including hidden
ones.

Titles, totals and signature rows are not lines. A value that cannot be read is null, reported with its cell and listed
in the line's `unread`; sheets, rows and columns that were not read are reported as well. Runs in a child process when
the bytes come from outside.
"""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.evidence.reading.limits import Limits
from app.evidence.reading.media import CSV_TYPE, media_type
from app.evidence.reading.rosters.headers import Header, Role, find_header, header_at, known_but_unused, text_of
from app.evidence.reading.rosters.line import RosterProblem, is_ditto, read_line
from app.evidence.reading.rosters.spreadsheet import Cell, Sheet, SheetRefused, read_csv, read_workbook
from app.evidence.reading.text.characters import compact

_TOTAL = re.compile(r"(?:合计|总计|小计|共计|总人数|人数合计|汇总)(?:[::].*|\d.*|人.*)?|共\d+人.*")
_ID = re.compile(r"\d{17}[\dXx]")
_MOST_COLUMNS, _LONGEST = 50, 400  # limits of a line's further columns, as a dossier accepts them
_TITLE_ROWS = 3
_STANDINGS = (
    ("left", re.compile(r"离职|离岗|辞职|解聘|退出|历史人员|往年人员|已解除")),
    ("dispatched", re.compile(r"派遣|外包")),
    ("intern", re.compile(r"实习|见习")),
    ("rehired", re.compile(r"返聘|退休")),
    ("part_time", re.compile(r"(?<!专)(?<!全)(?<!职)(?<![、/和及])兼职(?!.*[专全]职)")),
)
_SHEET_MESSAGES = {
    "sheet_without_header": "the sheet holds identity numbers but no headings; it was not read",
    "too_many_cells": "the sheet spans too many cells; it was not read",
    "cells_not_read": "cells far away from the table were not read",
    "row_not_read": "the row holds an identity number but could not be read as a line",
}
INCOMPLETE = frozenset(
    {*_SHEET_MESSAGES, "too_many_rows"}
)  # codes of problems by which persons may be missing from the rows
_SIGNATURE = re.compile(
    r"(?:填表|制表|审核|复核|经办|填报|负责|联系|法定代表|单位负责|主管|批准|制单)人?(?:\(?(?:签字|签章|盖章|签名)\)?)?[::].*|(?:注|备注|说明|填表说明|日期|填报日期|填表日期|单位\(?盖章\)?|盖章)[::].*|单位(?:\(盖章\)|盖章).*"
)


@dataclass(frozen=True, slots=True)
class RosterImport:
    """A read roster: rows are roster lines of DESIGN 5.1 plus `hidden`, `sheet`, `row` and `extra` (other columns by
    their heading).
    """

    rows: tuple[dict[str, Any], ...] = ()
    problems: tuple[RosterProblem, ...] = ()
    sheets: tuple[dict[str, Any], ...] = ()
    media_type: str = ""

    @property
    def needs_review(self) -> bool:
        """Whether anything could not be read."""
        return bool(self.problems)

    @property
    def lines(self) -> tuple[dict[str, Any], ...]:
        """Return the roster lines alone, as a dossier accepts them."""
        return roster_lines(self.rows)


@dataclass(slots=True)
class _Findings:
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[RosterProblem] = field(default_factory=list)
    sheets: list[dict[str, Any]] = field(default_factory=list)


_OWN_KEYS = ("hidden", "sheet", "row", "extra", "page", "box", "confidence", "problems")


def roster_lines(rows: Any) -> tuple[dict[str, Any], ...]:
    """Return lines of DESIGN 5.1 from imported rows: without their position, further columns as `columns`."""
    return tuple(_as_line(row) for row in rows)


def _as_line(row: Mapping[str, Any]) -> dict[str, Any]:
    line = {key: value for key, value in row.items() if key not in _OWN_KEYS}
    further = list((row.get("extra") or {}).items())[:_MOST_COLUMNS]
    columns = {label[:_LONGEST]: text[:_LONGEST] for label, text in further}
    return line | ({"columns": columns} if columns else {})


def roster_incomplete(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return, of an extraction record's reasons, the codes by which persons may be missing from its rows
    (`rosterIncomplete`).
    """
    return [code for code in dict.fromkeys(str(reason["code"]) for reason in reasons) if code in INCOMPLETE]


def read_roster(data: bytes, name: str = "", limits: Limits | None = None) -> RosterImport:
    """Read a roster file; an unreadable file gives no rows and one problem with the reason."""
    bounds = limits or Limits()
    kind = media_type(data, name)
    try:
        sheets = read_csv(data, bounds) if kind == CSV_TYPE else read_workbook(data, bounds)
    except SheetRefused as error:
        return RosterImport(problems=(RosterProblem(error.code, error.message),), media_type=kind)
    return read_sheets(sheets, kind, bounds)


def read_sheets(sheets: list[Sheet], kind: str, limits: Limits) -> RosterImport:
    """Read the lines of sheets already in memory (also tables of a text document)."""
    found = _Findings()
    known: Header | None = None
    for sheet in sheets:
        known = _read_sheet(sheet, found, limits, known) or known
    if not any(s["lines"] for s in found.sheets) and not any(p.code == "cells_not_read" for p in found.problems):
        found.problems.append(
            RosterProblem(
                "header_not_found", "no row of headings with a name (姓名) and another known column was found"
            )
        )
    return RosterImport(tuple(found.rows), tuple(found.problems), tuple(found.sheets), kind)


def _read_sheet(sheet: Sheet, found: _Findings, limits: Limits, known: Header | None) -> Header | None:
    """Read one sheet; return its header. A sheet without headings is read with the header of the sheet before if its
    columns match.
    """
    header, before = find_header(sheet), len(found.rows)
    start = header.last + 1 if header else 0
    if header is None and known is not None and _continues(sheet, known):
        header = known
    if sheet.refused or (header is None and _looks_personal(sheet)):
        code = sheet.refused or "sheet_without_header"
        found.problems.append(RosterProblem(code, _SHEET_MESSAGES[code], sheet.name))
    if sheet.far_cells:
        found.problems.append(RosterProblem("cells_not_read", _SHEET_MESSAGES["cells_not_read"], sheet.name))
    if header is not None:
        _read_rows(_filled(sheet, start), header, start, found, limits)
    columns = _columns(sheet, header) if header else []
    found.sheets.append(
        {"name": sheet.name, "hidden": sheet.hidden, "lines": len(found.rows) - before, "columns": columns}
    )
    return header


def _read_rows(sheet: Sheet, header: Header, start: int, found: _Findings, limits: Limits) -> None:
    standing = _standing(sheet, header, start)
    index = start
    while index < len(sheet.rows):
        again = header_at(sheet, index)
        if again:
            header, start, index = again, again.last + 1, again.last + 1
            standing = _standing(sheet, header, start)
            continue
        lists = [part for part in (header, *header.beside) if _is_line(sheet.rows[index], part)]
        if len(found.rows) + len(lists) > limits.roster_rows:
            found.problems.append(RosterProblem("too_many_rows", f"more than {limits.roster_rows} lines", sheet.name))
            return
        found.rows += [read_line(sheet, index, part, found.problems, standing) for part in lists]
        if not lists and _names_a_person(sheet.rows[index]):
            place = sheet.cell_name(index, 0)
            found.problems.append(RosterProblem("row_not_read", _SHEET_MESSAGES["row_not_read"], sheet.name, place))
        index += 1


def _columns(sheet: Sheet, header: Header) -> list[dict[str, Any]]:
    """Return the interpretation of each column: letters, heading, role (null where it is not used), whether its heading
    is known at all.
    """
    lists = (header, *header.beside)
    roles = {column: role for part in lists for column, role in part.columns.items()}
    labels = {column: label for part in lists for column, label in part.labels.items()}
    return [
        {
            "column": sheet.column_name(column),
            "heading": label,
            "field": roles.get(column),
            "understood": column in roles or known_but_unused(label),
        }
        for column, label in sorted(labels.items())
    ]


def _standing(sheet: Sheet, header: Header, start: int) -> str:
    """Return what the sheet's name, or the titles above the headings, state about all persons below: `left`,
    `part_time` …; else "".
    """
    titles = [sheet.name]
    for row in reversed(sheet.rows[max(0, header.first - _TITLE_ROWS) : header.first] if start else ()):
        texts = [compact(text_of(c)) for c in row if text_of(c)]
        if len(set(texts)) != 1:
            break
        titles.append(texts[0])
    return next((value for title in titles for value, pattern in _STANDINGS if pattern.search(title)), "")


def _filled(sheet: Sheet, start: int) -> Sheet:
    """Fill merged cells with their value in every covered row, and ditto marks (同上, 〃) with the value of the cell
    above.
    """
    rows = [list(r) for r in sheet.rows]
    for top, left, bottom, _ in sheet.merges:
        if bottom > top >= start and top < len(rows) and left < len(rows[top]):
            for at in range(top + 1, min(bottom + 1, len(rows))):
                if left < len(rows[at]) and rows[at][left] in ("", None):
                    rows[at][left] = rows[top][left]
    for above, row in itertools.pairwise(rows[start:]):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and column < len(above) and is_ditto(cell) and above[column] not in ("", None):
                row[column] = above[column]
    return replace(sheet, rows=tuple(map(tuple, rows)))


def _continues(sheet: Sheet, header: Header) -> bool:
    """Whether the sheet, which has no headings, has identity numbers and names in the columns of the sheet before."""
    number, name = header.roles.get(Role.RESIDENT_ID), header.roles.get(Role.NAME)
    rows = [[compact(text_of(c)) for c in row] for row in sheet.rows if any(text_of(c) for c in row)]
    if number is None or name is None or not rows:
        return False
    fit = sum(len(r) > max(number, name) and bool(_ID.fullmatch(r[number])) and bool(r[name]) for r in rows)
    return 2 * fit > len(rows)


def _is_line(row: tuple[Cell, ...], header: Header) -> bool:
    alone = not header.beside and 0 in header.labels
    columns = list(range(len(row))) if alone else list(header.labels)
    texts = {c: compact(text_of(row[c])) for c in columns if c < len(row)}
    inked = [t for t in texts.values() if t]
    if not inked:
        return False
    known = [c for role, c in header.roles.items() if role is not Role.SERIAL and texts.get(c)]
    few = len(inked) <= 3
    name, number = (texts.get(header.roles.get(role, -1), "") for role in (Role.NAME, Role.RESIDENT_ID))
    if any(_TOTAL.fullmatch(t) for t in inked[:2]) and (few or (Role.RESIDENT_ID in header.roles and not number)):
        return False
    if _SIGNATURE.match(inked[0]) and few:
        return False
    if name or number:
        return len(known) > 1 or not (few and len(max(inked, key=len)) > 12)
    return len(known) >= 3


def _looks_personal(sheet: Sheet) -> bool:
    return any(map(_names_a_person, sheet.rows[:200]))


def _names_a_person(row: tuple[Cell, ...]) -> bool:
    return any(_ID.fullmatch(compact(text_of(c))) for c in row)
