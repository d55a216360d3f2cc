"""The valid contents of a score sheet (财政部令第87号 第六十四条)."""

from decimal import Decimal

import pytest

from app.core.evaluation.score_sheet import sheet_faults

MOST = {"technical": Decimal(60), "record": Decimal("30.5")}


def faults(scores):
    decimals = {bid: {name: Decimal(points) for name, points in sheet.items()} for bid, sheet in scores.items()}
    return [(fault.code, fault.pointer) for fault in sheet_faults(MOST, {"a", "b/1"}, decimals)]


@pytest.mark.parametrize(
    "scores", [{}, {"a": {}}, {"a": {"technical": "0", "record": "30.5"}}, {"b/1": {"record": "1"}}]
)
def test_points_in_range_for_bids_of_the_lot(scores):
    assert faults(scores) == []


def test_everything_that_is_wrong_with_its_place():
    scores = {"c": {"technical": "99"}, "b/1": {"technical": "60.01", "beauty": "1"}, "a": {"record": "-0.01"}}
    assert faults(scores) == [
        ("unknown_bid", "/scores/c"),
        ("score_out_of_range", "/scores/b~11/technical"),
        ("unknown_factor", "/scores/b~11/beauty"),
        ("score_out_of_range", "/scores/a/record"),
    ]
