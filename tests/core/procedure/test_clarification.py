"""A clarification explains a bid without changing it, and is offered equally (财政部令第87号 第五十一条)."""

from datetime import date

import pytest

from app.core.procedure.clarification import About, Basis, Stated, left_out, out_of_scope

DEADLINE = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("fact", "outside"),
    [
        (Stated(Basis.IN_BID), False),
        (Stated(Basis.NEW), True),
        (Stated(Basis.NEW, date(2020, 1, 1)), True),
        (Stated(Basis.PUBLIC_REGISTER, DEADLINE), False),
        (Stated(Basis.PUBLIC_REGISTER, date(2026, 5, 21)), True),
        (Stated(Basis.PUBLIC_REGISTER), True),
    ],
)
def test_only_what_stood_at_the_deadline_may_be_brought_in(fact, outside):
    assert out_of_scope(fact, DEADLINE) is outside


@pytest.mark.parametrize("fact", [Stated(Basis.NEW), Stated(Basis.PUBLIC_REGISTER)])
def test_a_low_price_is_explained_with_whatever_proves_it(fact):
    assert out_of_scope(fact, DEADLINE, About.LOW_PRICE) is False  # 第六十条: 必要时提交相关证明材料


def test_who_is_left_out():
    assert left_out({"b", "a", "c"}, {"b"}) == ("a", "c")
    assert left_out({"a"}, {"a", "x"}) == ()
