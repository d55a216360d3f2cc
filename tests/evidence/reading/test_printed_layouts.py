"""Certificates and other documents with a text layer, in layouts that no reader was fitted to."""

import io

import pikepdf
import pytest

from app.evidence.reading.extraction import extract
from tests.making.corpus.accuracy import Tally, drawn, judge, others, run, texts
from tests.making.corpus.drawing import Paper, as_pdf
from tests.making.corpus.invented import Inventor
from tests.making.corpus.registrations import colon_lines, four_column_grid, licence


def test_every_layout_is_read_with_its_boxes() -> None:
    tally = run(texts(range(3)))["all"]
    assert tally.rate >= 99.5, tally.log
    assert tally.counts["confident"] <= 0.003 * sum(tally.counts[k] for k in ("right", "missing", "wrong"))
    assert tally.counts["boxes right"] == tally.counts["boxes"] > 300


def test_papers_drawn_at_random_are_read() -> None:
    tally = run(drawn(range(30)))["all"]
    assert tally.rate >= 99.9, tally.log
    assert tally.counts["confident"] == 0, tally.log
    assert tally.counts["boxes right"] >= 0.98 * tally.counts["boxes"] > 900


def test_pages_turned_by_their_rotation_give_the_viewers_boxes() -> None:
    paper = colon_lines(Inventor(5))
    upright, turned = (extract(as_pdf([paper], rotate=r), "x.pdf").as_json() for r in (0, 90))
    values = [{f["field"]: f["value"] for f in record["fields"]} for record in (upright, turned)]
    assert values[0] == values[1]
    first = {f["field"]: f["box"] for f in upright["fields"]}
    for found in turned["fields"]:
        x0, y0, x1, y1 = first[found["field"]]
        assert all(abs(a - b) < 0.01 for a, b in zip(found["box"], (1 - y1, x0, 1 - y0, x1), strict=True))


def test_several_certificates_in_one_file_are_groups_of_their_own() -> None:
    pages = [colon_lines(Inventor(1)), licence(Inventor(2)), colon_lines(Inventor(3))]
    record = extract(as_pdf(pages), "three.pdf").as_json()
    assert [(g["group"], g["kind"], g["page"]) for g in record["groups"]] == [
        (n, "registration_certificate", n + 1) for n in range(3)
    ]
    names = [f["value"] for f in record["fields"] if f["field"] == "name"]
    assert names == [next(t.value for t in p.truth if t.field == "name") for p in pages]


def test_open_ended_validity_has_no_end() -> None:
    paper = Paper()
    paper.centred(80, 24, "社会团体法人登记证书")
    for n, line in enumerate(
        (
            "名称：苏州市姑苏区某某社会工作协会",
            "统一社会信用代码：",
            "有效期限：自2016年3月1日至长期",
            "业务范围：社会工作服务。",
            "登记管理机关：苏州市姑苏区民政局",
        )
    ):
        paper.put(80, 160 + 30 * n, 13, line)
    fields = {f["field"]: f["value"] for f in extract(as_pdf([paper]), "x.pdf").as_json()["fields"]}
    assert fields["validFrom"] == "2016-03-01" and "validTo" not in fields and fields["openEnded"] is True


def test_a_code_with_a_wrong_check_character_is_null_and_reviewed() -> None:
    paper = colon_lines(Inventor(9))
    paper.texts = [
        (x, y, s, t[:-1] + ("A" if t[-1] != "A" else "B") if t.startswith("52") and len(t) == 18 else t)
        for x, y, s, t in paper.texts
    ]
    record = extract(as_pdf([paper]), "x.pdf").as_json()
    code = next(f for f in record["fields"] if f["field"] == "uscc")
    assert code["value"] is None and code["text"] and record["status"] == "needs_review"
    assert [r["code"] for r in record["reasons"]] == ["check_failed"]
    assert code["text"] not in str(record["reasons"])


def test_an_unknown_page_is_of_another_kind() -> None:
    paper = Paper()
    paper.put(80, 100, 13, "今天天气很好，我们一起去公园散步，看了许多花。")
    record = extract(as_pdf([paper]), "x.pdf").as_json()
    assert (record["kind"], record["fields"], record["status"]) == ("other", [], "extracted")


def test_a_judged_record_counts_what_is_wrong() -> None:
    paper = colon_lines(Inventor(4))
    record = extract(as_pdf([paper]), "x.pdf").as_json()
    record["fields"][2]["value"] = "anything else"
    tally = Tally()
    judge(paper, record, tally, "here")
    assert tally.counts["wrong"] == 1 and tally.counts["confident"] == 1


def test_a_grid_wrapped_in_a_form_is_still_a_grid() -> None:
    paper = four_column_grid(Inventor(6))
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(as_pdf([paper]))) as document, pikepdf.new() as wrapped:
        wrapped.add_blank_page(page_size=(700, 900))
        form = wrapped.copy_foreign(document.pages[0].as_form_xobject())
        wrapped.pages[0].add_overlay(form, pikepdf.Rectangle(50, 40, 645, 882))
        wrapped.save(buffer)
    record = extract(buffer.getvalue(), "wrapped.pdf").as_json()
    assert {f["field"]: str(f["value"]) for f in record["fields"]} == {t.field: str(t.value) for t in paper.truth}


def test_a_validity_that_ends_in_a_month_without_a_day_proves_nothing() -> None:
    paper = Paper()
    for index, text in enumerate(
        ("民办非企业单位登记证书", "名称：苏州市姑苏区暖阳社会工作服务中心", "有效期限：2018年9月1日至2022年9月")
    ):
        paper.put(80, 90 + 40 * index, 16, text)
    fields = {f["field"]: f["value"] for f in extract(as_pdf([paper]), "x.pdf").as_json()["fields"]}
    assert fields["validFrom"] == "2018-09-01" and fields["validTo"] == "2022-09"


def test_layouts_that_no_reader_was_written_against_are_read() -> None:
    tally = run(others(range(12)))["all"]
    assert tally.rate >= 99.5, tally.log
    assert tally.counts["confident"] == 0, tally.log


def test_a_character_above_the_basic_plane_is_kept_whole() -> None:
    paper = Paper()
    paper.centred(60, 20, "社会工作者职业水平证书")
    for n, line in enumerate(
        ("姓名：沈𠮷夏", "性别：男", "级别：助理社会工作师", "管理号：201932050000091000", "批准日期：2019年6月16日")
    ):
        paper.put(60, 120 + 30 * n, 12, line)
    record = extract(as_pdf([paper]), "x.pdf").as_json()
    found = {f["field"]: f["value"] for f in record["fields"]}
    assert found["name"] == "沈𠮷夏" or (found["name"] is None and record["status"] == "needs_review")


@pytest.mark.parametrize("marked", [0, 1, 2, None])
def test_a_conclusion_marked_by_drawn_lines_is_read_or_doubted(marked: int | None) -> None:
    paper = Paper()
    paper.centred(60, 20, "2016年度社会服务机构年度检查结论书")
    paper.put(80, 120, 12, "单位名称：苏州市姑苏区禾润社会工作服务中心")
    paper.put(80, 160, 12, "年检结论（在选定项上作标记）：")
    for n, word in enumerate(("基本合格", "不合格", "合格")):
        x = 100 + 120 * n
        paper.box(x, 195, x + 12, 207)
        paper.put(x + 20, 195, 13, word)
        if n == marked:
            paper.rules += [(x + 1, 196, x + 11, 206), (x + 1, 206, x + 11, 196)]
    record = extract(as_pdf([paper]), "x.pdf").as_json()
    value = next(f["value"] for f in record["fields"] if f["field"] == "conclusion")
    expected = ("basically_passed", "failed", "passed", None)[3 if marked is None else marked]
    assert (value, record["status"]) == (expected, "extracted" if expected else "needs_review")
