"""Unified social credit codes (统一社会信用代码, GB 32100-2015) of organizations that do not exist."""

from stdnum.cn import uscc

_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(prefix: str, division: str, serial: str) -> str:
    """Build a code from a prefix of two characters, the registering authority's division, a serial of eight, and both
    check characters.

    Characters 9 to 17 are an organization code with a check character of its own (GB 11714).
    """
    total = sum(weight * int(char, 36) for weight, char in zip(_BODY_WEIGHTS, serial, strict=True))
    number = prefix + division + serial + "0123456789X0"[11 - total % 11]
    return number + uscc.calc_check_digit(number)
