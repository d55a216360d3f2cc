"""Invented people and codes: right check digits, nobody's."""

from app.core.values.identity import _ID_CHECKS, _ID_WEIGHTS


def resident_id(number: int) -> str:
    """A resident ID with a right check digit; another one for each number."""
    digits = f"320508{1960 + number // 1000 % 40}0101{number % 1000:03d}"
    return digits + _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=True)) % 11]


USCC = "52320508MJ1234567R"
