"""Audit reports (审计报告): audited body, firm, year, and opinion (审计意见)."""

import re
from collections.abc import Sequence

from app.evidence.reading.certificates.kind import KindReading, Region, read_labels, says
from app.evidence.reading.layout.label_values import Wanted
from app.evidence.reading.layout.labels import Labels
from app.evidence.reading.layout.page import Line, hull
from app.evidence.reading.layout.pieces import Piece, flowing, pieces_matching, spans_matching
from app.evidence.reading.text import values
from app.evidence.reading.text.characters import tidy
from app.evidence.reading.text.values import Read

_FIRM = r"[㐀-鿿]{2,24}会计师事务所(?:有限(?:责任)?公司|\((?:特殊普通合伙|普通合伙|有限合伙)\)|\([㐀-鿿]{2,8}\))*(?:[㐀-鿿]{2,6}分所)?"

LABELS = Labels(
    (
        Wanted(
            "organization",
            "单位名称 被审计单位 被审计单位名称 委托单位 被审单位 项目单位 报告单位 委托方 审计对象 被审计机构 "
            "客户名称",
            many_lines=True,
        ),
        Wanted("year", "审计年度 报告年度 会计年度 年度 审计期间 所属年度 报告期间 财务报表年度"),
        Wanted(
            "firm",
            "审计机构 会计师事务所 事务所名称 审计单位 受托单位 出具单位 报告出具单位 事务所 审计机构名称",
            many_lines=True,
        ),
    ),
    stops=(
        "报告文号 报告编号 报告日期 防伪编号 中国注册会计师 地址 电话 传真 联系电话 邮编 报备号码 验证码 委托人 "
        "签字注册会计师"
    ),
)
_BODY = r"[㐀-鿿()]{4,36}(?:中心|服务社|工作社|事务所|协会|学会|促进会|联合会|基金会|公司|服务站|服务部|研究院|学校|院)"
_SPOKEN_TO = r"(?:\([^()]*\))?(?:全体)?(?:理事|会员|股东|董事|出资人|举办者|举办人|成员|监事|管理层)?会?:$"
_OPINIONS = (
    ("disclaimed", r"无法(?:对.{0,60})?(?:表示|发表)(?:审计)?意见|不对.{0,40}发表(?:审计)?意见|不发表(?:审计)?意见"),
    ("adverse", r"否定意见|(?:没有|未能?)在所有重大方面|未能?公允反映|没有公允反映"),
    ("qualified", r"除.{0,60}(?:影响|事项|外).{0,12}外|(?<!无)保留意见"),
    ("unqualified", r"公允反映|无保留意见|标准(?:无保留)?意见"),
)


class AuditReport:
    """A cover, and the pages with opinion, grounds and responsibilities."""

    name = "audit_report"
    title = ""
    many_pages = True
    begins_anew = False
    labels = LABELS
    anchor = ""
    required = ("organization", "year", "firm", "opinion")
    expected: tuple[str, ...] = ()

    def claims(self, text: str) -> float:
        """Claim pages with title and standard phrases of the auditing standards; later pages of a report contain only
        the phrases.
        """
        score = 0.55 if "审计报告" in text[:300] else 0.0
        score += 0.15 * sum(
            says(text, p)
            for p in (
                "我们审计了|后附的",
                "会计师事务所",
                "注册会计师",
                "公允反映|审计意见|保留意见",
                "审计年度|被审计单位",
            )
        )
        return min(1.0, score) if score >= 0.45 else 0.0

    def read(self, regions: Sequence[Region]) -> KindReading:
        """Read all fields from cover and opinion."""
        reading = KindReading()
        for region in regions:
            found = read_labels(reading, region, LABELS, {"organization": values.organization})
            _read_addressee(reading, region)
            _read_year(reading, region, found.get("year", []))
            _read_firm(reading, region, found.get("firm", []))
            _read_opinion(reading, region)
        return reading

    def check(self, reading: KindReading) -> None:
        """Check nothing: no value on such a page proves another."""


def _read_addressee(reading: KindReading, region: Region) -> None:
    """Read the addressee: the first line that ends with a colon and holds no label."""
    if reading.has("organization"):
        return
    for piece in pieces_matching(region.layout.free[:12], r"[㐀-鿿()]{6,40}(?:\(.{2,10}\))?:"):
        if "会计师事务所" not in piece.text and not re.search("注册会计师|编号|文号|日期|单位名称", piece.text):
            named = _shorter(piece)
            reading.add("organization", values.organization(named.text), named, region.page)
            return
    for piece in flowing(
        region.lines, r"(?<=我们审计了)[㐀-鿿()]{4,30}?(?=\((?:以下|下称)|财务报表|的财务报表|20\d\d)"
    ):
        name = tidy(piece.text).removesuffix("后附的")
        reading.add("organization", values.organization(name), piece, region.page, values.organization)
        return
    if not re.search("我们审计了|后附的", region.text):
        _read_cover(reading, region)


def _read_cover(reading: KindReading, region: Region) -> None:
    """Read a cover that names the body alone on a line, without a label."""
    bodies = [p for p in pieces_matching(region.layout.free, _BODY) if "会计师事务所" not in p.text]
    if len(bodies) == 1:
        reading.add("organization", values.organization(bodies[0].text), bodies[0], region.page, values.organization)


def _shorter(piece: Piece) -> Piece:
    """Remove the closing colon, and the members of the body who are addressed (全体理事)."""
    line = piece.lines[0]
    start = next((i for i in range(len(line.boxes)) if line.boxes[i][0] >= piece.box[0] - 0.01), 0)
    closing = re.search(_SPOKEN_TO, line.chars[start:])
    end = start + closing.start() if closing else len(line.boxes)
    return Piece(line.text(start, end), line.hull(start, end), piece.score, True, piece.lines) if end > start else piece


def _read_year(reading: KindReading, region: Region, labelled: list[Piece]) -> None:
    if reading.has("year"):
        return
    pieces = [
        *labelled,
        *spans_matching(region.lines, r"(?:19|20)\d{2}年度|(?<=截至)(?:19|20)\d{2}年12月31日|(?:19|20)\d{2}年12月31日"),
        *spans_matching(region.lines, r"[二][〇零○]?[〇零○一二][〇零○一二三四五六七八九]年度"),
    ]
    for piece in pieces:
        year = _year(tidy(piece.text))
        if year:
            reading.add("year", Read(year), piece, region.page)
            return


def _year(text: str) -> int | None:
    found = re.search(r"(?:19|20)\d{2}", text)
    if found:
        return int(found.group())
    spelled = re.search(r"二[〇零○][〇零○一二三][〇零○一二三四五六七八九]", text)
    return (
        int(
            "".join(
                str("〇一二三四五六七八九".index(c.replace("零", "〇").replace("○", "〇"))) for c in spelled.group()
            )
        )
        if spelled
        else None
    )


def _read_firm(reading: KindReading, region: Region, labelled: list[Piece]) -> None:
    if reading.has("firm"):
        return
    pieces = (
        [p for p in labelled if "事务所" in p.text]
        or pieces_matching(region.lines, _FIRM)
        or spans_matching(region.layout.free, _FIRM)
    )
    if pieces:
        lowest = max(pieces, key=lambda p: p.box[1])
        reading.add("firm", values.organization(lowest.text), lowest, region.page, values.organization)


def _read_opinion(reading: KindReading, region: Region) -> None:
    """Read the opinion from the sentence that states it (我们认为…), to its end; headings confirm it."""
    if reading.has("opinion"):
        return
    paragraph = _paragraph(region.lines, r"^我们认为|^我们不对|^由于.{0,80}我们无法|^我们无法|^我们未能")
    heading = next(
        iter(
            pieces_matching(
                region.lines, r"(?:[一二三四五六七八九十]+[、.])?(?:无法表示意见|否定意见|保留意见|无保留意见|审计意见)"
            )
        ),
        None,
    )
    if paragraph is None and heading is None:
        return
    text = (tidy(heading.text) if heading else "") + "。" + (tidy(paragraph.text) if paragraph else "")
    opinion = next((o for o, pattern in _OPINIONS if re.search(pattern, text)), None)
    piece = paragraph or heading
    if piece and (opinion or paragraph):
        reading.add("opinion", Read(opinion, None if opinion else False), piece, region.page)


def _paragraph(lines: list[Line], start: str) -> Piece | None:
    """Read a paragraph from its first line to the next indented or short line."""
    for index, line in enumerate(lines):
        if not re.search(start, line.chars):
            continue
        taken = [line]
        left = min((other.box[0] for other in lines[index : index + 4]), default=line.box[0])
        right = max((other.box[2] for other in lines), default=line.box[2])
        for follower in lines[index + 1 :]:
            indented = follower.box[0] > left + 1.2 * line.height
            ended = taken[-1].box[2] < right - 2.5 * line.height
            if indented or ended or follower.box[1] - taken[-1].box[3] > 2 * line.height:
                break
            taken.append(follower)
        return Piece(
            "".join(t.text() for t in taken),
            hull(t.box for t in taken),
            min(t.score for t in taken),
            True,
            tuple(taken),
        )
    return None
