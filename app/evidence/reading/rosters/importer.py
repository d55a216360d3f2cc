"""Rosters (花名册) from XLSX, XLS and CSV files: every line of every sheet, in file order, hidden ones too, with
the cells that need a person.

Titles, totals and signature rows are no lines. An identity number stored as a number has lost digits: its cell is named, the value is null.
Runs in a child process when the bytes come from outside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.evidence.reading.limits import Limits
from app.evidence.reading.media import CSV_TYPE, media_type
from app.evidence.reading.rosters import cells
from app.evidence.reading.rosters.headers import Header, Role, find_header, header_at, text_of
from app.evidence.reading.rosters.spreadsheet import Cell, Sheet, SheetRefused, read_csv, read_workbook
from app.evidence.reading.text.characters import compact

_MESSAGES = {
    "id_stored_as_number": "the identity number was stored as a number and has lost digits",
    "id_masked": "the identity number is masked",
    "number_stored_as_number": "the certificate number was stored as a number and has lost digits",
    "date_without_day": "the date has no day",
    "date_not_understood": "the date cannot be read",
    "month_not_understood": "the month cannot be read",
    "month_ambiguous": "the month was stored as a number: January or October",
    "span_not_understood": "begin and end cannot be told apart",
    "employment_unknown": "the form of employment is not known",
    "level_unknown": "the level of the certificate is not known",
    "name_missing": "the line has no name",
    "formula_error": "the cell holds a formula error",
}
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|总人数|人数合计|汇总)(?:[::].*|\d.*|人.*)?|共\d+人.*")
_FORMULA_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
_SIGNATURE = re.compile(
    r"(?:填表|制表|审核|复核|经办|填报|负责|联系|法定代表|单位负责|主管|批准|制单)人?(?:\(?(?:签字|签章|盖章|签名)\)?)?[::].*|(?:注|备注|说明|填表说明|日期|填报日期|填表日期|单位\(?盖章\)?|盖章)[::].*|单位(?:\(盖章\)|盖章).*"
)


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """Something a person must look at: stable code, message, and the cell as the spreadsheet shows it (never its content)."""

    code: str
    message: str
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class RosterImport:
    """A read roster: rows are roster lines of DESIGN 5.1 plus `hidden`, `sheet`, `row` and `extra` (other columns by their heading)."""

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
        """The roster lines alone, as a dossier takes them."""
        return roster_lines(self.rows)


@dataclass(slots=True)
class _Findings:
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[RosterProblem] = field(default_factory=list)
    sheets: list[dict[str, Any]] = field(default_factory=list)


_OWN_KEYS = ("hidden", "sheet", "row", "extra", "page", "box", "confidence", "problems")


def roster_lines(rows: Any) -> tuple[dict[str, Any], ...]:
    """Lines of DESIGN 5.1 from imported rows: what says only where a line stood is dropped."""
    return tuple({k: v for k, v in row.items() if k not in _OWN_KEYS} for row in rows)


def read_roster(data: bytes, name: str = "", limits: Limits | None = None) -> RosterImport:
    """Read a roster file; a file that cannot be read gives no rows and one problem that says why."""
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
    for sheet in sheets:
        _read_sheet(sheet, found, limits)
    if not any(s["lines"] for s in found.sheets):
        found.problems.append(
            RosterProblem(
                "header_not_found", "no row of headings with a name (姓名) and another known column was found"
            )
        )
    return RosterImport(tuple(found.rows), tuple(found.problems), tuple(found.sheets), kind)


def _read_sheet(sheet: Sheet, found: _Findings, limits: Limits) -> None:
    filled = _fill(sheet)
    header, before = find_header(sheet), len(found.rows)
    if header is None:
        if _looks_personal(sheet):
            found.problems.append(
                RosterProblem("sheet_without_header", "the sheet holds identity numbers but no headings", sheet.name)
            )
    else:
        for index, line_header in _lines(filled, header):
            if len(found.rows) >= limits.roster_rows:
                found.problems.append(
                    RosterProblem("too_many_rows", f"more than {limits.roster_rows} lines", sheet.name)
                )
                break
            found.rows.append(_line(filled, index, line_header, found.problems))
    found.sheets.append({"name": sheet.name, "hidden": sheet.hidden, "lines": len(found.rows) - before})


def _fill(sheet: Sheet) -> Sheet:
    """Vertically merged cells of the data carry their value to every row they cover."""
    if not sheet.merges:
        return sheet
    rows = [list(r) for r in sheet.rows]
    for top, left, bottom, right in sheet.merges:
        if left == right and 0 <= top < len(rows) and left < len(rows[top]):
            for row in range(top + 1, min(bottom + 1, len(rows))):
                if left < len(rows[row]) and rows[row][left] in ("", None):
                    rows[row][left] = rows[top][left]
    return Sheet(
        sheet.name,
        tuple(map(tuple, rows)),
        sheet.merges,
        sheet.hidden,
        sheet.hidden_rows,
        sheet.first_row,
        sheet.first_column,
    )


def _lines(sheet: Sheet, header: Header) -> Iterator[tuple[int, Header]]:
    """Indexes of the rows that are lines, each with the header that holds there (a head may be repeated, or a second table follow)."""
    index = header.last + 1
    while index < len(sheet.rows):
        again = header_at(sheet, index)
        if again:
            header, index = again, again.last + 1
            continue
        if _is_line(sheet.rows[index], header):
            yield index, header
        index += 1


def _is_line(row: tuple[Cell, ...], header: Header) -> bool:
    texts = [compact(text_of(c)) for c in row]
    inked = [t for t in texts if t]
    if not inked:
        return False
    known = [c for role, c in header.roles.items() if role is not Role.SERIAL and c < len(texts) and texts[c]]
    few = len(inked) <= 3
    if any(_TOTAL.fullmatch(t) for t in inked[:2]) and (few or _at(texts, header, Role.RESIDENT_ID) == ""):
        return False
    if _SIGNATURE.match(inked[0]) and few:
        return False
    if _at(texts, header, Role.NAME) or _at(texts, header, Role.RESIDENT_ID):
        return len(known) > 1 or not (few and len(max(inked, key=len)) > 12)
    return len(known) >= 3


def _at(texts: list[str], header: Header, role: Role) -> str:
    column = header.roles.get(role)
    return texts[column] if column is not None and column < len(texts) else ""


def _looks_personal(sheet: Sheet) -> bool:
    return any(re.fullmatch(r"\d{17}[\dXx]", compact(text_of(c))) for row in sheet.rows[:200] for c in row)


class _Row:
    """One line being read: gives cells by role and notes what is wrong with them."""

    def __init__(self, sheet: Sheet, index: int, header: Header, problems: list[RosterProblem]) -> None:
        self.sheet, self.index, self.header, self.problems = sheet, index, header, problems
        self.cells = sheet.rows[index]

    def has(self, *roles: Role) -> bool:
        return any(r in self.header.roles for r in roles)

    def cell(self, role: Role) -> Cell:
        column = self.header.roles.get(role)
        value = self.cells[column] if column is not None and column < len(self.cells) else ""
        if isinstance(value, str) and value.startswith("#") and _FORMULA_ERROR.fullmatch(value):
            self.note("formula_error", role)
            return ""
        return value

    def value(self, role: Role, read: Any) -> str | None:
        result: cells.Value = read(self.cell(role))
        if result.code:
            self.note(result.code, role)
        return result.value

    def note(self, code: str, role: Role) -> None:
        self.problems.append(
            RosterProblem(
                code, _MESSAGES[code], self.sheet.name, self.sheet.cell_name(self.index, self.header.roles.get(role, 0))
            )
        )


def _line(sheet: Sheet, index: int, header: Header, problems: list[RosterProblem]) -> dict[str, Any]:
    row = _Row(sheet, index, header, problems)
    name = row.value(Role.NAME, cells.text)
    if name is None:
        row.note("name_missing", Role.NAME)
    line: dict[str, Any] = {"name": name}
    if row.has(Role.RESIDENT_ID):
        line["residentId"] = row.value(Role.RESIDENT_ID, cells.resident_id)
    line |= _employment(row) | _contract(row) | _insurance(row) | _certificates(row)
    line |= {"sheet": sheet.name, "row": index + sheet.first_row + 1}
    if sheet.hidden or index in sheet.hidden_rows:
        line["hidden"] = True
    extra = _extra(row)
    return line | ({"extra": extra} if extra else {})


def _employment(row: _Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row.has(Role.POSITION):
        found["position"] = row.value(Role.POSITION, cells.text)
    if row.has(Role.EMPLOYMENT, Role.IS_FULL_TIME, Role.IS_PART_TIME):
        form = row.value(Role.EMPLOYMENT, lambda c: cells.yes_no(c, "full_time", "part_time"))
        form = form or row.value(Role.IS_FULL_TIME, lambda c: cells.yes_no(c, "full_time", "part_time"))
        found["employment"] = form or row.value(Role.IS_PART_TIME, lambda c: cells.yes_no(c, "part_time", "full_time"))
    return found


def _contract(row: _Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row.has(Role.CONTRACT_SPAN):
        both = cells.span(row.cell(Role.CONTRACT_SPAN), months=False)
        if both.code:
            row.note(both.code, Role.CONTRACT_SPAN)
        found = {"contractFrom": both.begin, "contractTo": both.end}
    if row.has(Role.CONTRACT_FROM):
        found["contractFrom"] = row.value(Role.CONTRACT_FROM, cells.day) or found.get("contractFrom")
    if row.has(Role.CONTRACT_TO):
        found["contractTo"] = row.value(Role.CONTRACT_TO, cells.day) or found.get("contractTo")
    return found


def _insurance(row: _Row) -> dict[str, Any]:
    if not row.has(Role.PAYER, Role.INSURED_FROM, Role.INSURED_TO, Role.INSURED_SPAN):
        return {}
    both = cells.span(row.cell(Role.INSURED_SPAN), months=True)
    if both.code:
        row.note(both.code, Role.INSURED_SPAN)
    payer = row.value(Role.PAYER, lambda c: cells.EMPTY if cells.is_blank(c) else cells.text(c))
    begin = row.value(Role.INSURED_FROM, cells.month) or both.begin
    end = row.value(Role.INSURED_TO, cells.month) or both.end
    if payer is None and begin is None and end is None:
        return {"socialInsurance": None}
    return {"socialInsurance": {"payer": payer, "from": begin, "to": end}}


def _certificates(row: _Row) -> dict[str, Any]:
    if not row.has(Role.LEVEL, Role.NUMBER):
        return {}
    number = row.value(Role.NUMBER, cells.number)
    level = row.value(
        Role.LEVEL, lambda c: cells.level(c, social_worker_column=row.header.social_worker, numbered=number is not None)
    )
    wording = row.cell(Role.LEVEL)
    other_profession = (
        not cells.is_blank(wording)
        and level is None
        and not row.header.social_worker
        and not re.search("社会工作|社工", text_of(wording))
    )
    if (number is None and level is None and (cells.is_blank(wording) or other_profession)) or other_profession:
        return {"certificates": []}
    certificate: dict[str, Any] = {"kind": "social_worker", "level": level, "number": number}
    if row.has(Role.APPROVED_ON):
        certificate["approvedOn"] = row.value(Role.APPROVED_ON, cells.day)
    return {"certificates": [certificate]}


def _extra(row: _Row) -> dict[str, str]:
    """Columns the contract has no place for, by their heading."""
    taken = set(row.header.roles.values())
    pairs = ((label, row.cells[c]) for c, label in row.header.labels.items() if c not in taken and c < len(row.cells))
    return {label: text for label, cell in pairs if (text := cells.text(cell).value)}
