"""Exact numbers: which texts are numbers, which code refuses the others, and rounding half up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values.money import Money, NumberError, decimal_of, exact, half_up


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", "0"), ("-0.00", "0"), ("007.50", "7.5"), ("-0.5", "-0.5"), ("9999999999999.99", "9999999999999.99")],
)
def test_a_plain_decimal(text: str, value: str) -> None:
    assert str(decimal_of(text)) == value


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "+1", ".5", "5.", "1e5", "1E999999", "NaN", "sNaN", "Infinity", "-", "1,000", "1_000", "１", "٣",
     "1\n", "0x10", "--1", "1.2.3", "\ud800"],
)  # fmt: skip
def test_no_plain_decimal(text: str) -> None:
    with pytest.raises(NumberError) as refused:
        decimal_of(text)
    assert refused.value.code == "decimal_malformed"


def test_bounds() -> None:
    for text, code in (("1" + "0" * 400, "decimal_too_large"), ("0." + "0" * 12 + "1", "decimal_too_precise")):
        with pytest.raises(NumberError) as refused:
            decimal_of(text)
        assert refused.value.code == code
    assert decimal_of("0" * 400 + "1." + "0" * 400) == 1


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("NaN", "decimal_malformed"),
        ("1e999", "decimal_too_large"),
        ("-1e13", "decimal_too_large"),
        ("0.001", "money_places"),
    ],
)
def test_no_money(amount: str, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        Money(Decimal(amount))
    assert refused.value.code == code


def test_money_is_one_value_however_written() -> None:
    assert Money.parse("980000") == Money.parse("980000.000") == Money(Decimal("9.8e5"))
    assert str(Money.parse("980000")) == "980000.00"
    assert Money.parse("-0.10") < Money.parse("0.09")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(Fraction(9345, 1000), 2, "9.35"), (Fraction(-9345, 1000), 2, "-9.35"), (Fraction(1, 2), 0, "1"),
     (Fraction(-1, 1000), 2, "0.00"), (Fraction(2, 3), 4, "0.6667"), (Fraction(0), 2, "0.00")],
)  # fmt: skip
def test_half_up(value: Fraction, places: int, text: str) -> None:
    assert format(half_up(value, places), "f") == text


@given(st.fractions(-(10**9), 10**9), st.integers(0, 8))
def test_half_up_is_never_further_than_half_a_step(value: Fraction, places: int) -> None:
    assert abs(Fraction(half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)


@given(st.decimals(-(10**12), 10**12, allow_nan=False, places=9), st.integers(0, 4))
def test_exact_loses_nothing(value: Decimal, least: int) -> None:
    text = exact(Fraction(value), least)
    assert Fraction(text) == Fraction(value)
    assert len(text.partition(".")[2]) >= least


def test_exact_needs_an_end() -> None:
    with pytest.raises(ValueError, match="no finite decimal"):
        exact(Fraction(1, 3))
