"""Registration certificates (登记证书): 民办非企业单位, 社会服务机构, 社会团体, 基金会; also 事业单位法人证书, which
has another registrar.
"""

import re

from app.evidence.reading.certificates.kind import KindReading, Region, read_instead, says
from app.evidence.reading.certificates.kinds.agreement import check_dates, check_number, check_places
from app.evidence.reading.certificates.labelled import FieldRow, LabelledKind, with_readers
from app.evidence.reading.layout.page import hull
from app.evidence.reading.layout.pieces import Piece, flowing, pieces_matching, spans_matching
from app.evidence.reading.text import values
from app.evidence.reading.text.characters import compact, tidy
from app.evidence.reading.text.dates import BARE_DATE, find_dates
from app.evidence.reading.text.values import Read

_FORMS = (
    ("private_non_enterprise", r"民办非企业单位|社会服务机构"),
    ("social_group", r"社会团体"),
    ("foundation", r"基金会"),
    ("public_institution", r"事业单位法人"),
)
_PERSONALITIES = (("legal_person", "法人"), ("partnership", "合伙"), ("individual", "个体"))
_REGISTERED = r"(?:民办非企业单位|社会服务机构|社会团体|基金会)(?:法人)?(?:\((?:法人|合伙|个体|个人)\))?"
_TITLED = re.compile(rf"{_REGISTERED}登记证")
_TITLE = (
    rf"(?:中华人民共和国)?(?:{_REGISTERED}(?:登记)?证书?|事业单位法人证书)"
    r"(?:\((?:法人|合伙|个体|个人)\))?(?:\((?:正本|副本)\)|正本|副本)?"
)
_AUTHORITY = (
    r"[㐀-鿿]{2,24}(?:民政局|民政厅|民政部|行政审批局|行政审批服务局|社会事业局|社会发展局|社区管理局|"
    r"市场监督管理局|工商行政管理局|行政管理局|登记管理局|编制委员会办公室|街道办事处|镇人民政府|乡人民政府)|"
    r"(?:中华人民共和国)?民政部"
)

_CAPITAL = (
    "开办资金 注册资金 原始基金 原始基金数额 注册资本 开办资金数额 注册资金数额 活动资金 注册资金(元) 资金数额 出资额"
)
_TEN_THOUSANDS = ("(万元)", "(人民币万元)", "(万元人民币)", "(单位:万元)")

_READERS = {
    "uscc": values.code, "registrationNumber": values.number, "name": values.organization, "legalRepresentative":
    values.person, "address": values.words,
    "businessScope": values.words, "capital": values.money, "supervisor": values.public_body, "authority": values.public_body,
    "issuedOn": values.day,
}  # fmt: skip
ROWS = with_readers(
    (
        FieldRow(
            "uscc",
            "统一社会信用代码 社会信用代码 统一代码 信用代码 统一社会信用代码/注册号",
            proved=True,
            like=r".{0,6}信用代码(?:/.{2,6}|号码?)?",
        ),
        FieldRow(
            "registrationNumber",
            "登记证号 登记证书号 证书编号 登记证编号 登记号 证号 注册号 法人证号 登记证书编号 证书号 事证号",
        ),
        FieldRow(
            "name",
            "名称 单位名称 机构名称 社会组织名称 组织名称 社团名称 社会团体名称 基金会名称 民办非企业单位名称 企业名称",
            many_lines=True,
            like=r"(?:本)?(?:社会组织|民办非企业单位|社会服务机构|社会团体|基金会|单位|机构|组织|社团|企业|公司)?(?:中文)?(?:名称|全称)",
        ),
        FieldRow(
            "legalRepresentative",
            "法定代表人 法定代表人(负责人) 法定代表人(单位负责人) 法定代表人姓名 负责人 单位负责人 法人代表 合伙负责人 "
            "法定代表人/负责人 经营者 执行事务合伙人",
            like=r".{0,3}(?:法定代表人|法人代表|负责人)(?:/?负责人)?(?:姓名|名称)?",
        ),
        FieldRow(
            "address",
            "住所 地址 住址 单位地址 机构地址 办公地址 办公住所 登记住所 注册地址 单位住所 主要办公场所 经营场所 "
            "营业场所 场所",
            many_lines=True,
            like=r".{0,5}(?:住所|地址|住址|场所)地?",
        ),
        FieldRow(
            "businessScope",
            "业务范围 宗旨和业务范围 宗旨及业务范围 宗旨、业务范围 业务范围和宗旨 经营范围 服务范围 业务活动范围 "
            "主要业务范围 公益活动的业务范围 宗旨业务范围",
            many_lines=True,
            like=r".{0,6}(?:业务|服务|活动|经营).{0,4}范围",
        ),
        FieldRow(
            "capital", _CAPITAL, like=r".{0,3}(?:资金|基金|资本)(?:总额|数额|合计|总计|数|金额|额|规模)?(?:\(人民币\))?"
        ),
        FieldRow(
            "capitalInTenThousands", " ".join(label + unit for label in _CAPITAL.split() for unit in _TEN_THOUSANDS)
        ),
        FieldRow(
            "supervisor",
            "业务主管单位 业务主管部门 主管单位 举办单位 业务主管机关",
            many_lines=True,
            like=r".{0,4}(?:业务主管|主管|举办)(?:单位|部门|机关)(?:名称|全称)?",
        ),
        FieldRow(
            "authority",
            "登记管理机关 发证机关 登记机关 发证单位 颁发机关 发照机关 登记管理机关(盖章) 发证机关(盖章) 颁证机关 "
            "登记单位",
            many_lines=True,
            like=r".{0,3}(?:登记|发证|颁证|颁发|发照|核准)(?:管理)?(?:机关|单位|部门)(?:名称|全称)?",
        ),
        FieldRow(
            "issuedOn",
            "发证日期 颁发日期 颁证日期 发证时间 签发日期 核发日期 发照日期 颁发时间",
            wide=True,
            like=r".{0,4}(?:发证|颁发|颁证|签发|核发|发照|制发).{0,2}(?:日期|时间|年月日)",
        ),
        FieldRow("registeredOn", "登记日期 登记时间 准予登记日期", wide=True),
        FieldRow(
            "validity",
            "有效期限 有效期 证书有效期 证书有效期限 有效期间 有效日期 营业期限 合伙期限 有效期自 有效期限自 "
            "登记证书有效期",
            many_lines=True,
            wide=True,
            like=r".{0,6}(?:有效|经营|营业).{0,2}(?:期|期限|日期|起止日期|期间|时间)",
        ),
        FieldRow("validFrom", "有效期起 有效期开始 起始日期 有效期起始 有效期始"),
        FieldRow("validTo", "有效期止 有效期截止 截止日期 有效期至 有效期终止 终止日期"),
    ),
    _READERS,
)
_BEGINS = re.compile("|".join(re.escape(w) for row in ROWS for w in row.labels.split()))
_STOPS = (
    "宗旨 活动地域 活动区域 成立日期 成立时间 类型 经济性质 经费来源 年检记录 年度检查记录 年检情况 邮政编码 "
    "联系电话 组织机构代码 组织形式 主体类型 行业类别 副本编号 证书序号 注 备注 批准文号 传真 首次登记日期 "
    "变更日期"
)


class RegistrationCertificate(LabelledKind):
    """登记证书, 正本 and 副本 (the copy carries the annual-check stamps)."""

    name = "registration_certificate"
    title = _TITLE
    rows = ROWS
    stops = _STOPS
    anchor = "uscc"
    required = ("name", "legalForm")
    expected: tuple[str, ...] = ("authority", "issuedOn")

    def claims(self, text: str) -> float:
        """Claim pages with the title and labels that only such a certificate has."""
        head = text[:400].replace("\n", "")
        titled = says(head, "事业单位法人证书") or ("登记证" in head and _TITLED.search(head))
        labels = sum(
            says(text, p)
            for p in (
                "统一社会信用代码|登记证号",
                "业务范围|经营范围",
                "住所|地址",
                "法定代表人|负责人",
                "开办资金|注册资金|注册资本|原始基金",
                "登记管理机关|发证机关|登记机关",
                "业务主管单位|举办单位",
            )
        )
        return min(1.0, (0.6 if titled else 0.0) + 0.12 * labels)

    def read_more(self, reading: KindReading, region: Region, found: dict[str, list[Piece]]) -> None:
        """Read the title, alternative labels, the validity, the foot, and the stamps of annual checks."""
        _read_title(reading, region)
        read_instead(reading, region, found, "capital", "capitalInTenThousands", values.ten_thousands)
        read_instead(reading, region, found, "issuedOn", "registeredOn", values.day)
        read_validity(reading, region, found)
        read_foot(reading, region)
        read_annual_checks(reading, region)

    def check(self, reading: KindReading) -> None:
        """Check the order of dates and whole years between them; the registrar's place elsewhere on the page; a code or
        a number.
        """
        check_dates(reading)
        check_places(reading)
        check_number(reading)


def _read_title(reading: KindReading, region: Region) -> None:
    """Read legalForm and, where the title names it, personality (法人, 合伙, 个体)."""
    if reading.has("legalForm"):
        return
    titles = pieces_matching(region.lines, _TITLE) or flowing(
        region.page.lines[:12],
        rf"{_REGISTERED}登记证书?(?:\((?:法人|合伙|个体|个人)\))?|事业单位法人证书",
    )
    if not titles:
        return
    title = titles[0]
    flat = tidy(title.text) + _bracket_below(region, title)
    form = next((f for f, pattern in _FORMS if re.search(pattern, flat)), None)
    reading.add("legalForm", Read(form), title, region.page)
    personality = next((p for p, word in _PERSONALITIES if word in flat), None)
    if personality:
        reading.add("personality", Read(personality), title, region.page)


def _bracket_below(region: Region, title: Piece) -> str:
    """Return a bracketed word on a line of its own under the title: （法人）."""
    height = title.box[3] - title.box[1]
    near = [
        p for p in pieces_matching(region.lines, r"\((?:法人|合伙|个体)\)") if 0 < p.box[1] - title.box[1] < 3 * height
    ]
    return tidy(near[0].text) if near else ""


def read_validity(reading: KindReading, region: Region, found: dict[str, list[Piece]]) -> None:
    """Read validFrom, validTo and openEnded from one label for both, or from a label for each."""
    for piece in found.get("validity", []):
        begin, end, open_ended = values.validity(piece.text)
        if begin is None and not open_ended:
            continue
        if begin and not reading.has("validFrom"):
            reading.add(
                "validFrom",
                Read(begin.value, None if begin.value else False),
                piece.part(begin.start, begin.end),
                region.page,
                values.day,
            )
        if end and not reading.has("validTo"):
            reading.add(
                "validTo",
                Read(end.value, None if end.value else False),
                piece.part(end.start, end.end),
                region.page,
                values.day,
            )
        if open_ended and not end:
            reading.add("openEnded", Read(True), piece, region.page)
        return
    for name in ("validFrom", "validTo"):
        pieces = found.get(name, [])
        if pieces and not reading.has(name) and find_dates(pieces[0].text):
            reading.add(name, values.day(pieces[0].text), pieces[0], region.page)


def read_foot(reading: KindReading, region: Region) -> None:
    """Read authority and date of issue without labels at the foot, under or over the seal."""
    if not reading.has("authority"):
        bodies = [
            p
            for p in pieces_matching(region.lines, _AUTHORITY)
            if not _taken(reading, p) and not _BEGINS.match(compact(p.text))
        ]
        stamps = spans_matching(region.lines, _YEAR_CHECK) if bodies else []
        authorities = [p for p in bodies if not any(_heads(p, s) for s in stamps)]
        if authorities:
            lowest = max(authorities, key=lambda p: p.box[1])
            reading.add("authority", values.public_body(lowest.text), lowest, region.page, values.public_body)
    if not reading.has("issuedOn"):
        below = max(
            (f.piece.box[3] for f in reading.findings if f.field in ("name", "address", "uscc", "validFrom")),
            default=0.0,
        )
        dates = [
            p for p in pieces_matching(region.layout.free, BARE_DATE) if p.box[1] > below - 1 and not _taken(reading, p)
        ]
        if dates:
            lowest = max(dates, key=lambda p: p.box[1])
            reading.add("issuedOn", values.day(lowest.text), lowest, region.page, values.day)


def _heads(body: Piece, stamp: Piece) -> bool:
    """Whether the body's name is the first line of a stamp of the annual check."""
    height = body.box[3] - body.box[1]
    across = min(body.box[2], stamp.box[2]) - max(body.box[0], stamp.box[0])
    return across > 0 and 0 < stamp.box[1] - body.box[1] < 3.5 * height


def _taken(reading: KindReading, piece: Piece) -> bool:
    return any(_inside(piece.box, f.piece.box) for f in reading.findings)


def _inside(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    x, y = (a[0] + a[2]) / 2, (a[1] + a[3]) / 2
    return b[0] <= x <= b[2] and b[1] <= y <= b[3]


_YEAR_CHECK = r"((?:19|20)\d{2})(?:年?度?(?:年度)?(?:年检|检查|年度检查|年审|年报)|年度(?=基本合格|不合格|合格|$))"


def read_annual_checks(reading: KindReading, region: Region) -> None:
    """Read stamps of the annual check: a year, and its conclusion in the same piece or just below it."""
    lines = region.lines
    stamps = spans_matching(lines, _YEAR_CHECK + r"(?:(?:结论|结果)?:?(?:基本合格|不合格|合格))?")
    if not stamps:
        return
    conclusions = pieces_matching(lines, r".{0,14}?(?:基本合格|不合格|合格)") + spans_matching(
        lines, r"(?:基本|不)?合格"
    )
    for piece in stamps:
        year = re.search(r"(?:19|20)\d{2}", tidy(piece.text))
        if year is None:
            continue
        verdict = values.conclusion(piece.text)
        if verdict:
            reading.add("annualChecks", Read({"year": int(year.group()), "conclusion": verdict}), piece, region.page)
            continue
        under = _conclusion_of(piece, conclusions)
        if under:
            whole = Piece(
                piece.text + under.text,
                hull((piece.box, under.box)),
                min(piece.score, under.score),
                True,
                piece.lines + under.lines,
            )
            reading.add(
                "annualChecks",
                Read({"year": int(year.group()), "conclusion": values.conclusion(under.text)}),
                whole,
                region.page,
            )


def _conclusion_of(piece: Piece, conclusions: list[Piece]) -> Piece | None:
    height = piece.box[3] - piece.box[1]
    middle = (piece.box[0] + piece.box[2]) / 2
    near = [
        c
        for c in conclusions
        if -0.5 * height < c.box[1] - piece.box[1] < 3.5 * height
        and abs((c.box[0] + c.box[2]) / 2 - middle) < 4 * height
        and c.box[1] > piece.box[1] + 0.3 * height
    ]
    return min(near, key=lambda c: (c.box[1], len(c.text)), default=None)
