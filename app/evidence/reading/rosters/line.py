"""One line of a roster: the cells of a row as the values of DESIGN 5.1, and which stated values could not be read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.evidence.encodings import LOST
from app.evidence.reading.rosters import cells
from app.evidence.reading.rosters.headers import Header, Role, text_of
from app.evidence.reading.rosters.spreadsheet import Cell, Sheet
from app.evidence.reading.text.characters import compact

MESSAGES = {
    "id_stored_as_number": "the identity number was stored as a number and has lost digits",
    "id_masked": "the identity number is masked",
    "number_stored_as_number": "the certificate number was stored as a number and has lost digits",
    "date_without_day": "the date has no day",
    "date_not_understood": "the date cannot be read",
    "month_not_understood": "the month cannot be read",
    "month_ambiguous": "the month was stored as a number: January or October",
    "span_not_understood": "begin and end cannot be told apart",
    "employment_unknown": "the form of employment is not known",
    "employment_contradicts": "columns of the line contradict each other on the form of employment",
    "status_unknown": "the status of the person is not known",
    "left_without_date": "the person has left; the sheet does not say when",
    "insurance_contradicts": "the line says that no social insurance is paid, and since when it is",
    "remark_to_review": "the remark says something that may change how the line counts",
    "level_unknown": "the level of the certificate is not known",
    "name_missing": "the line has no name",
    "formula_error": "the cell holds a formula error",
    "formula_without_value": "the cell holds a formula whose value was not saved",
    "character_lost": "a character of the cell was lost in a broken encoding",
    "ditto_without_value": "the cell repeats the one above, which holds nothing",
}
_FIELD = {  # the roster line member of each role
    Role.NAME: "name",
    Role.RESIDENT_ID: "residentId",
    Role.POSITION: "position",
    Role.CONTRACT_FROM: "contractFrom",
    Role.CONTRACT_TO: "contractTo",
    Role.CONTRACT_SPAN: "contractTo",
    Role.LEFT_ON: "contractTo",
    Role.STATUS: "contractTo",
    Role.PAYER: "socialInsurance",
    Role.INSURED_FROM: "socialInsurance",
    Role.INSURED_TO: "socialInsurance",
    Role.INSURED_SPAN: "socialInsurance",
    Role.IS_INSURED: "socialInsurance",
    Role.LEVEL: "certificates",
    Role.NUMBER: "certificates",
    Role.APPROVED_ON: "certificates",
}
_NOT_COUNTING = ("part_time", "intern", "dispatched")
_DAY_ROLES = frozenset(
    {Role.CONTRACT_FROM, Role.CONTRACT_TO, Role.LEFT_ON, Role.APPROVED_ON, Role.INSURED_FROM, Role.INSURED_TO}
)
_EPOCHS_APART = 1462  # days between 1899-12-30 and 1904-01-01
_DAY_NUMBERS = (18_000, 80_000)
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)  # how CSV files keep Excel from converting a number
_FORMULA_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
_DITTO = re.compile(r"同上|同前|同左|[〃″”\"]|''|′′|ditto", re.IGNORECASE)
_TELLING = re.compile(
    r"离职|离岗|辞职|辞退|解聘|兼职|非全职|派遣|外包|实习|退休|返聘|停保|断缴|欠缴|停薪|借调|外聘|挂靠|挂证|代缴|未签|未缴|未参保|已到期"
)


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """A problem for manual review: stable code, message, and the cell as the spreadsheet shows it (never its content)."""

    code: str
    message: str
    sheet: str = ""
    cell: str = ""


def is_ditto(text: str) -> bool:
    """Whether a cell only repeats the one above (同上, 〃)."""
    return bool(_DITTO.fullmatch(compact(text)))


class Row:
    """One row of a sheet under its header: returns cells by role and records unreadable ones."""

    def __init__(self, sheet: Sheet, index: int, header: Header, problems: list[RosterProblem]) -> None:
        self.sheet, self.index, self.header, self.problems = sheet, index, header, problems
        self.cells = sheet.rows[index]
        self.unread: list[str] = []

    def has(self, *roles: Role) -> bool:
        """Whether the sheet has a column of one of the roles."""
        return any(r in self.header.roles for r in roles)

    def cell(self, role: Role, column: int | None = None) -> Cell:
        """Return the cell of a role, "" where the sheet has no such column or the cell cannot be trusted (which is then
        recorded).
        """
        at = self.header.roles.get(role) if column is None else column
        value = self.cells[at] if at is not None and at < len(self.cells) else ""
        code = self.sheet.without_value.get((self.index, at)) if at is not None else None
        if isinstance(value, str):
            value = (
                _QUOTED.sub(r"\1", value) if value.startswith("=") and _QUOTED.fullmatch(value) else value.lstrip("'")
            )
            if _FORMULA_ERROR.fullmatch(value):
                code = "formula_error"
            elif LOST in value:
                code = "character_lost"
            elif is_ditto(value):
                code = "ditto_without_value"
        if code:
            self.note(code, role, at)
            return ""
        return self._day_number(value) if role in _DAY_ROLES else value

    def value(self, role: Role, read: Callable[[Cell], cells.Value], column: int | None = None) -> str | None:
        """Return the value of the role's cell; null and recorded where a stated value cannot be read."""
        result = read(self.cell(role, column))
        if result.code:
            self.note(result.code, role, column)
        return result.value

    def columns(self, role: Role) -> list[int]:
        """Return every column of a role that a sheet may have twice."""
        first = self.header.roles.get(role)
        return [] if first is None else [first, *(c for r, c in self.header.further if r is role)]

    def note(self, code: str, role: Role, column: int | None = None) -> None:
        """Record a problem of the role's cell, and that its member was stated but not read."""
        at = self.header.roles.get(role, 0) if column is None else column
        self.problems.append(RosterProblem(code, MESSAGES[code], self.sheet.name, self.sheet.cell_name(self.index, at)))
        self.lost(_FIELD.get(role, "employment"))
        if role is Role.CONTRACT_SPAN:
            self.lost("contractFrom")

    def lost(self, member: str) -> None:
        """Record that a member of the line was stated but not read."""
        if member not in self.unread:
            self.unread.append(member)

    def _day_number(self, value: Cell) -> Cell:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and self.sheet.since_1904 and _DAY_NUMBERS[0] <= value <= _DAY_NUMBERS[1]:
            return value + _EPOCHS_APART
        return value


def read_line(
    sheet: Sheet, index: int, header: Header, problems: list[RosterProblem], standing: str = ""
) -> dict[str, Any]:
    """Read a row as a roster line. `standing` is what the sheet's name or title states about all its persons: left,
    part_time, …
    """
    row = Row(sheet, index, header, problems)
    name = row.value(Role.NAME, cells.text)
    if name is None and "name" not in row.unread:
        row.note("name_missing", Role.NAME)
    line: dict[str, Any] = {"name": name}
    if row.has(Role.RESIDENT_ID):
        line["residentId"] = row.value(Role.RESIDENT_ID, cells.resident_id)
    line |= _employment(row, standing) | _contract(row) | _insurance(row) | _certificates(row)
    _standing(row, line, standing)
    line |= {"sheet": sheet.name, "row": index + sheet.first_row + 1}
    if sheet.hidden or index in sheet.hidden_rows:
        line["hidden"] = True
    extra = _extra(row)
    if row.unread:
        line["unread"] = row.unread
    return line | ({"extra": extra} if extra else {})


def _employment(row: Row, standing: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row.has(Role.POSITION):
        found["position"] = row.value(Role.POSITION, cells.text)
    said = [standing] if standing and standing != "left" else []
    for number, column in enumerate(row.columns(Role.EMPLOYMENT)):
        value = cells.yes_no(row.cell(Role.EMPLOYMENT, column), "full_time", "part_time")
        if value.code and number == 0:  # a further column (人员类别) may classify persons by other criteria
            row.note(value.code, Role.EMPLOYMENT, column)
        said += [value.value] if value.value else []
    for role, yes, no in (
        (Role.IS_FULL_TIME, "full_time", "part_time"),
        (Role.IS_PART_TIME, "part_time", "full_time"),
        (Role.IS_DISPATCHED, "dispatched", ""),
    ):
        for column in row.columns(role):
            told = row.value(role, lambda c, yes=yes, no=no: cells.yes_no(c, yes, no), column)  # type: ignore[misc]
            said += [told] if told else []
    if said or row.has(Role.EMPLOYMENT, Role.IS_FULL_TIME, Role.IS_PART_TIME):
        found["employment"] = _agreed(row, said)
    return found


def _agreed(row: Row, said: list[str]) -> str | None:
    """Return what all columns agree on; a contradiction between full time and another form is reported."""
    kinds = set(said)
    if len(kinds) < 2:
        return said[0] if said else None
    if "full_time" not in kinds and kinds <= set(_NOT_COUNTING):
        return said[0]
    row.note("employment_contradicts", Role.EMPLOYMENT)
    return None


def _contract(row: Row) -> dict[str, Any]:
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
    left = row.value(Role.LEFT_ON, cells.day) if row.has(Role.LEFT_ON) else None
    if left:  # the earlier of both ends the work
        found["contractTo"] = min(left, found.get("contractTo") or left)
        row.unread = [member for member in row.unread if member != "contractTo"]
    return found


def _standing(row: Row, line: dict[str, Any], standing: str) -> None:
    """Compare the line with other statements about the person: status, insured or not, remarks."""
    if standing == "left" and not row.value(Role.LEFT_ON, cells.day):
        row.note("left_without_date", Role.STATUS, row.header.roles.get(Role.NAME))
    for column in row.columns(Role.STATUS):
        status = cells.status(row.cell(Role.STATUS, column), row.header.labels.get(column, ""))
        if status.value == "left" and not row.value(Role.LEFT_ON, cells.day):
            row.note("left_without_date", Role.STATUS, column)
        elif status.value == "rehired" and line.get("employment") in (None, "full_time"):
            line["employment"] = "rehired"
        elif status.code:
            row.note(status.code, Role.STATUS, column)
    for column in row.columns(Role.IS_INSURED):
        insured = cells.insured(row.cell(Role.IS_INSURED, column))
        if insured is False and line.get("socialInsurance"):
            row.note("insurance_contradicts", Role.IS_INSURED, column)
    for column in row.columns(Role.REMARK):
        remark = compact(text_of(row.cells[column] if column < len(row.cells) else ""))
        if _TELLING.search(re.sub(r"(?:无|未|非|没有|不)(?:离职|兼职|派遣|外聘|挂靠|借调)", "", remark)):
            row.note("remark_to_review", Role.REMARK, column)


def _insurance(row: Row) -> dict[str, Any]:
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


def _certificates(row: Row) -> dict[str, Any]:
    if not row.has(Role.LEVEL, Role.NUMBER):
        return {}
    number = row.value(Role.NUMBER, cells.number)
    level = row.value(
        Role.LEVEL, lambda c: cells.level(c, social_worker_column=row.header.social_worker, numbered=number is not None)
    )
    wording = row.cell(Role.LEVEL)
    unread = "certificates" in row.unread
    other_profession = (
        not cells.is_blank(wording)
        and level is None
        and not row.header.social_worker
        and not re.search("社会工作|社工", text_of(wording))
    )
    nothing = number is None and level is None and (cells.is_blank(wording) or not unread)
    if (nothing or other_profession) and not (unread and cells.is_blank(wording)):
        return {"certificates": []}
    certificate: dict[str, Any] = {"kind": "social_worker", "level": level, "number": number}
    if row.has(Role.APPROVED_ON):
        certificate["approvedOn"] = row.value(Role.APPROVED_ON, cells.day)
    return {"certificates": [certificate]}


def _extra(row: Row) -> dict[str, str]:
    """Return columns without a member in a roster line, by their heading."""
    taken = row.header.columns
    pairs = (
        (label, row.cells[c])
        for c, label in row.header.labels.items()
        if (c not in taken or taken[c] in _ALSO_SHOWN) and c < len(row.cells)
    )
    return {label: text for label, cell in pairs if (text := cells.text(cell).value)}


_ALSO_SHOWN = frozenset({Role.LEFT_ON, Role.STATUS, Role.IS_DISPATCHED, Role.IS_INSURED, Role.REMARK})
