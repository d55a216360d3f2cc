"""Doubtful values of a picture are read again: confident readings that agree are accepted, the rest goes to manual
review.
"""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.evidence.reading.certificates.grouping import group_pages
from app.evidence.reading.certificates.kind import KindReading
from app.evidence.reading.certificates.kinds.agreement import check_number
from app.evidence.reading.certificates.rereading import Look, agreed
from app.evidence.reading.extraction import extract
from app.evidence.reading.recognition.imaging import darkest_ink
from app.evidence.reading.recognition.recognise import RecognisedPage, recognise
from tests.making.corpus.drawing import Paper, as_picture
from tests.making.corpus.invented import Inventor
from tests.making.corpus.papers import worker_pair
from tests.making.corpus.phone import sealed_grey
from tests.making.corpus.registrations import licence


def _looks(*said: tuple[str, float]) -> list[Look]:
    return [Look(value, value, score) for value, score in said]


@pytest.mark.parametrize(
    ("looks", "value"),
    [
        ((("工", 0.9), ("工", 0.85), ("工", 0.5)), "工"),
        ((("工", 0.9), ("王", 0.95)), None),
        ((("工", 0.9), ("工", 0.9), ("工", 0.9), ("王", 0.95)), "工"),
        ((("工", 0.9), ("工", 0.9), ("王", 0.95)), None),
        ((("丕", 0.4), ("丕", 0.4), ("丕", 0.4), ("丕", 0.3)), None),  # all agree, none is confident
        ((("丕", 0.4), ("丕", 0.4), ("工", 0.98), ("工", 0.98)), "工"),
        ((("工", 0.98),), None),
        ((), None),
    ],
)
def test_sure_looks_must_agree(looks: tuple[tuple[str, float], ...], value: str | None) -> None:
    found = agreed(_looks(*looks))
    assert (found and found[0]) == value


def test_print_is_taken_out_from_under_a_grey_seal() -> None:
    chance = np.random.default_rng(1)
    cut = np.full((40, 300), 245, np.uint8)
    cut[5:35, 100:160] = 95  # the seal
    cut[10:30, 20:280:12] = 30  # strokes of print
    noisy = np.clip(cut + chance.normal(0, 4, cut.shape), 0, 255).astype(np.uint8)
    clear = darkest_ink(noisy)
    assert clear is not None
    assert clear[6:9, 105:155].min() > 200 and clear[12:28, 20].mean() < 90


def test_print_without_a_seal_has_two_shades_only() -> None:
    cut = np.full((40, 300), 245, np.uint8)
    cut[10:30, 20:280:12] = 30
    assert darkest_ink(cut) is None


def test_parts_of_a_sheet_can_be_looked_at_again() -> None:
    picture = as_picture(worker_pair(Inventor(3)), dpi=110)
    certificates, _ = group_pages([recognise(np.asarray(picture), 1)])
    pages = [region.page for c in certificates for region in c.regions]
    assert len(pages) == 2
    assert all(isinstance(page, RecognisedPage) and page.source is not None for page in pages)


def test_a_certificate_without_any_number_is_for_a_person() -> None:
    reading = KindReading()
    check_number(reading)
    assert [code for code, _ in reading.reasons] == ["field_missing"]


def _scope(*lines: str, hidden: bool) -> str:
    """Return the status of a certificate whose scope has these lines and, under a dark blot, perhaps one more."""
    paper = Paper(595, 420)
    paper.centred(40, 20, "社会服务机构登记证书")
    paper.put(60, 90, 12, "名　　称：苏州市姑苏区禾润社会工作服务中心")
    paper.put(60, 115, 12, "统一社会信用代码：")
    paper.put(168, 115, 12, Inventor(1).code(("320508", "江苏省", "苏州市", "姑苏区")))
    paper.put(60, 140, 12, "业务范围：")
    paper.put(60, 330, 12, "登记管理机关：苏州市姑苏区民政局")
    paper.put(60, 355, 12, "发证日期：2016年3月1日")
    for n, line in enumerate(lines):
        paper.put(120, 140 + 18 * n, 12, line)
    picture = as_picture(paper, dpi=150)
    if hidden:
        scale, top = 150 / 72, 140 + 18 * len(lines)
        blot = np.asarray(picture).copy()
        blot[int((top + 1) * scale) : int((top + 14) * scale), int(120 * scale) : int(400 * scale)] = (120, 110, 115)
        picture = Image.fromarray(blot)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return str(extract(buffer.getvalue(), "scan.png").as_json()["status"])


def test_a_scope_whose_last_lines_are_hidden_is_for_a_person() -> None:
    first, second = (
        "社会工作服务；社区矛盾调解与心理支持；志愿者招募、",
        "困境儿童关爱保护；公益项目策划、执行、监测与评估；",
    )
    assert _scope(first, second, hidden=True) == "needs_review"
    assert _scope(first, second, hidden=False) == "extracted"
    assert _scope(first, second[:-1] + "。", hidden=True) == "extracted"
    assert _scope(first, "困境儿童关爱保护、", hidden=False) == "needs_review"


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("chosen", "conclusion"), [(0, "passed"), (1, "basically_passed"), (2, "failed"), (None, None)]
)
def test_the_option_whose_box_is_ticked_is_read(before: bool, chosen: int | None, conclusion: str | None) -> None:
    paper = Paper(595, 300)
    paper.centred(40, 18, "2016年度社会组织年度检查审查表")
    paper.put(60, 90, 12, "单位名称：苏州市姑苏区禾润社会工作服务中心")
    paper.put(60, 130, 12, "年检结论：")
    boxes, x = [], 130.0
    for option in ("合格", "基本合格", "不合格"):
        boxes.append(x + 1 if before else paper.put(x, 130, 12, option) + 2)
        x = (paper.put(x + 14, 130, 12, option) if before else boxes[-1] + 12) + 22
    picture = as_picture(paper, dpi=170)
    draw, scale = ImageDraw.Draw(picture), 170 / 72
    for index, left in enumerate(boxes):
        corners = [left * scale, 131 * scale, (left + 10) * scale, 141 * scale]
        draw.rectangle(corners, outline=(30, 30, 30), width=2)
        if index == chosen:
            tick = [(left + 2, 135), (left + 4.5, 139), (left + 9, 131)]
            draw.line([(px * scale, py * scale) for px, py in tick], fill=(30, 30, 30), width=4)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    record = extract(buffer.getvalue(), "form.png").as_json()
    assert next((f["value"] for f in record["fields"] if f["field"] == "conclusion"), None) == conclusion
    assert (record["status"] == "needs_review") == (chosen is None)


def test_conclusions_that_are_only_listed_state_none() -> None:
    paper = Paper(595, 200)
    paper.centred(40, 18, "2016年度社会组织年度检查审查表")
    paper.put(60, 90, 12, "单位名称：苏州市姑苏区禾润社会工作服务中心")
    paper.put(60, 130, 12, "年检结论：合格　基本合格　不合格")
    buffer = io.BytesIO()
    as_picture(paper, dpi=150).save(buffer, "PNG")
    record = extract(buffer.getvalue(), "form.png").as_json()
    assert next(f["value"] for f in record["fields"] if f["field"] == "conclusion") is None
    assert record["status"] == "needs_review"


@pytest.mark.parametrize("font", [0, 1])  # the package's two fonts, which every machine has
def test_a_name_whose_second_half_a_seal_hides_is_for_a_person(font: int) -> None:
    """The visible half ends like a complete name (…社会工作 as …社): the ink after it shows that it continues."""
    paper = licence(Inventor(61 * 307 + 4))
    picture, _ = sealed_grey(as_picture(paper, dpi=170, font=font), np.random.default_rng(6104))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    record = extract(buffer.getvalue(), "scan.png").as_json()
    name = next((f["value"] for f in record["fields"] if f["field"] == "name"), None)
    assert name == next(t.value for t in paper.truth if t.field == "name") or record["status"] == "needs_review"
