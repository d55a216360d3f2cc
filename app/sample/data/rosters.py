"""Rosters as bidders submit them: XLSX and CSV, in several encodings, with titles above and varying headings."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

import xlsxwriter

from app.sample.data.organizations import Bidder
from app.sample.data.staff import StaffLine

EMPLOYMENTS = {
    "full_time": "全职",
    "part_time": "兼职",
    "intern": "实习",
    "dispatched": "劳务派遣",
    "rehired": "退休返聘",
}
LEVELS = {
    "assistant": "助理社会工作师",
    "intermediate": "社会工作师",
    "senior": "高级社会工作师",
    "local": "社会工作员",
}
HEADERS = {
    "plain": (
        "序号 员工姓名 性别 身份证号码 岗位 用工形式 合同开始时间 合同终止日期 社保缴纳单位 社保缴纳起始 社保缴纳截止 "
        "职称 管理号 批准日期 联系电话"
    ),
    "titled": (
        "编号 姓名 性别 证件号码 职务 专职或兼职 劳动合同起 劳动合同止 社保缴费单位 参保起始年月 社保缴纳截止 "
        "证书级别 证书编号 取得时间 手机号码"
    ),
    "spans": (
        "序号 姓名 身份证号 岗位 是否专职 劳动合同期限 社保缴纳单位 社保起止 资格证书 社工证管理号 批准日期 联系电话"
    ),
}
GROUPED_HEAD = (
    ("序号", ("",)),
    ("姓名", ("",)),
    ("性别", ("",)),
    ("身份证号码", ("",)),
    ("岗位", ("",)),
    ("聘用方式", ("",)),
    ("劳动合同", ("起始日期", "终止日期")),
    ("社会保险", ("缴纳单位", "起始年月", "截止年月")),
    ("社会工作者证书", ("级别", "管理号", "批准日期")),
    ("联系电话", ("",)),
)
OPEN_CONTRACT = "无固定期限"
CREATED = datetime(2026, 5, 11, 9, 0)  # noqa: DTZ001 (a workbook's own stamp has no zone)
Value = str | int | date
Row = list[Value]


def roster_file(bidder: Bidder, lines: Sequence[StaffLine]) -> bytes:
    """Return the bytes of `roster.xlsx` or `roster.csv`, in the bidder's form."""
    form = bidder.roster
    if form.suffix == "csv":
        return _csv(_title(bidder), form.header, lines).encode(form.encoding)
    return _workbook(bidder, lines)


def _title(bidder: Bidder) -> str:
    return f"{bidder.name}员工花名册"


def _values(number: int, line: StaffLine) -> Row:
    person, certificate = line.person, line.certificate
    return [
        number,
        person.name,
        person.sex,
        person.resident_id,
        line.position,
        EMPLOYMENTS[line.employment],
        line.contract_from,
        line.contract_to or OPEN_CONTRACT,
        line.payer,
        line.insured_from,
        line.insured_to,
        LEVELS[certificate.level] if certificate else "",
        certificate.number if certificate else "",
        certificate.approved_on if certificate else "",
        person.phone,
    ]


def _spans(number: int, line: StaffLine) -> Row:
    """Return contract and insurance in one cell each, full-time as yes or no."""
    person, certificate = line.person, line.certificate
    until = f"{line.contract_to:%Y.%m.%d}" if line.contract_to else OPEN_CONTRACT
    return [
        number,
        person.name,
        person.resident_id,
        line.position,
        "是" if line.employment == "full_time" else "否",
        f"{line.contract_from:%Y.%m.%d}-{until}",
        line.payer,
        f"{line.insured_from}至{line.insured_to}",
        LEVELS[certificate.level] if certificate else "",
        certificate.number if certificate else "",
        f"{certificate.approved_on:%Y.%m.%d}" if certificate else "",
        person.phone,
    ]


def _csv(title: str, header: str, lines: Sequence[StaffLine]) -> str:
    names = HEADERS[header].split()
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if header == "titled":
        writer.writerow([title, *[""] * (len(names) - 1)])
    writer.writerow(names)
    for number, line in enumerate(lines, 1):
        row = _spans(number, line) if header == "spans" else _values(number, line)
        writer.writerow([f"{cell:%Y/%m/%d}" if isinstance(cell, date) else cell for cell in row])
    return out.getvalue()


def _workbook(bidder: Bidder, lines: Sequence[StaffLine]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"author": bidder.name, "title": _title(bidder), "created": CREATED})
        sheet = book.add_worksheet("花名册")
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14, "align": "center"}),
            "header": book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter"}),
            "text": book.add_format({"num_format": "@", "border": 1}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "border": 1}),
        }
        row = _head(sheet, formats, bidder)
        for number, line in enumerate(lines, 1):
            _write(sheet, formats, row + number - 1, _values(number, line))
        sheet.set_column(3, 3, 22)
        sheet.set_column(6, 12, 16)
    return buffer.getvalue()


def _head(sheet: xlsxwriter.worksheet.Worksheet, formats: dict[str, xlsxwriter.format.Format], bidder: Bidder) -> int:
    """Write the titles above the table; return its first row."""
    if bidder.roster.header == "two_level":
        return _grouped_head(sheet, formats, bidder)
    names, row = HEADERS[bidder.roster.header].split(), 0
    if bidder.roster.header == "titled":
        sheet.merge_range(0, 0, 0, len(names) - 1, _title(bidder), formats["title"])
        sheet.write_string(1, 0, "填报日期：2026年5月11日　　单位：人")
        row = 2
    for column, name in enumerate(names):
        sheet.write_string(row, column, name, formats["header"])
    return row + 1


def _grouped_head(
    sheet: xlsxwriter.worksheet.Worksheet, formats: dict[str, xlsxwriter.format.Format], bidder: Bidder
) -> int:
    width = sum(len(parts) for _, parts in GROUPED_HEAD)
    sheet.merge_range(0, 0, 0, width - 1, _title(bidder), formats["title"])
    column = 0
    for name, parts in GROUPED_HEAD:
        last = column + len(parts) - 1
        if parts == ("",):
            sheet.merge_range(1, column, 2, column, name, formats["header"])
        else:
            sheet.merge_range(1, column, 1, last, name, formats["header"])
            for offset, part in enumerate(parts):
                sheet.write_string(2, column + offset, part, formats["header"])
        column = last + 1
    return 3


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, formats: dict[str, xlsxwriter.format.Format], row: int, values: Row
) -> None:
    for column, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["date"])  # noqa: DTZ001
        elif isinstance(value, int):
            sheet.write_number(row, column, value, formats["text"])
        else:
            sheet.write_string(row, column, value, formats["text"])
