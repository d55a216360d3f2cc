"""Social insurance proofs (社会保险参保缴费证明): the payer, the queried period, and a table of persons with kinds and
months, over pages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.evidence.reading.certificates.kind import KindReading, Region, read_labels, says
from app.evidence.reading.certificates.kinds.insurance_rows import is_heading, merged, read_row, roles_of
from app.evidence.reading.certificates.kinds.personal_proof import personal_table, read_personal
from app.evidence.reading.layout.label_values import Wanted
from app.evidence.reading.layout.labels import Labels
from app.evidence.reading.layout.pieces import Piece, pieces_matching
from app.evidence.reading.layout.printed_tables import Column, Row, Table, find_tables, over_the_edge
from app.evidence.reading.text import values
from app.evidence.reading.text.dates import BARE_DATE, find_dates
from app.evidence.reading.text.values import Read

LABELS = Labels(
    (
        Wanted(
            "payer",
            "单位名称 缴费单位 参保单位 缴费单位名称 参保单位名称 用人单位 用人单位名称 单位全称 缴纳单位 参保单位全称 "
            "投保单位",
            many_lines=True,
            like=r"(?:现|目前|当前|所在)?(?:参保|缴费|缴纳|投保|用人|申请|证明|工作)?(?:单位|机构|企业)(?:名称|全称)?",
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
        Wanted(
            "name",
            "姓名 参保人 参保人姓名 职工姓名",
            like=r"(?:参保|缴费|投保|被保险|持有)?(?:人员?|职工|个人)?姓名|(?:参保|缴费|被保险)(?:人员?|职工)",
        ),
        Wanted(
            "residentId",
            "身份证号 身份证号码 证件号码 公民身份号码 社会保障号码 社会保障号",
            proved=True,
            like=r".{0,6}(?:身份证件?|身份|证件|社会保障|社保)(?:号码?|编号)",
        ),
    ),
    stops=(
        "社会保险登记号 社会保险登记证号 参保人数 单位编号 验证码 经办机构 单位社保编号 人数 统一社会信用代码 "
        "经办人 参保地 缴费人数 合计人数 险种 页码 社保编号 单位代码 参保地区 校验码 授权码"
    ),
)


class SocialInsurance:
    """A list of insured persons; the headings may be repeated on every page."""

    name = "social_insurance"
    title = ""
    many_pages = True
    begins_anew = False
    labels = LABELS
    anchor = ""
    required = ("payer",)
    expected: tuple[str, ...] = ("issuedOn",)

    def claims(self, text: str) -> float:
        """Claim pages with the title, kinds of insurance, and the headings of the table."""
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
        """Read the fields at the top and all rows of all pages."""
        reading = KindReading()
        pages = _Pages(reading)
        for region in regions:
            found = read_labels(reading, region, LABELS, {"payer": values.organization, "issuedOn": values.day})
            tables = find_tables(region.layout, is_heading, pages.columns)
            own = None if tables else personal_table(region)
            below = min((table.rows[0].top for table in (*tables, own) if table and table.rows), default=float("inf"))
            _read_period(reading, region, [p for p in _periods(found) if p.box[1] < below])
            for table in tables:
                pages.add(table, region)
            if own:
                read_personal(reading, region, own, found)
            _read_foot_date(reading, region)
        reading.rows = merged(reading.rows)
        return reading

    def check(self, reading: KindReading) -> None:
        """Check that neither the period nor any row's months end before they begin."""
        begin, end = reading.value("periodFrom"), reading.value("periodTo")
        if begin and end and begin > end:
            reading.reasons.append(("date_order", "the period ends before it begins"))
        spans = [(row.values.get("from"), row.values.get("to")) for row in reading.rows]
        if any(first and last and first > last for first, last in spans):
            reading.reasons.append(("date_order", "the months of a row end before they begin"))


@dataclass(slots=True)
class _Pages:
    """Read the tables of all pages in order: a row divided by a page break becomes one row."""

    reading: KindReading
    columns: list[Column] | None = None
    last: tuple[Row, Region] | None = None

    def add(self, table: Table, region: Region) -> None:
        """Read the rows of a table."""
        rows, roles = self.reading.rows, roles_of(table.columns)
        if self.last and table.rows and over_the_edge(self.last[0], table.rows[0], roles.resident_id, values.whole_id):
            mended = read_row(self.last[0], roles, self.last[1], table.columns)
            rows[-len(mended) :] = mended
            del table.rows[0]
        for row in table.rows:
            rows += read_row(row, roles, region, table.columns)
        self.columns = table.columns
        self.last = (table.rows[-1], region) if table.rows else self.last


def _periods(found: dict[str, list[Piece]]) -> list[Piece]:
    """Return candidates for the queried period: from its own label, or from a date label (查询日期) before a span of
    months.
    """
    spans = [p for p in found.get("issuedOn", []) if len(find_dates(p.text)) > 1]
    return [*found.get("period", []), *spans]


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
    """Read a date of issue without a label: alone, below the table."""
    if reading.has("issuedOn"):
        return
    dates = pieces_matching(region.layout.free, BARE_DATE)
    if dates:
        lowest = max(dates, key=lambda p: p.box[1])
        reading.add("issuedOn", values.day(lowest.text), lowest, region.page, values.day)
