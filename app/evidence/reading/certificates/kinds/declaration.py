"""Declarations (声明, 承诺函) of a bidder: subject, signatory, date (政府采购法 art 22, 实施条例 art 17)."""

import itertools
import re
from collections.abc import Sequence

from app.evidence.reading.certificates.kind import KindReading, Region, read_labels, says
from app.evidence.reading.layout.label_values import Wanted
from app.evidence.reading.layout.labels import Labels
from app.evidence.reading.layout.page import hull
from app.evidence.reading.layout.pieces import Piece, flowing, pieces_matching
from app.evidence.reading.text import values
from app.evidence.reading.text.dates import BARE_DATE
from app.evidence.reading.text.values import Read

_SUBJECTS = (
    ("no_major_violation", r"重大违法"),
    ("tax_and_social_security", r"(?:依法)?缴纳税[收款]|税收和社会(?:保障|保险)|纳税.{0,8}社(?:会)?保|社会保障资金"),
    ("financial_accounting", r"财务会计|财务管理制度|会计制度|财务制度"),
    ("technical_capability", r"专业技术能力|履行合同(?:所必需|所必须|的?能力)|设备和专业技术|技术能力"),
    ("independent_liability", r"独立承担民事责任|民事责任"),
)
_TITLED = re.compile(r".{0,60}(?:声明函?|承诺书|承诺函|承诺|保证书|保证函|声明书)(?:\(.{0,20}\))?")
_ORGANIZATION = (
    r"[㐀-鿿()]{2,36}(?:中心|服务社|事务所|工作社|协会|基金会|服务部|促进会|学会|联合会|"
    r"公司|研究院|学校|医院|工作室|发展社|服务站|社)"
)

LABELS = Labels(
    (
        Wanted(
            "organization",
            "声明单位 声明人 投标人名称 投标人 供应商名称 供应商 单位名称 申请人名称 申请人 承诺单位 承诺人 投标单位 "
            "投标单位名称 响应人 响应供应商 承诺方 机构名称 参选单位 申报单位 声明方 投标供应商 报价人 单位 "
            "声明单位名称 承诺单位名称",
            many_lines=True,
            like=r"(?:投标|响应|声明|承诺|申请|申报|参选|报价|竞标|应答)?(?:供应商|单位|机构|投标人|人|方|者)(?:名称|全称)?",
        ),
        Wanted("signedOn", "日期 声明日期 签署日期 承诺日期 签字日期 签订日期 时间 出具日期 落款日期", wide=True),
    ),
    stops=(
        "法定代表人 法定代表人或授权代表 法定代表人或其授权代表 授权代表 法定代表人(签字或盖章) 致 联系人 联系电话 "
        "地址 电话 项目名称 项目编号 采购人 采购代理机构 法人代表 法定代表人或委托代理人 负责人"
    ),
)


class Declaration:
    """A letter with a title, a text, and at its foot the signing body and the date."""

    name = "declaration"
    title = ""
    many_pages = True
    begins_anew = True
    labels = LABELS
    anchor = ""
    required = ("kind", "organization", "signedOn")
    expected: tuple[str, ...] = ()

    def claims(self, text: str) -> float:
        """Claim pages with a title that contains declaration or promise, and one of the known subjects."""
        lines = text.split("\n")[:8]
        titles = (*lines, *map("".join, itertools.pairwise(lines[:4])))  # a subject may wrap over lines
        if not any(says(title, "声明|承诺|保证") and _TITLED.fullmatch(title) for title in titles):
            return 0.0
        subject = any(re.search(pattern, text.replace("\n", "")) for _, pattern in _SUBJECTS)
        return 0.55 + (0.3 if subject else 0.0) + (0.1 if says(text, "特此声明|郑重声明|承诺|盖章|公章") else 0.0)

    def read(self, regions: Sequence[Region]) -> KindReading:
        """Read all fields of one letter."""
        reading = KindReading()
        for region in regions:
            _read_subject(reading, region)
            read_labels(reading, region, LABELS, {"organization": values.organization, "signedOn": values.day})
            _read_foot(reading, region)
        return reading

    def check(self, reading: KindReading) -> None:
        """Check nothing: no value on such a page proves another."""


def _read_subject(reading: KindReading, region: Region) -> None:
    """Read the subject from the title, which may wrap; from the text when the title does not state it."""
    if reading.has("kind"):
        return
    title = _title(region)
    named = next((s for s, pattern in _SUBJECTS if title and re.search(pattern, "".join(title.text.split()))), None)
    if title and named:
        reading.add("kind", Read(named), title, region.page)
        return
    told = [(piece, s) for s, pattern in _SUBJECTS for piece in flowing(region.lines, pattern)[:1]]
    if told:
        piece, subject = min(told, key=lambda t: t[0].box[1])
        reading.add("kind", Read(subject), piece, region.page)


def _title(region: Region) -> Piece | None:
    """Return the title's lines: larger than the text, down to the one that ends with 声明 or 承诺函."""
    lines = region.lines
    last = next(
        (
            i
            for i, line in enumerate(lines[:10])
            if re.search(
                r"(?:声明函?|声明书|承诺书|承诺函|承诺|保证书|保证函)(?:\(.{0,20}\))?$",
                (lines[i - 1].chars if 0 < i < 4 else "") + line.chars,
            )
        ),
        None,
    )
    if last is None:
        return None
    first = last
    while (
        first > 0
        and abs(lines[first - 1].height - lines[last].height) < 0.2 * lines[last].height
        and lines[first].box[1] - lines[first - 1].box[3] < 1.5 * lines[last].height
    ):
        first -= 1
    taken = lines[first : last + 1]
    return Piece(
        "".join(line.text() for line in taken),
        hull(line.box for line in taken),
        min(line.score for line in taken),
        True,
        tuple(taken),
    )


def _read_foot(reading: KindReading, region: Region) -> None:
    """Read signing body and date without labels: the last ones on the page."""
    if not reading.has("signedOn"):
        dates = pieces_matching(region.lines, BARE_DATE)
        if dates:
            lowest = max(dates, key=lambda p: p.box[1])
            reading.add("signedOn", values.day(lowest.text), lowest, region.page, values.day)
    if not reading.has("organization"):
        bodies = pieces_matching(region.lines, rf"{_ORGANIZATION}(?:\((?:盖章|公章|章)\))?")
        if bodies:
            lowest = max(bodies, key=lambda p: p.box[1])
            reading.add("organization", values.organization(lowest.text), lowest, region.page, values.organization)
