"""Months of insurance proofs: spans, months one by one, gaps, open ends; payer and status of a row."""

import pytest

from app.evidence.reading.certificates.kinds.insurance_rows import spans_of
from app.evidence.reading.extraction import extract
from tests.making.corpus.drawing import Paper, as_pdf
from tests.making.corpus.invented import Inventor
from tests.making.corpus.other_layouts import _grid


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("201801-201806", [("2018-01", "2018-06")]),
        ("2018年1月至2018年6月", [("2018-01", "2018-06")]),
        ("2018年1月-6月", [("2018-01", "2018-06")]),
        ("2026-02、2026-03、2026-05", [("2026-02", "2026-03"), ("2026-05", "2026-05")]),
        ("2017.11、2017.12、2018.01", [("2017-11", "2018-01")]),
        ("201801-201803、201805-201806", [("2018-01", "2018-03"), ("2018-05", "2018-06")]),
        ("2023-01至今", [("2023-01", None)]),
        ("见附表", [(None, None)]),
        ("2018-01 13", [(None, None)]),
    ],
)
def test_the_months_of_a_cell(text: str, runs: list[tuple[str | None, str | None]]) -> None:
    assert spans_of(text) == runs


def test_payer_and_status_of_a_row_are_kept_and_a_gap_is_no_paid_month() -> None:
    by, paper = Inventor(3), Paper(kind="social_insurance")
    one, two = (by.person(), by.resident_id()), (by.person(), by.resident_id())
    paper.centred(50, 18, "社会保险参保缴费证明")
    paper.put(60, 90, 11, "查询期间：2026-01至2026-05")
    rows = [
        ("姓名", "证件号码", "参保单位", "缴费年月", "险种", "缴费状态"),
        (*one, "苏州市甲中心", "2026-01、2026-02、2026-04、2026-05", "养老", "正常缴费"),
        (*two, "苏州市乙中心", "2026-01至2026-05", "养老", "欠费"),
    ]
    _grid(paper, 40, 130, rows, 510, 8)
    found = extract(as_pdf([paper]), "x.pdf").as_json()["rows"]
    assert [(r["payer"], r["from"], r["to"], r["status"]) for r in found] == [
        ("苏州市甲中心", "2026-01", "2026-02", "正常缴费"),
        ("苏州市甲中心", "2026-04", "2026-05", "正常缴费"),
        ("苏州市乙中心", "2026-01", "2026-05", "欠费"),
    ]
