"""Signatures under the evaluation report (财政部令第87号 第六十一条)."""

import pytest

from app.core.evaluation.report import Signed, Stand, signature_fault, stands


@pytest.mark.parametrize(
    ("agrees", "dissent", "fault"),
    [
        (True, None, None),
        (True, "但是", "dissent_unexpected"),  # a member who agrees has no dissent to state
        (False, "评分依据不足", None),
        (False, None, "dissent_missing"),  # 签署不同意见及理由
        (False, " \u3000", "dissent_missing"),
    ],
)
def test_a_dissent_has_reasons(agrees, dissent, fault):
    assert signature_fault(agrees, dissent) == fault


def test_who_neither_signs_nor_dissents_is_deemed_to_agree():
    found = stands(["c", "a", "b"], {"a": Signed(True), "b": Signed(False, "x"), "stranger": Signed(True)})
    assert list(found.items()) == [("c", Stand.DEEMED), ("a", Stand.AGREED), ("b", Stand.DISSENTED)]
