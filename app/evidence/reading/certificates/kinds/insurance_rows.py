"""Rows of insurance proofs: roles of columns, months paid by kind of insurance, and joining the lines of one person."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.evidence.reading.certificates.kind import Reader, Region, RowFinding
from app.evidence.reading.layout.page import Box, Page, hull
from app.evidence.reading.layout.pieces import Piece
from app.evidence.reading.layout.printed_tables import Column, Row
from app.evidence.reading.text import values
from app.evidence.reading.text.characters import compact, tidy
from app.evidence.reading.text.dates import find_dates
from app.evidence.reading.text.values import Read

KINDS = ("养老", "医疗", "失业", "工伤", "生育")
_YES = re.compile(r"是|√|✓|✔|☑|有|已参保|已缴|参保|正常|正常参保|[yY]|1|○|●")
_RANGE = re.compile(r"[-—–~～至到]")
_OPEN_END = re.compile(r"至今|现在|目前|今$")
_FOOT = re.compile(
    r"(?:合计|总计|共计|小计|人数|流水号|打印|验证码|校验码|经办|制表|系统|本表|本页|说明|备注|注$|第\d+页)"
)

Months = tuple[str | None, str | None]


@dataclass(slots=True)
class Roles:
    """The role of each column."""

    name: int | None = None
    resident_id: int | None = None
    kinds: int | None = None
    begin: int | None = None
    end: int | None = None
    span: int | None = None
    payer: int | None = None
    status: int | None = None
    single: dict[str, int] = field(default_factory=dict)  # a column for each kind of insurance
    months: dict[str, int] = field(default_factory=dict)  # a column for each month


def is_heading(texts: list[str]) -> bool:
    """Whether these are the headings of a list of insured persons."""
    roles = roles_of([Column(t, 0, 0) for t in texts])
    return roles.name is not None and roles.resident_id is not None and len(texts) >= 3


def roles_of(columns: list[Column]) -> Roles:
    """Determine the role of each column by its heading."""
    roles = Roles()
    for index, column in enumerate(columns):
        _assign(roles, compact(column.heading), index)
    return roles


def _assign(roles: Roles, heading: str, index: int) -> None:
    month = re.fullmatch(r"(20\d{2})[年./-]?(\d{1,2})月?", heading)
    lower = re.sub(r"^.*(?:险种|种类|社会保险)(?=.)", "", heading)  # below a heading that spans several columns
    kind = next((k for k in KINDS if re.match(rf"(?:基本|城镇|企业|职工)*{k}", heading) or lower.startswith(k)), None)
    if re.fullmatch(r".{0,6}姓名", heading):
        roles.name = index
    elif re.search(r"证件号|身份证|身份号码|社会保障号|社保号码", heading):
        roles.resident_id = index
    elif month:
        roles.months[f"{month.group(1)}-{int(month.group(2)):02d}"] = index
    elif kind:
        roles.single[kind] = index
    elif re.search(r"状态|状况|缴费情况|缴纳情况|到账|缴费类型|缴费标志|缴费类别", heading):
        roles.status = index
    elif re.search(r"(?:单位|公司|机构|用人单位)(?:名称|全称)?$", heading) and not re.search(
        "编号|代码|性质|经办", heading
    ):
        roles.payer = index
    elif "险种" in heading or "保险种类" in heading or "参保种类" in heading or "参保类型" in heading:
        roles.kinds = index
    elif re.search(r"起始|开始|(?<!止)起$|自$|(?<!止)起(?:年月|月份|时间|日期)", heading):
        roles.begin = index
    elif re.search(r"终止|截止|截至|结束|(?<!起)止$|(?<!起)止(?:年月|月份|时间|日期)|[缴费]至", heading):
        roles.end = index
    elif re.search(r"起止|期间|起讫|时段|时间段|所属期|所属时期|至|年月$|月份$|所属月|^月度$", heading):
        roles.span = index


def read_row(row: Row, roles: Roles, region: Region, columns: list[Column]) -> list[RowFinding]:
    """Read a row of the table: one finding for each unbroken run of months; none where the row names no person."""
    number = compact(row.text(roles.resident_id))
    if not re.search(r"\d{6}", number) and not re.search(r"\*{2,}", number):
        return []
    _recall_marks(row, roles, region, columns)
    person = _settled("name", row, roles.name, values.person, region)
    found: dict[str, Any] = {"name": person.value if person.check is not False else None}
    found["residentId"] = _settled("residentId", row, roles.resident_id, values.resident_id, region).value
    if roles.kinds is not None or roles.single:
        found["kinds"] = _kinds(row, roles, region.page.method)
    for name, column in (("begin", roles.begin), ("end", roles.end)):
        _settled(name, row, column, _month_read, region)
    runs = runs_of(row, roles)
    if not found["residentId"] and _is_foot(row, found, runs):
        return []
    if roles.payer is not None and (payer := tidy(row.text(roles.payer))):
        found["payer"] = payer
    if roles.status is not None and (status := compact(row.text(roles.status))):
        found["status"] = status
    whole = row.piece
    at = number_places(row, roles.resident_id, region)
    return [
        RowFinding(
            found | ({} if run is None else {"from": run[0], "to": run[1]}), region.page, whole.box, whole.score, at
        )
        for run in runs
    ]


def number_places(row: Row, column: int | None, region: Region) -> tuple[tuple[Page, Box], ...]:
    """Return the place of the cell with the resident ID, if the table has it."""
    return ((region.page, row.cells[column].box),) if column is not None and column in row.cells else ()


def _is_foot(row: Row, found: dict[str, Any], runs: list[Months | None]) -> bool:
    """Whether a line without a valid number is a footer: it counts persons, or has a label of its own, or states no
    months.
    """
    text = compact(row.piece.text)
    return bool(_FOOT.match(text)) or ((not found.get("kinds")) and not any(run and run[0] for run in runs))


def _settled(name: str, row: Row, column: int | None, reader: Reader, region: Region) -> Read:
    """Return a cell's value; from a picture, an unreadable or doubtful cell is read again."""
    first = reader(row.text(column))
    if column is None or column not in row.cells or region.page.method != "ocr":
        return first
    piece = row.cells[column]
    if first.check or (first.check is None and first.value is not None and piece.score >= 0.9):
        return first
    from app.evidence.reading.certificates.rereading import settle

    read, row.cells[column] = settle(name, region.page, piece, first, reader)
    return read


def _month_read(text: str) -> Read:
    value = _month(text)
    return Read(value, None if value else False)


def _recall_marks(row: Row, roles: Roles, region: Region, columns: list[Column]) -> None:
    """Read again cells of kinds and months without text in a picture: single characters are easily missed."""
    if region.page.method != "ocr":
        return
    from app.evidence.reading.recognition.recognise import RecognisedPage
    from app.evidence.reading.recognition.ticks import read_mark

    if not isinstance(region.page, RecognisedPage) or region.page.source is None:
        return
    for index in (*roles.single.values(), *roles.months.values()):
        if not re.search("[是否有无√✓✔×]", row.text(index)):
            box = (columns[index].left, row.top, columns[index].right, row.bottom)
            mark = read_mark(region.page.source, box)
            if mark:
                row.cells[index] = Piece(mark, box, 0.9)


def _kinds(row: Row, roles: Roles, method: str) -> list[str] | None:
    if roles.kinds is None:
        marks = {k: row.text(column) for k, column in roles.single.items()}
        return None if "?" in marks.values() else [k for k in KINDS if k in marks and marked(marks[k])]
    text = compact(row.text(roles.kinds))
    named = [k for k in KINDS if k in text] or (list(KINDS) if "五险" in text else [])
    rest = re.sub(rf"{'|'.join(KINDS)}|五险|城镇|企业|职工|基本|社会|保险|补充|大病|[、,;/+和及()\s]", "", text)
    cut = text.endswith(("、", ",", ";", "/"))
    return (
        None if not named or (method == "ocr" and (rest or cut)) else named
    )  # a fragment of a word may have been another kind


def marked(text: str) -> bool:
    """Whether a cell of a kind or a month states payment: a tick, yes, an amount."""
    flat = compact(text)
    return bool(
        _YES.fullmatch(flat) or re.fullmatch(r"\d{1,3}(?:,?\d{3})*\.\d{2}|\d{6}[-至~]\d{6}", flat)
    ) and flat not in ("0.00", "0")


def runs_of(row: Row, roles: Roles) -> list[Months | None]:
    """Return the unbroken runs of months of a row; (None, None) where they are unreadable, None where the table has no
    months.
    """
    if roles.months:
        if any(row.text(column) == "?" for column in roles.months.values()):
            return [(None, None)]
        return list(_runs((m, m) for m, c in roles.months.items() if marked(row.text(c)))) or [(None, None)]
    if roles.span is not None:
        return spans_of(row.text(roles.span))
    if roles.begin is None and roles.end is None:
        return [None]
    return [(_month(row.text(roles.begin)), _month(row.text(roles.end)))]


def spans_of(text: str) -> list[Months | None]:
    """Parse the runs of months in a text: a span, single months, several spans; an open end (至今) is None."""
    found = find_dates(text)
    if not found or any(f.month is None for f in found):
        return [(None, None)]
    edges = [(f.end, g.start) for f, g in zip(found, [*found[1:], None], strict=True) if g] if len(found) > 1 else []
    rest = compact(text[found[-1].end :])
    if _OPEN_END.search(rest):
        return [(found[-1].month, None)]
    later = re.fullmatch(r"[-—–~～至到](\d{1,2})月?份?", rest)
    if later and len(found) == 1 and 1 <= int(later.group(1)) <= 12:
        return [(found[0].month, f"{str(found[0].month)[:4]}-{int(later.group(1)):02d}")]
    if re.search(r"\d", rest) or re.search(r"\d", text[: found[0].start]):
        return [(None, None)]
    spans: list[tuple[str, str]] = []
    index = 0
    while index < len(found):
        first = last = str(found[index].month)
        if index + 1 < len(found) and _RANGE.search(text[slice(*edges[index])]):
            index, last = index + 1, str(found[index + 1].month)
        spans.append((first, last))
        index += 1
    return list(_runs(spans))


def _runs(spans: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Join spans where one continues with the month after another."""
    run: tuple[str, str] | None = None
    for first, last in sorted(spans):
        if run and _number(first) <= _number(run[1]) + 1:
            run = run[0], max(run[1], last)
        else:
            if run:
                yield run
            run = first, last
    if run:
        yield run


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


def _unbroken(months: list[str]) -> bool:
    numbers = [int(m[:4]) * 12 + int(m[5:]) for m in months]
    return numbers[-1] - numbers[0] == len(numbers) - 1


def _month(text: str) -> str | None:
    found = find_dates(text)
    return found[0].month if len(found) == 1 else None


def merged(rows: list[RowFinding]) -> list[RowFinding]:
    """Merge adjacent lines of one person into one row: lines for different kinds over the same months, or for single
    months.
    """
    merged: list[RowFinding] = []
    for row in rows:
        joined = _joined(merged[-1], row) if merged else None
        if joined is None:
            merged.append(row)
        else:
            last = merged[-1]
            box = hull((last.box, row.box)) if last.page is row.page else last.box
            merged[-1] = RowFinding(joined, last.page, box, min(last.score, row.score), last.numbers + row.numbers)
    return merged


def _joined(last: RowFinding, row: RowFinding) -> dict[str, Any] | None:
    """Merge the values of two lines, or None where they are of two persons, or of times that are not adjacent."""
    a, b = last.values, row.values
    if any(a.get(key) != b.get(key) for key in ("payer", "status")) or "from" not in a or "from" not in b:
        return None
    if not b["residentId"] or (a["name"], a["residentId"]) != (b["name"], b["residentId"]):
        return None
    if (a["from"], a["to"]) == (b["from"], b["to"]) and a.get("kinds") and b.get("kinds"):
        return {**a, "kinds": [k for k in KINDS if k in a["kinds"] or k in b["kinds"]]}
    if a.get("kinds") != b.get("kinds") or not all((a["from"], a["to"], b["from"], b["to"])):
        return None
    if _unbroken([a["to"], b["from"]]) and a["to"] < b["from"]:
        return {**a, "to": b["to"]}
    return {**a, "from": b["from"]} if _unbroken([b["to"], a["from"]]) and b["to"] < a["from"] else None
