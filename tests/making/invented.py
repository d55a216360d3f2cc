"""Invented persons and codes: correct check digits, no real person's."""

from app.core.values.identity import _ID_CHECKS, _ID_WEIGHTS


def resident_id(number: int) -> str:
    """Return a resident ID with a correct check digit; a different one for each number."""
    digits = f"320508{1960 + number // 1000 % 40}0101{number % 1000:03d}"
    return digits + _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=True)) % 11]


USCC = "52320508MJ1234567R"
