"""Typesetting of print engines that no form shows: glosses, labels centred beside their value lines, broken titles and
rows.
"""

import io
import math
from typing import Any

import numpy as np
import pikepdf
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from app.evidence.reading.extraction import extract
from app.evidence.reading.limits import Limits
from app.evidence.reading.pdf.text_runs import goes_on
from app.evidence.reading.readers.pdf import read_pdf
from app.evidence.reading.record import Extraction
from tests.making.corpus.accuracy import printed, run
from tests.making.corpus.drawing import Paper, as_pdf, as_picture


def test_settings_of_print_engines_are_read() -> None:
    tally = run(printed(range(40)))["all"]
    assert tally.rate >= 99.5, tally.log
    assert tally.counts["confident"] == 0, tally.log


def _read(*pages: Paper) -> tuple[dict[str, Any], dict[str, Any]]:
    record = extract(as_pdf(list(pages)), "print.pdf").as_json()
    return record, {f["field"]: f["value"] for f in record["fields"]}


def _certificate(*lines: tuple[float, float, str], title: str = "社会服务机构登记证书（法人）") -> dict[str, Any]:
    paper = Paper()
    paper.centred(60, 20, title)
    for x, y, text in lines:
        paper.put(x, y, 12, text)
    return _read(paper)[1]


def test_a_label_may_be_said_once_more_in_english() -> None:
    paper = Paper()
    paper.centred(60, 20, "社会工作者职业资格证书")
    rows = (
        "姓名 Full Name：韩广",
        "性别 Sex：女",
        "身份证件号码 ID No.：320507197707140444",
        "级别 Qualification Level：社会工作师",
        "管理号 No.：201868268903250764",
        "批准日期 Approval Date：2018年11月13日",
    )
    for n, row in enumerate(rows):
        paper.put(70, 120 + 26 * n, 12, row)
    record, fields = _read(paper)
    assert record["status"] == "extracted"
    assert (fields["name"], fields["sex"], fields["residentId"]) == ("韩广", "女", "320507197707140444")
    assert (fields["level"], fields["number"], fields["approvedOn"]) == (
        "intermediate",
        "201868268903250764",
        "2018-11-13",
    )


def test_a_label_may_hold_its_other_name_in_brackets() -> None:
    fields = _certificate(
        (70, 120, "名称：苏州市姑苏区禾润社会工作服务中心"),
        (70, 150, "统一社会信用代码（登记证号）"),
        (300, 150, "52320508MJ9329512M"),
    )
    assert fields["uscc"] == "52320508MJ9329512M" and "registrationNumber" not in fields


def test_a_label_around_whose_middle_the_value_stands_takes_all_its_lines() -> None:
    scope = ("社会工作服务；社区矛盾调解与心理支持；", "志愿者招募、培训与管理；困境儿童关爱保护；", "公益项目策划。")
    for count in (2, 3):
        lines = [(200.0, 200 + 18.0 * n, text) for n, text in enumerate(scope[:count])]
        fields = _certificate(
            (70, 120, "名称"),
            (200, 120, "苏州市姑苏区禾润社会工作服务中心"),
            (70, 160, "住所"),
            (200, 160, "江苏省苏州市姑苏区平江路一百二十八号社区党群服务中心内"),
            (70, 200 + 9.0 * (count - 1), "业务范围"),
            *lines,
            (70, 290, "业务主管单位"),
            (200, 290, "苏州市姑苏区民政局"),
        )
        assert fields["businessScope"] == "".join(scope[:count])
        assert fields["address"] == "江苏省苏州市姑苏区平江路一百二十八号社区党群服务中心内"


def test_a_value_below_its_label_wraps() -> None:
    first = "社会工作服务；社区矛盾调解与心理支持；志愿者招募、培训与管理；困境儿童"
    fields = _certificate(
        (70, 120, "名称"),
        (70, 138, "苏州市姑苏区禾润社会工作服务中心"),
        (70, 170, "业务范围"),
        (70, 188, first),
        (70, 206, "关爱保护。"),
        (70, 240, "业务主管单位"),
        (70, 258, "苏州市姑苏区民政局"),
    )
    assert fields["businessScope"] == first + "关爱保护。"
    assert fields["supervisor"] == "苏州市姑苏区民政局"


def test_a_full_column_beside_another_label_wraps_under_its_own() -> None:
    fields = _certificate(
        (70, 120, "名称：苏州市姑苏区禾润社会工作服务中心"),
        (70, 160, "登记管理机关：苏州市姑苏区市场监督管"),
        (288, 160, "发证日期：2016年3月1日"),
        (70, 178, "理局"),
    )
    assert fields["authority"] == "苏州市姑苏区市场监督管理局" and fields["issuedOn"] == "2016-03-01"


def test_a_bare_foot_is_no_rest_of_a_value_in_its_own_column() -> None:
    fields = _certificate(
        (70, 120, "名称"),
        (200, 120, "苏州市姑苏区禾润社会工作服务中心"),
        (70, 150, "住所"),
        (200, 150, "江苏省苏州市姑苏区平江路128号"),
        (70, 170, "苏州市姑苏区民政局"),
        (70, 190, "2016年3月1日"),
    )
    assert fields["address"] == "江苏省苏州市姑苏区平江路128号"
    assert (fields["authority"], fields["issuedOn"]) == ("苏州市姑苏区民政局", "2016-03-01")


def test_a_title_may_break_over_lines() -> None:
    paper = Paper()
    paper.centred(60, 18, "2012年度民办非企业单位年度")
    paper.centred(90, 18, "检查报告书")
    paper.put(70, 140, 12, "单位名称：苏州市姑苏区禾润社会工作服务中心")
    paper.put(70, 170, 12, "年检结论：基本合格")
    record, fields = _read(paper)
    assert record["kind"] == "annual_check"
    assert (fields["year"], fields["conclusion"]) == (2012, "basically_passed")


def _insurance(*rows: tuple[tuple[float, str], ...], head: tuple[tuple[float, str], ...]) -> Paper:
    paper = Paper(kind="social_insurance")
    paper.centred(50, 18, "社会保险缴费证明")
    paper.put(40, 90, 10, "单位名称：苏州市姑苏区禾润社会工作服务中心")
    for n, row in enumerate((head, *rows)):
        for x, text in row:
            paper.put(x, 112 + 18 * n, 10, text)
    return paper


def test_the_head_of_a_table_is_no_rest_of_the_payer() -> None:
    head = (
        (40.0, "序号"),
        (90.0, "姓名"),
        (160.0, "身份证号"),
        (300.0, "险种"),
        (400.0, "起始年月"),
        (480.0, "终止年月"),
    )
    row = (
        (40.0, "1"),
        (90.0, "韩广"),
        (160.0, "320507197707140444"),
        (300.0, "养老、医疗"),
        (400.0, "201601"),
        (480.0, "201606"),
    )
    _, fields = _read(_insurance(row, head=head))
    assert fields["payer"] == "苏州市姑苏区禾润社会工作服务中心"


def test_columns_that_only_a_narrow_blank_parts_are_told_by_their_rows() -> None:
    head = (
        (40.0, "序号"),
        (64.0, "姓名"),
        (110.0, "身份证号"),
        (190.0, "基本养老保险"),
        (256.0, "失业保险"),
        (302.0, "缴费起始"),
        (348.0, "缴费截止"),
    )
    rows = tuple(
        (
            (40.0, str(n)),
            (64.0, name),
            (100.0, number),
            (190.5, "√"),
            (256.0, "√"),
            (302.0, "201601"),
            (348.0, "201606"),
        )
        for n, name, number in ((1, "韩广", "320507197707140444"), (2, "奚山超", "320508197909152132"))
    )
    record, _ = _read(_insurance(*rows, head=head))
    assert [(r["name"], r["residentId"], r["kinds"], r["from"], r["to"]) for r in record["rows"]] == [
        ("韩广", "320507197707140444", ["养老", "失业"], "2016-01", "2016-06"),
        ("奚山超", "320508197909152132", ["养老", "失业"], "2016-01", "2016-06"),
    ]


def test_letters_round_a_seal_are_no_text() -> None:
    """The topmost letters of a seal's ring are nearly upright and may be level with a value."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setFont("STSong-Light", 12)
    for y, text in (
        (700, "社会服务机构登记证书"),
        (660, "名称：苏州市姑苏区禾润社会工作服务中心"),
        (630, "业务主管单位："),
    ):
        canvas.drawString(70, y, text)
    for n, char in enumerate("苏州市姑苏区民政局专用章"):
        angle = -120 + 240 * (n + 0.5) / 12 + 1
        canvas.saveState()
        canvas.translate(180 + 44 * math.sin(math.radians(angle)), 586 + 44 * math.cos(math.radians(angle)))
        canvas.rotate(-angle)
        canvas.drawString(-6, 0, char)
        canvas.restoreState()
    canvas.drawString(70, 600, "住所：江苏省苏州市姑苏区平江路128号")
    canvas.save()
    fields = {f["field"]: f["value"] for f in extract(buffer.getvalue(), "seal.pdf").as_json()["fields"]}
    assert fields["address"] == "江苏省苏州市姑苏区平江路128号" and fields["supervisor"] is None


# fonts without a stated ascent: full stops, commas and 、 have boxes of their ink only
@pytest.mark.parametrize(
    ("last", "box", "same"),
    [
        ((0, 0, 10, 12), (10, 9, 13, 12.5), True),
        ((10, 9, 13, 12.5), (13, 0, 23, 12), True),
        ((0, 0, 10, 12), (40, 9, 43, 12.5), False),
        ((0, 0, 10, 12), (10, 14, 13, 17), False),
        ((200, 9, 203, 12.5), (0, 14, 10, 26), False),
    ],
)
def test_a_low_sign_goes_on_with_its_line(last: Any, box: Any, same: bool) -> None:
    assert goes_on(np.array([last, box], float)).tolist() == [same]


def _staff(*rows: tuple[str, ...], top: float = 120) -> Paper:
    paper = Paper(kind="roster")
    edges = (30.0, 70.0, 140.0, 300.0, 380.0, 460.0, 560.0)
    for n, row in enumerate(rows):
        for at, text in enumerate(row):
            paper.box(edges[at], top + 24 * n, edges[at + 1], top + 24 * (n + 1))
            if text:
                paper.put(edges[at] + 4, top + 24 * n + 6, 10, text)
    return paper


_HEAD = ("序号", "姓名", "身份证号码", "岗位", "用工形式", "合同起始日期")


def test_a_row_parted_by_the_edge_of_a_page_is_one_row() -> None:
    first = _staff(
        _HEAD,
        ("1", "韩广", "320507197707140444", "社工", "专职", "2016-03-01"),
        ("2", "奚山", "3205081979091521", "项目主", "专职", "2015-07-01"),
        top=700,
    )
    first.centred(60, 18, "员工花名册")
    second = _staff(
        _HEAD,
        ("", "超", "32", "管", "", ""),
        ("3", "苏刚杰", "320581197311263505", "财务", "专职", "2015-07-25"),
        top=60,
    )
    record, _ = _read(first, second)
    assert [(r["name"], r["residentId"], r["position"]) for r in record["rows"]] == [
        ("韩广", "320507197707140444", "社工"),
        ("奚山超", "320508197909152132", "项目主管"),
        ("苏刚杰", "320581197311263505", "财务"),
    ]


def test_a_row_printed_on_both_sides_of_a_cut_is_one_row() -> None:
    twice = ("2", "奚山超", "320508197909152132", "项目主管", "专职", "2015-07-01")
    first = _staff(_HEAD, ("1", "韩广", "320507197707140444", "社工", "专职", "2016-03-01"), twice, top=700)
    first.centred(60, 18, "员工花名册")
    second = _staff(twice, ("3", "苏刚杰", "320581197311263505", "财务", "专职", "2015-07-25"), top=20)
    record, _ = _read(first, second)
    assert [r["name"] for r in record["rows"]] == ["韩广", "奚山超", "苏刚杰"]


def test_an_identity_number_that_was_cut_is_for_a_person() -> None:
    paper = _staff(_HEAD, ("1", "韩广", "3205071977071404", "社工", "专职", "2016-03-01"))
    paper.centred(60, 18, "员工花名册")
    record, _ = _read(paper)
    assert record["status"] == "needs_review"


def _untold(text: str) -> bytes:
    """Return a page whose last line is set in a font without a character map."""
    document = pikepdf.open(io.BytesIO(as_pdf([_letter()])))
    page = document.pages[0]
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name("/ABCDEF+Some"),
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        DW=1000,
    )
    page.Resources.Font["/F9"] = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name("/ABCDEF+Some"),
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[document.make_indirect(descendant)],
    )
    codes = "".join(f"{ord(c):04X}" for c in text)
    page.contents_add(f"BT /F9 12 Tf 70 500 Td <{codes}> Tj ET".encode())
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _letter() -> Paper:
    paper = Paper()
    paper.centred(60, 20, "社会服务机构登记证书")
    paper.put(70, 120, 12, "名称：苏州市姑苏区禾润社会工作服务中心")
    paper.put(70, 150, 12, "住所：江苏省苏州市姑苏区平江路128号")
    return paper


@pytest.mark.parametrize(("text", "pages"), [("ABCDEF", 1), ("", 0)])
def test_a_page_whose_font_does_not_tell_its_characters_is_looked_at(text: str, pages: int) -> None:
    out = Extraction("print.pdf", "", "application/pdf", 0)
    assert read_pdf(_untold(text), out, Limits(), pictures=False) == pages


def test_text_under_the_picture_of_a_page_is_not_believed() -> None:
    """The recognition of a scanner's software may be wrong; the picture over it is what readers see."""
    paper = _letter()
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(as_pdf([paper]))) as document, io.BytesIO() as over:
        canvas = Canvas(over, pagesize=(595, 842))
        canvas.drawImage(ImageReader(as_picture(paper, dpi=72)), 0, 0, 595, 842)
        canvas.save()
        with pikepdf.open(over) as scan:
            document.pages[0].add_overlay(scan.pages[0])
            document.save(buffer)
    out = Extraction("scan.pdf", "", "application/pdf", 0)
    assert read_pdf(buffer.getvalue(), out, Limits(), pictures=False) == 1
