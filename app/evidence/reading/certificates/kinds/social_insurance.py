"""Social insurance proofs (社会保险参保缴费证明): the payer, the period asked for, and a table of people with
kinds and months, over pages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.evidence.reading.certificates.kind import KindReading, Reader, Region, RowFinding, read_labels, says
from app.evidence.reading.layout.label_values import Wanted
from app.evidence.reading.layout.labels import Labels
from app.evidence.reading.layout.page import hull
from app.evidence.reading.layout.pieces import Piece, pieces_matching
from app.evidence.reading.layout.printed_tables import Column, Row, find_table, over_the_edge
from app.evidence.reading.text import values
from app.evidence.reading.text.characters import compact
from app.evidence.reading.text.dates import BARE_DATE, find_dates
from app.evidence.reading.text.values import Read

KINDS = ("养老", "医疗", "失业", "工伤", "生育")
_YES = re.compile(r"是|√|✓|✔|☑|有|已参保|已缴|参保|正常|正常参保|[yY]|1|○|●")

LABELS = Labels(
    (
        Wanted(
            "payer",
            "单位名称 缴费单位 参保单位 缴费单位名称 参保单位名称 用人单位 用人单位名称 单位全称 缴纳单位 参保单位全称 "
            "投保单位",
            many_lines=True,
            like=r"(?:参保|缴费|缴纳|投保|用人|申请|证明)?(?:单位|机构|企业)(?:名称|全称)?",
        ),
        Wanted(
            "issuedOn",
            "打印日期 出具日期 开具日期 证明日期 打印时间 查询日期 制表日期 日期 出具时间 证明出具日期 生成日期 "
            "经办日期 制单日期 填报日期 查询时间 开具时间",
            wide=True,
            like=r"(?:打印|出具|开具|证明|查询|制表|生成|填报|经办|制单|导出)(?:日期|时间)",
        ),
        Wanted(
            "period",
            "缴费起止年月 查询期间 缴费期间 查询时段 参保期间 费款所属期 所属期间 证明时段 缴费时段 起止年月 "
            "查询起止年月 缴费起止时间 查询年月 缴费年月 证明期间 所属期 参保起止年月 统计期间 缴费所属期 查询区间 "
            "参保时段 缴费时间段 查询时间段 打印时段 费款所属时期",
            many_lines=True,
            wide=True,
            like=r".{0,6}(?:起止|期间|时段|时间段|区间|所属).{0,4}",
        ),
        Wanted("name", "姓名 参保人 参保人姓名 职工姓名"),
        Wanted("residentId", "身份证号 身份证号码 证件号码 公民身份号码 社会保障号码 社会保障号"),
    ),
    stops=(
        "社会保险登记号 社会保险登记证号 参保人数 单位编号 验证码 经办机构 单位社保编号 人数 统一社会信用代码 "
        "经办人 参保地 缴费人数 合计人数 险种 页码 社保编号 单位代码 参保地区 校验码 授权码"
    ),
)


@dataclass(slots=True)
class _Columns:
    """Which column holds what."""

    name: int | None = None
    resident_id: int | None = None
    kinds: int | None = None
    begin: int | None = None
    end: int | None = None
    span: int | None = None
    single: dict[str, int] = field(default_factory=dict)  # a column for each kind of insurance
    months: dict[str, int] = field(default_factory=dict)  # a column for each month


class SocialInsurance:
    """List of insured people; the same headings may come again on every page."""

    name = "social_insurance"
    title = ""
    many_pages = True
    begins_anew = False
    required = ("payer",)

    def claims(self, text: str) -> float:
        """Title, kinds of insurance, and the headings of the table."""
        titled = re.search(
            r"(?:社会保险|社保|参保|缴费|缴纳)[^。\n]{0,16}(?:证明|明细|清单|权益单|记录|汇总|情况|花名册|名册)",
            text[:150],
        ) or re.match(
            r"[^。:]{0,30}(?:社会保险|社保|参保|缴费|缴纳)[^。:]{0,16}(?:证明|明细|清单|权益单|记录|汇总|情况|名册)",
            text[:60].replace("\n", ""),
        )
        parts = sum(
            says(text, p) for p in ("姓名", "证件号|身份号码|身份证|社会保障号", "险种|养老", "起始|起止|缴费|参保")
        )
        return (0.45 if titled else 0.0) + 0.12 * parts if (titled and parts >= 2) or parts == 4 else 0.0

    def read(self, regions: Sequence[Region]) -> KindReading:
        """Head fields and all rows of all pages."""
        reading = KindReading()
        columns: list[Column] | None = None
        last: tuple[Row, Region] | None = None
        for region in regions:
            found = read_labels(reading, region, LABELS, {"payer": values.organization, "issuedOn": values.day})
            table = find_table(region.layout, _is_heading, columns)
            below = table.rows[0].top if table and table.rows else float("inf")
            _read_period(reading, region, [p for p in found.get("period", []) if p.box[1] < below])
            if table:
                columns = table.columns
                roles = _roles(columns)
                if last and table.rows and over_the_edge(last[0], table.rows[0], roles.resident_id, values.whole_id):
                    mended = _row(last[0], roles, last[1], columns)
                    reading.rows[-1:] = [mended] if mended else reading.rows[-1:]
                    del table.rows[0]
                reading.rows += [r for row in table.rows if (r := _row(row, roles, region, columns))]
                last = (table.rows[-1], region) if table.rows else last
            _read_foot_date(reading, region)
        reading.rows = _merged(reading.rows)
        return reading

    def check(self, reading: KindReading) -> None:
        """The period must not end before it begins, nor any row's months."""
        begin, end = reading.value("periodFrom"), reading.value("periodTo")
        if begin and end and begin > end:
            reading.reasons.append(("date_order", "the period ends before it begins"))
        if any(r.values["from"] and r.values["to"] and r.values["from"] > r.values["to"] for r in reading.rows):
            reading.reasons.append(("date_order", "the months of a row end before they begin"))


def _read_period(reading: KindReading, region: Region, pieces: list[Piece]) -> None:
    for piece in pieces:
        found = find_dates(piece.text)
        if found and not reading.has("periodFrom"):
            reading.add(
                "periodFrom",
                Read(found[0].month, None if found[0].month else False),
                piece.part(found[0].start, found[0].end),
                region.page,
                values.date,
            )
            if len(found) > 1:
                reading.add(
                    "periodTo",
                    Read(found[1].month, None if found[1].month else False),
                    piece.part(found[1].start, found[1].end),
                    region.page,
                    values.date,
                )


def _read_foot_date(reading: KindReading, region: Region) -> None:
    """Date of issue without a label: alone, below the table."""
    if reading.has("issuedOn"):
        return
    dates = pieces_matching(region.layout.free, BARE_DATE)
    if dates:
        lowest = max(dates, key=lambda p: p.box[1])
        reading.add("issuedOn", values.day(lowest.text), lowest, region.page, values.day)


def _is_heading(texts: list[str]) -> bool:
    roles = _roles([Column(t, 0, 0) for t in texts])
    return roles.name is not None and roles.resident_id is not None and len(texts) >= 3


def _roles(columns: list[Column]) -> _Columns:
    roles = _Columns()
    for index, column in enumerate(columns):
        _assign(roles, compact(column.heading), index)
    return roles


def _assign(roles: _Columns, heading: str, index: int) -> None:
    month = re.fullmatch(r"(20\d{2})[年./-]?(\d{1,2})月?", heading)
    lower = re.sub(r"^.*(?:险种|种类|社会保险)(?=.)", "", heading)  # what stands under a heading of several columns
    kind = next((k for k in KINDS if re.match(rf"(?:基本|城镇|企业|职工)*{k}", heading) or lower.startswith(k)), None)
    if re.fullmatch(r".{0,6}姓名", heading):
        roles.name = index
    elif re.search(r"证件号|身份证|身份号码|社会保障号|社保号码", heading):
        roles.resident_id = index
    elif month:
        roles.months[f"{month.group(1)}-{int(month.group(2)):02d}"] = index
    elif kind:
        roles.single[kind] = index
    elif "险种" in heading or "保险种类" in heading or "参保种类" in heading or "参保类型" in heading:
        roles.kinds = index
    elif re.search(r"起始|开始|(?<!止)起$|自$|(?<!止)起(?:年月|月份|时间|日期)", heading):
        roles.begin = index
    elif re.search(r"终止|截止|截至|结束|(?<!起)止$|(?<!起)止(?:年月|月份|时间|日期)|[缴费]至", heading):
        roles.end = index
    elif re.search(r"起止|期间|起讫|时段|时间段|所属期|所属时期|至|年月$|月份$|所属月|^月度$", heading):
        roles.span = index


def _row(row: Row, roles: _Columns, region: Region, columns: list[Column]) -> RowFinding | None:
    number = row.text(roles.resident_id)
    if not re.search(r"\d{6}", compact(number)) and not re.search(r"\*{2,}", number):
        return None
    _recall_marks(row, roles, region, columns)
    person = _settled("name", row, roles.name, values.person, region)
    found: dict[str, Any] = {"name": person.value if person.check is not False else None}
    found["residentId"] = _settled("residentId", row, roles.resident_id, values.resident_id, region).value
    if roles.kinds is not None or roles.single:
        found["kinds"] = _kinds(row, roles, region.page.method)
    for name, column in (("begin", roles.begin), ("end", roles.end)):
        _settled(name, row, column, _month_read, region)
    found["from"], found["to"] = _months(row, roles)
    whole = row.piece
    return RowFinding(found, region.page, whole.box, whole.score)


def _settled(name: str, row: Row, column: int | None, reader: Reader, region: Region) -> Read:
    """A cell's value; from a picture, where it cannot be read or is doubtful, after more looks at the cell."""
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


def _recall_marks(row: Row, roles: _Columns, region: Region, columns: list[Column]) -> None:
    """Look again into cells of kinds and months where a picture showed no text: single signs are easily passed over."""
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


def _kinds(row: Row, roles: _Columns, method: str) -> list[str] | None:
    if roles.kinds is None:
        marks = {k: row.text(column) for k, column in roles.single.items()}
        return None if "?" in marks.values() else [k for k in KINDS if k in marks and _marked(marks[k])]
    text = compact(row.text(roles.kinds))
    named = [k for k in KINDS if k in text] or (list(KINDS) if "五险" in text else [])
    rest = re.sub(rf"{'|'.join(KINDS)}|五险|城镇|企业|职工|基本|社会|保险|补充|大病|[、,;/+和及()\s]", "", text)
    cut = text.endswith(("、", ",", ";", "/"))
    return (
        None if not named or (method == "ocr" and (rest or cut)) else named
    )  # a scrap of a word may have been another kind


def _marked(text: str) -> bool:
    flat = compact(text)
    return bool(
        _YES.fullmatch(flat) or re.fullmatch(r"\d{1,3}(?:,?\d{3})*\.\d{2}|\d{6}[-至~]\d{6}", flat)
    ) and flat not in ("0.00", "0")


def _months(row: Row, roles: _Columns) -> tuple[str | None, str | None]:
    if any(row.text(column) == "?" for column in roles.months.values()):
        return None, None
    if roles.months:
        marked = sorted(m for m, c in roles.months.items() if _marked(row.text(c)))
        return (marked[0], marked[-1]) if marked and _unbroken(marked) else (None, None)
    if roles.span is not None:
        found = [f.month for f in find_dates(row.text(roles.span))]
        return (found[0], found[-1]) if found else (None, None)
    return _month(row.text(roles.begin)), _month(row.text(roles.end))


def _unbroken(months: list[str]) -> bool:
    numbers = [int(m[:4]) * 12 + int(m[5:]) for m in months]
    return numbers[-1] - numbers[0] == len(numbers) - 1


def _month(text: str) -> str | None:
    found = find_dates(text)
    return found[0].month if len(found) == 1 else None


def _merged(rows: list[RowFinding]) -> list[RowFinding]:
    """Lines of one person become one row where they stand together: one for each kind over the same months, or one for each month."""
    merged: list[RowFinding] = []
    for row in rows:
        joined = _joined(merged[-1], row) if merged else None
        if joined is None:
            merged.append(row)
        else:
            last = merged[-1]
            box = hull((last.box, row.box)) if last.page is row.page else last.box
            merged[-1] = RowFinding(joined, last.page, box, min(last.score, row.score))
    return merged


def _joined(last: RowFinding, row: RowFinding) -> dict[str, Any] | None:
    """The values of both lines as one, or None where they are of two people, or of times that do not meet."""
    a, b = last.values, row.values
    if not b["residentId"] or (a["name"], a["residentId"]) != (b["name"], b["residentId"]):
        return None
    if (a["from"], a["to"]) == (b["from"], b["to"]) and a.get("kinds") and b.get("kinds"):
        return {**a, "kinds": [k for k in KINDS if k in a["kinds"] or k in b["kinds"]]}
    if a.get("kinds") != b.get("kinds") or not all((a["from"], a["to"], b["from"], b["to"])):
        return None
    if _unbroken([a["to"], b["from"]]) and a["to"] < b["from"]:
        return {**a, "to": b["to"]}
    return {**a, "from": b["from"]} if _unbroken([b["to"], a["from"]]) and b["to"] < a["from"] else None
