"""Exact numbers: decimals read from text within bounds, money (金额) in yuan and fen, rounding half up."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DIGITS = 13
_PLACES = 12
_FEN = Decimal("0.01")
_NOTHING = Decimal("0.00")


class NumberError(ValueError):
    """A text that is not a number within bounds; `code` names the bound, the message never repeats the text."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def decimal_of(text: str, places: int = _PLACES) -> Decimal:
    """Parse a plain decimal such as `-12.50`: ASCII digits, below 10^13 in size, at most `places` significant decimal
    places.

    No exponent, sign `+`, white space, NaN or Infinity: `Decimal` accepts all of them, and 1e999999 then costs
    gigabytes. Errors: NumberError with code decimal_malformed, decimal_too_large or decimal_too_precise.
    """
    if not _PLAIN.fullmatch(text):
        raise NumberError("decimal_malformed", 'A decimal in digits is expected, such as "980000.00"')
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = digits.partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    if len(whole) > _DIGITS:
        raise NumberError("decimal_too_large", f"A number of at most {_DIGITS} digits before the point is expected")
    if len(part) > places:
        raise NumberError("decimal_too_precise", f"A number of at most {places} decimal places is expected")
    value = Decimal(f"{sign}{whole}.{part or 0}")
    return value if value else Decimal(0)  # no negative zero: it prints as "-0"


def half_up(value: Fraction, places: int) -> Decimal:
    """Round `value` once, half away from zero, to exactly `places` decimal places."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal((int(value < 0 < whole), _figures(whole), -places))


def exact(value: Fraction, least_places: int = 0) -> str:
    """Return the finite decimal that equals `value`, with at least `least_places` places.

    Sums, differences and products of decimals always have one. Errors: ValueError for a non-terminating decimal (1/3).
    """
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise ValueError("this value has no finite decimal")
    return format(half_up(value, max(twos, fives, least_places)), "f")


def _figures(whole: int) -> tuple[int, ...]:
    return tuple(int(figure) for figure in str(whole))


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in yuan (CNY, 人民币元): finite, whole fen, below 10^13 in size."""

    amount: Decimal

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise NumberError("decimal_malformed", "A finite amount is expected")
        if abs(self.amount) >= 10**_DIGITS:
            raise NumberError("decimal_too_large", f"An amount below 10^{_DIGITS} yuan is expected")
        amount = self.amount.quantize(_FEN)
        if amount != self.amount:
            raise NumberError("money_places", "An amount in whole fen (two decimal places) is expected")
        object.__setattr__(self, "amount", amount if amount else _NOTHING)

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Parse a plain decimal text as yuan. Errors: NumberError."""
        return cls(decimal_of(text))

    def __str__(self) -> str:
        """Return yuan with two decimals, as on the wire: `980000.00`."""
        return format(self.amount, "f")
