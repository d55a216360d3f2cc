"""A grey seal over a name hides characters from recognition, but the pitch of the print reveals the gap: no shortened
name counts as extracted.
"""

import io
from typing import Any

import numpy as np
import pytest

from app.evidence.reading.extraction import extract
from app.evidence.reading.recognition.ocr import Reading
from app.evidence.reading.recognition.pitch import lost_in
from app.evidence.reading.text.values import ends_in_form
from tests.making.corpus.drawing import Paper, as_picture
from tests.making.corpus.invented import Inventor


def _sealed(seed: int) -> tuple[str, bytes]:
    """Return a grey scan of a certificate's top with the registrar's seal on the name; the name, and the picture as
    JPEG.
    """
    by, chance = Inventor(seed * 13 + 5), np.random.default_rng(seed)
    place, paper = by.place(), Paper(595, 260, kind="registration_certificate")
    paper.centred(20, 22, "社会服务机构登记证书（法人）")
    name, code = by.organization(place), by.code(place, "52")
    end = paper.put(paper.put(60, 80, 13, "名　　称："), 80, 13, name)
    paper.put(paper.put(60, 115, 13, "统一社会信用代码："), 115, 13, code)
    paper.put(60, 200, 13, f"登记管理机关：{place[2]}{place[3]}民政局")
    paper.put(60, 225, 13, "发证日期：2016年3月1日")
    radius = float(chance.uniform(38, 55))
    middle = float(chance.uniform(150, end)), 86 + float(chance.uniform(-radius, radius)) * 0.98
    paper.seals.append((*middle, radius, f"{place[2]}{place[3]}民政局"))
    picture = as_picture(paper, dpi=(150, 200, 120)[seed % 3], font=seed % 2).convert("L")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=70)
    return name, buffer.getvalue()


def _name(record: dict[str, Any]) -> Any:
    return next(f["value"] for f in record["fields"] if f["field"] == "name")


# in each, recognition misses a character in the middle and is confident about the rest
@pytest.mark.parametrize("seed", [15, 52, 257])
def test_a_name_with_a_hole_in_it_is_null_and_for_a_person(seed: int) -> None:
    name, picture = _sealed(seed)
    record = extract(picture, "scan.jpg").as_json()
    assert _name(record) in (None, name)
    assert _name(record) == name or record["status"] == "needs_review"


# the end is missed, or a fragment of the seal is read after it
@pytest.mark.parametrize("seed", [13, 17, 190])
def test_a_name_without_its_end_is_for_a_person(seed: int) -> None:
    name, picture = _sealed(seed)
    record = extract(picture, "scan.jpg").as_json()
    assert _name(record) == name or record["status"] == "needs_review"


@pytest.mark.parametrize("seed", [0, 8])
def test_a_name_that_is_whole_under_a_seal_stays(seed: int) -> None:
    name, picture = _sealed(seed)
    record = extract(picture, "scan.jpg").as_json()
    assert (_name(record), record["status"]) == (name, "extracted")


@pytest.mark.parametrize(
    ("chars", "places", "lost"),
    [
        ("苏州市吴中区尹桥", [1, 2, 3, 4, 5, 6, 7, 8], False),
        ("苏州市吴中区尹桥", [1, 2, 3, 4, 5, 6, 8, 9], True),
        ("苏州市吴中区尹桥", [1, 2, 3, 4, 5, 6.4, 7.8, 8.8], False),  # steps of the recogniser are coarse
        ("统一社会信用代码", [1, 3, 5, 7, 9, 11, 13, 15], False),  # spread evenly
        ("王伟", [1, 4], False),  # spread, and too short to decide
        ("学士街569号18幢", [1, 2, 3, 3.9, 4.4, 4.9, 5.8, 6.9, 7.4, 8.1], False),
    ],
)
def test_a_hole_is_a_step_of_nearly_two_pitches(chars: str, places: list[float], lost: bool) -> None:
    assert lost_in(Reading(list(chars), [1.0] * len(chars), places)) is lost


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("苏州市吴中区尹桥社会工作服务中心", True),
        ("某某市橄榄树社会工作事务所（普通合伙）", True),
        ("某某投资企业(有限合伙)", True),
        ("某某市新苗学校", True),
        ("某某市志愿者联合会", True),
        ("苏州市吴中区尹桥社会工作服务中", False),
        ("苏州市吴中区尹桥社会工作服务社吴中", False),
    ],
)
def test_names_of_bodies_end_in_a_form(name: str, whole: bool) -> None:
    assert ends_in_form(name) is whole
