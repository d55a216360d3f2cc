"""Rankings outside the table of cases: defaults, limits of input, pointers, the core without the wire."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.awarding.evaluation.ranking_json import preview, preview_json
from app.core.evaluation.ranking import draw
from app.core.evaluation.scoring import Factor, Formula, Scheme, benchmark_of, mean_text
from tests.making.ranking_input import document


def test_what_may_be_left_out() -> None:
    scores = {"m": {"plan": "1"}}
    bids = [{"id": name, "price": "5", "qualified": True, "scores": scores} for name in "ABC"]
    scheme = {"price": {"points": "1", "formula": "lowest_price"}, "factors": [{"id": "plan", "points": "1"}]}
    answer: Any = preview({"lot": {"id": "L"}, "scheme": scheme, "bids": bids})
    assert [(row["bid"], row["rank"], row["total"]) for row in answer["rows"]] == [
        ("A", 1, "2.00"),
        ("B", 1, "2.00"),
        ("C", 1, "2.00"),
    ]
    assert preview({"lot": {"id": "L"}, "scheme": scheme, "bids": bids[:2]})["reason"] == "too_few_bidders"


def test_rounding_without_places() -> None:
    answer: Any = preview(document({"A": {}, "B": {}, "C": {}}, {"rounding": {}}))
    assert answer["rows"][0]["total"] == "90.00"


def test_the_share_of_an_abnormally_low_price_is_a_setting() -> None:
    data = document({"A": {"price": "890000"}, "B": {"price": "1000000"}, "C": {"price": "1000000"}}, {})
    assert preview(data)["warnings"] == []
    assert preview(data, Fraction(9, 10))["warnings"] == [{"code": "abnormally_low", "bid": "A"}]


def test_faults_are_bounded() -> None:
    bids: dict[str, Any] = {
        f"B{number}": {"scores": {f"member{number}": {"plan": "1", "record": "1"}}} for number in range(60)
    }
    answer: Any = preview(document(bids, {}))
    assert len(answer["errors"]) == 1000


def test_text_that_is_no_json() -> None:
    for content, code in ((b"{", "json_malformed"), (b"\xff", "text_not_utf8"), (b"[" * 10**5, "json_too_deep")):
        answer: Any = preview_json(content)
        assert [(fault["code"], fault["pointer"]) for fault in answer["errors"]] == [(code, "")]


def test_text_that_is_no_object() -> None:
    for content in (b"null", b"[]", b"7", b'"lot"'):
        answer: Any = preview_json(content)
        assert answer["errors"][0]["pointer"] == ""


def test_a_draw_can_be_repeated_by_anyone() -> None:
    assert draw("苏锦街道 2017-05-26 #4", "C").startswith("4a01")


def test_points_are_floored_for_the_lowest_price_only() -> None:
    factor = Factor("plan", Decimal(95), objective=False, technical=True)
    for formula in Formula:
        scheme = Scheme(Decimal(5), formula, (factor,), 2, 3, frozenset(), None)
        assert scheme.price_weight_too_low == (formula is Formula.LOWEST_PRICE)


def test_no_price_no_benchmark() -> None:
    assert benchmark_of([]) is None


def test_means_are_printed_with_an_end() -> None:
    assert mean_text(Fraction(1, 3), 2) == "0.333333"
    assert mean_text(Fraction(1, 3), 8) == "0.33333333"
    assert mean_text(Fraction(50), 2) == "50.00"
