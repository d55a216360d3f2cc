"""A paper as PDF: its text equals the data, fonts are embedded, heads repeat, nothing in the data breaks it."""

import re
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pikepdf
import pypdfium2
from hypothesis import given, settings
from hypothesis import strategies as st

from app.awarding.papers.paper import Column, Head, Paper, Table, shown
from app.awarding.papers.qualification_sheet import Examined, qualification_sheet
from app.awarding.papers.typeset import pdf

DECIDED = datetime(2026, 5, 1, 2, tzinfo=UTC)
COLUMNS = (Column("名称", width=3), Column("数", "number"), Column("金额", "money"), Column("日", "date"))
NASTY = [
    "#strong[x] $x$ *粗* _斜_ = 标题",
    "=SUM(A1:A9)",
    "@cmd|' /C calc'!A0",
    "社工\u202egnp.exe\u200b服务社",
    "<script>alert(1)</script>&amp;",
    "苏州市" * 700,
    "W" * 2000,
    "\\u{41} // 注释 /* */ `代码`",
]


def paper(names, **other):
    rows = [[name, 7, Decimal("980000.5"), date(2026, 5, 1)] for name in names]
    return Paper("资格审查表", "试点", DECIDED, [("项目名称", "试点")], [Table("一、结果", COLUMNS, rows)], **other)


def text(content):
    """The text of all pages without white space and places to break."""
    with pypdfium2.PdfDocument(content) as document:
        pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return [re.sub(r"[\s\u200b\ufffe\x02]", "", page) for page in pages]


def squeezed(value):
    return re.sub(r"\s", "", value)


def sheet(bidders=60, requirements=10):
    """A sheet of this many bidders, each with one requirement that is not met."""
    titles = [(f"r{number}", f"第{number}项资格条件") for number in range(requirements)]
    basis = ["政府采购法 第二十二条"]
    met = {
        name: {"outcome": "met", "observed": 9, "required": 8, "reasons": [], "legalBasis": basis} for name, _ in titles
    }
    unmet = {
        **met["r0"],
        "outcome": "not_met",
        "observed": 7,
        "reasons": [{"message": {"zh": "少一人", "en": "One short"}}],
    }
    found = [
        Examined(f"苏州市第{number}社会工作服务社", "ineligible", "unsuccessful", "专职人员不足", date(2026, 5, 1),
                 {**met, "r1": unmet})
        for number in range(bidders)
    ]  # fmt: skip
    head = Head("ten_1", "市级社区服务社会化试点", "苏锦街道", DECIDED, practice=False, language="zh")
    return qualification_sheet(head, titles, found), titles


def test_cells_are_printed_by_their_kind():
    assert shown(Decimal("980000.5"), "money") == "980,000.50"
    assert shown(date(2026, 5, 1), "date") == "2026-05-01"
    assert shown(None, "text") == "—" == shown("", "text")
    found = text(pdf(paper(["机构甲"])))[0]
    assert "机构甲7980,000.502026-05-01" in found


def test_nothing_in_a_name_is_markup_or_breaks_the_page():
    found = "".join(text(pdf(paper(NASTY))))
    for name in NASTY[:2] + NASTY[4:5] + NASTY[7:]:
        assert squeezed(name) in found
    assert "社工gnp.exe服务社" in found  # read in the order in which it is stored
    assert found.count("W") >= 2000


def test_a_character_that_the_font_lacks_is_named_and_listed():
    found = "".join(text(pdf(paper(["𠀀某", "𠮷某"]))))
    assert "〔U+20000〕某" in found and "〔U+20BB7〕某" in found
    assert found.rstrip().count("〔U+20000〕") == 2 and "编码标明" in found


def test_an_id_number_is_masked():
    found = "".join(text(pdf(paper(["联系人 11010119900307109X"]))))
    assert "11010119900307109X" not in found


def test_fonts_are_embedded_and_the_file_declares_pdf_a():
    with pikepdf.open(BytesIO(pdf(paper(["机构甲"])))) as document:
        fonts = [
            one
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
        assert fonts and all(any(f"/FontFile{kind}" in one for kind in ("", "2", "3")) for one in fonts)
        with document.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")


def test_the_same_paper_gives_the_same_bytes_and_bears_the_mark_of_practice():
    one = paper(["机构甲"], practice=True)
    assert pdf(one) == pdf(one)
    assert all("演练" in page for page in text(pdf(one)))
    assert "演练" not in "".join(text(pdf(paper(["机构甲"]))))
    assert "PRACTICE" in text(pdf(paper(["x"], practice=True, language="en")))[0]


def test_sixty_bidders_by_ten_requirements_paginate_with_repeated_heads_within_a_second():
    made, titles = sheet()
    pdf(made)  # fonts are read once a process
    begun = time.perf_counter()
    content = pdf(made)
    assert time.perf_counter() - begun <= 1
    pages = text(content)
    matrix = [page for page in pages if "符合9/8" in page]
    assert len(matrix) > 1
    assert all(titles[-1][1] in page for page in matrix)
    whole = "".join(pages)
    assert all(f"苏州市第{number}社会工作服务社" in whole for number in range(60))
    assert f"第1页，共{len(pages)}页" in pages[0]
    assert "不符合7/8" in whole and "少一人" in whole and "政府采购法第二十二条" in whole


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_text_is_typeset(names):
    assert pdf(paper(names)).startswith(b"%PDF-")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="苏州社工服务=#$*_[]{}\\<>&'\"@-+/~`1Aa", min_size=1, max_size=80))
def test_the_text_of_the_file_is_the_text_of_the_data(name):
    assert name in "".join(text(pdf(paper([name]))))
