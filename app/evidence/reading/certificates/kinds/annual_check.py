"""Conclusions of the annual check (年检结论): the form with the registrar's conclusion, the notice, the published decision."""

import re
from collections.abc import Sequence

from app.evidence.reading.certificates.kind import KindReading, Region, read_labels, says
from app.evidence.reading.layout.label_values import Wanted
from app.evidence.reading.layout.labels import Labels
from app.evidence.reading.layout.page import Line
from app.evidence.reading.layout.pieces import Piece, flowing, pieces_matching, spans_matching
from app.evidence.reading.text import values
from app.evidence.reading.text.characters import tidy
from app.evidence.reading.text.values import Read

LABELS = Labels(
    (
        Wanted(
            "organization",
            "社会组织名称 单位名称 组织名称 名称 机构名称 被检单位 社会服务机构名称 民办非企业单位名称 社会团体名称 "
            "基金会名称 受检单位 单位",
            many_lines=True,
            like=r"(?:参检|被检|受检|年检|参加年检|申报|填报)?(?:社会组织|社会服务机构|民办非企业单位|社会团体|基金会|机构|组织|单位)(?:名称|全称)?",
        ),
        Wanted("year", "检查年度 年检年度 年度 年检年份", like=r".{0,4}(?:检查|年检|受检)(?:年度|年份)"),
        Wanted(
            "conclusion",
            "登记管理机关年检结论 年检结论 检查结论 年度检查结论 登记管理机关意见 登记管理机关审查意见 "
            "登记管理机关结论 年检结果 检查结果 结论 年检意见 审查结论 登记管理机关检查结论 登记机关年检结论",
            many_lines=True,
            wide=True,
            like=r"(?!.*主管).{0,10}(?:年检|检查|审查)(?:结论|结果|意见)",
        ),
    ),
    stops=(
        "统一社会信用代码 法定代表人 填报日期 业务主管单位初审意见 业务主管单位意见 登记证号 联系人 联系电话 "
        "年末净资产合计 年末从业人员 住所 业务主管单位 备注 日期 主管单位初审意见"
    ),
)


class AnnualCheck:
    """A form or letter with organization, year and conclusion (合格, 基本合格, 不合格)."""

    name = "annual_check"
    title = ""
    many_pages = True
    begins_anew = True
    labels = LABELS
    anchor = ""
    required = ("organization", "year", "conclusion")
    expected: tuple[str, ...] = ()

    def claims(self, text: str) -> float:
        """Claim pages with the annual check in the title and a conclusion in the text; a registration certificate's
        stamps do not suffice.
        """
        if not says(text[:200].replace("\n", ""), "年度检查|年检") or re.search(
            r"登记证书?(?:\(|正本|副本|$)", text[:120]
        ):
            return 0.0
        return min(
            1.0,
            0.5
            + 0.15
            * sum(
                says(text, p)
                for p in ("结论", "合格", "社会组织|社会团体|民办非企业|社会服务机构|基金会", "审查|通知|结果")
            ),
        )

    def read(self, regions: Sequence[Region]) -> KindReading:
        """Read all fields of one form or letter."""
        reading = KindReading()
        for region in regions:
            found = read_labels(reading, region, LABELS, {"organization": values.organization})
            _read_addressee(reading, region)
            _read_year(reading, region, found.get("year", []))
            _read_conclusion(reading, region, found.get("conclusion", []))
        return reading

    def check(self, reading: KindReading) -> None:
        """Check nothing: no value on such a page proves another."""


def _read_addressee(reading: KindReading, region: Region) -> None:
    if reading.has("organization"):
        return
    for piece in spans_matching(region.layout.free, r"^[㐀-鿿()]{5,40}(?=:$)"):
        reading.add("organization", values.organization(piece.text), piece, region.page, values.organization)
        return


def _read_year(reading: KindReading, region: Region, labelled: list[Piece]) -> None:
    if reading.has("year"):
        return
    for piece in [*labelled, *flowing(region.lines, r"(?:19|20)\d{2}(?:年度|年(?=年检|检查|社会组织年))")]:
        year = re.search(r"(?:19|20)\d{2}", tidy(piece.text))
        if year:
            reading.add("year", Read(int(year.group())), piece, region.page)
            return


def _read_conclusion(reading: KindReading, region: Region, labelled: list[Piece]) -> None:
    if reading.has("conclusion"):
        return
    chosen = [
        p
        for line in (line for piece in labelled for line in piece.lines)
        for p in spans_matching([line], r"(?:基本|不)?合格")
    ]
    if _read_boxes(reading, region, [line for piece in labelled for line in piece.lines] or region.lines):
        return
    stated = spans_matching(
        region.lines,
        r"(?<=结论为)[::]?(?:基本|不)?合格|(?<=为:)(?:基本|不)?合格|(?<=结果为)[::]?(?:基本|不)?合格|^为?:?(?:基本|不)?合格[。.]?$",
    )
    alone = pieces_matching(region.lines, r"[\"“]?(?:年检)?(?:基本|不)?合格[\"”]?[。.]?")
    told = flowing(region.lines, r"(?<=[论果])[评确]?定?[为是][:“\"]?(?:基本|不)?合格")
    if told:
        reading.add("conclusion", Read(values.conclusion(told[0].text)), told[0], region.page)
        return
    if _read_drawn_marks(reading, region, lines=[line for piece in labelled for line in piece.lines] or region.lines):
        return
    for piece in [
        *chosen,
        *stated,
        *alone,
        *spans_matching(region.lines, r"(?:基本|不)合格|(?<=年检)合格|(?<=评为)合格"),
    ]:
        for exact in spans_matching(piece.lines, r"(?:基本|不)?合格"):
            if exact.box[0] >= piece.box[0] - 1 and exact.box[2] <= piece.box[2] + 1:
                reading.add("conclusion", Read(values.conclusion(exact.text)), exact, region.page)
                return


_TICKS, _BLANKS = "☑☒√✓✔■●◉", "□☐○◯"
_BOX = rf"(?:\([{_TICKS}{_BLANKS}]?\)|[{_TICKS}{_BLANKS}])"


def _read_boxes(reading: KindReading, region: Region, lines: list[Line]) -> bool:
    """Read a form that prints all conclusions, each with a box to tick: one tick is read, none or two go to manual
    review.
    """
    before, after = flowing(lines, rf"{_BOX}(?:基本|不)?合格"), flowing(lines, rf"(?:基本|不)?合格{_BOX}")
    options = before if len(before) >= len(after) else after
    if len(options) < 2:
        return _read_unseen_boxes(reading, region, lines)
    marked = [p for p in options if re.search(f"[{_TICKS}]", p.text)]
    piece, seen = marked[0] if len(marked) == 1 else None, _looked_at(region, lines, before=options is before)
    said = values.conclusion(piece.text) if piece else None
    looked = values.conclusion(seen.text) if seen else None
    conclusion = None if said and looked and said != looked else said or looked
    check = False if conclusion is None else True if said and looked else None
    reading.add("conclusion", Read(conclusion, check), piece or seen or options[0], region.page)
    return True


def _read_unseen_boxes(reading: KindReading, region: Region, lines: list[Line]) -> bool:
    """Handle a picture that prints all conclusions but whose boxes were not recognised: no conclusion, although one may
    be ticked.
    """
    options = spans_matching(lines, "(?:基本|不)?合格")
    if region.page.method != "ocr" or len(options) != 3 or len({values.conclusion(p.text) for p in options}) < 3:
        return False
    seen = [p for before in (True, False) if (p := _looked_at(region, lines, before=before))]
    piece = seen[0] if len(seen) == 1 else None
    conclusion = values.conclusion(piece.text) if piece else None
    reading.add("conclusion", Read(conclusion, None if conclusion else False), piece or options[0], region.page)
    return True


def _looked_at(region: Region, lines: list[Line], *, before: bool) -> Piece | None:
    """Return the option whose box is ticked in the picture; a text layer contains the tick itself."""
    if region.page.method != "ocr":
        return None
    from app.evidence.reading.recognition.recognise import RecognisedPage
    from app.evidence.reading.recognition.ticks import ticked

    page, options = region.page, spans_matching(lines, "(?:基本|不)?合格")
    if not isinstance(page, RecognisedPage) or page.source is None or len(options) != 3:
        return None
    chosen = ticked(page.source, [p.box for p in options], before=before)
    return None if chosen is None else options[chosen]


def _read_drawn_marks(reading: KindReading, region: Region, lines: list[Line]) -> bool:
    """Read all conclusions printed on a text page, one marked by a drawn tick, cross or circle; null where none or two
    are.
    """
    options = spans_matching(lines, "(?:基本|不)?合格")
    if region.page.method != "text" or len(options) != 3 or len({values.conclusion(p.text) for p in options}) < 3:
        return False
    if max(p.box[1] for p in options) - min(p.box[1] for p in options) > _ONE_QUESTION * (
        options[0].box[3] - options[0].box[1]
    ):
        return False
    counts = [[_strokes(region, p, where) for p in options] for where in ("before", "behind", "around")]
    marked = {most for c in counts if (most := _one_more(c)) is not None}
    piece = options[marked.pop()] if len(marked) == 1 else None
    conclusion = values.conclusion(piece.text) if piece else None
    reading.add("conclusion", Read(conclusion, None if conclusion else False), piece or options[0], region.page)
    return True


_ONE_QUESTION = 8  # the options of one question lie within this many line heights


def _one_more(counts: list[int]) -> int | None:
    """Return the option that has more strokes than the others, which have equally many."""
    most = max(range(len(counts)), key=counts.__getitem__)
    others = {count for i, count in enumerate(counts) if i != most}
    return most if len(others) == 1 and counts[most] > others.pop() else None


def _strokes(region: Region, option: Piece, where: str) -> int:
    """Count the small paths drawn before, behind or around an option."""
    x0, y0, x1, y1 = option.box
    height = y1 - y0
    count = 0
    for left, top, right, bottom in region.page.strokes:
        x, y = (left + right) / 2, (top + bottom) / 2
        if not y0 - 0.4 * height < y < y1 + 0.4 * height:
            continue
        around = left < x0 + 0.4 * height and right > x1 - 0.4 * height
        before = x0 - 2 * height < x < x0 + 0.2 * height and not around
        behind = x1 - 0.2 * height < x < x1 + 2 * height and not around
        count += {"before": before, "behind": behind, "around": around}[where]
    return count
