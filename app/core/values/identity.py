"""Codes and names: the unified social credit code 统一社会信用代码, the resident ID 居民身份证号, names as they are compared.

Sources: GB 32100-2015 (code), GB 11643-1999 and ISO 7064 MOD 11-2 (resident ID).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import mul

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])\d(?:\s*\d){13,16}(?:\s*[0-9Xx])?(?![0-9A-Za-z])")


@lru_cache(maxsize=65536)
def normalised_name(text: str | None) -> str:
    """A name as it is compared: NFKC, without white space; "" for a missing one."""
    if not text:
        return ""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=262144)
def normalised_code(text: str | None) -> str:
    """An ID or code as it is compared: NFKC, without white space, upper case; "" for a missing one.

    A text without any digit (无, 待补, N/A) states that there is none.
    """
    if not text:
        return ""
    is_plain = text.isascii() and text.isalnum()  # as nearly all are written
    code = (text if is_plain else "".join(unicodedata.normalize("NFKC", text).split())).upper()
    return code if code[-1:].isdigit() or any(map(str.isdigit, code)) else ""


@dataclass(frozen=True, slots=True)
class UnifiedSocialCreditCode:
    """18 characters: department, kind of body, division of the registrar (six digits), organization, check character.

    No department has the number 0: eighteen noughts are a placeholder, though their check character is right.
    """

    text: str

    def __post_init__(self) -> None:
        if not _is_uscc(self.text):
            raise ValueError(
                "a unified social credit code has 18 characters and a right check character (GB 32100-2015)"
            )

    @property
    def department(self) -> str:
        """First character: `5` civil affairs, `9` market regulation, `1` public institutions, …"""
        return self.text[0]

    @property
    def kind(self) -> str:
        """First two characters: `51` social group, `52` private non-enterprise unit, `53` foundation."""
        return self.text[:2]

    @property
    def division(self) -> str:
        """Characters 3 to 8: the division code of the registering authority."""
        return self.text[2:8]


@lru_cache(maxsize=1024)
def parse_uscc(text: str | None) -> UnifiedSocialCreditCode | None:
    """The code, or None where the text is missing, is no such code or has a wrong check character."""
    code = normalised_code(text)
    return UnifiedSocialCreditCode(code) if _is_uscc(code) else None


def _is_uscc(code: str) -> bool:
    if len(code) != 18 or code[0] == "0" or not (code[2:8].isascii() and code[2:8].isdigit()):
        return False
    values = list(map(_VALUES.get, code))
    if None in values:
        return False
    total: int = sum(map(mul, values, _WEIGHTS))
    return (31 - total % 31) % 31 == values[17]


def birth_date(code: str) -> date | None:
    """The birth date in a normalised resident ID; None where it is no ID.

    An ID is 18 characters with a real birth date and a right check digit (GB 11643-1999). The county inside is no reason to
    refuse one: counties are founded and dissolved after people are born.
    """
    digits = code[:17]
    if len(code) != 18 or not (digits.isascii() and digits.isdigit()):
        return None
    born, weighed = _born(code[6:14])
    weighed += _weighed(code[:6], 0) + _weighed(code[14:17], 14)
    return born if _ID_CHECKS[weighed % 11] == code[17] else None


@lru_cache(maxsize=32768)  # the days of ninety years: the people of a batch share them, as they share counties
def _born(digits: str) -> tuple[date | None, int]:
    """The day, None where there is no such day, and what its digits weigh."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born = None
    return born, _weighed(digits, 6)


@lru_cache(maxsize=8192)
def _weighed(digits: str, place: int) -> int:
    return sum(map(mul, map(int, digits), _ID_WEIGHTS[place:]))


def age_on(birth: date, day: date) -> int:
    """Full years on `day`; a birthday counts from its own day on."""
    years = day.year - birth.year
    return years - (day.month < birth.month or (day.month == birth.month and day.day < birth.day))


def masked_text(text: str) -> str:
    """A text from outside with every ID number in it masked; digits of 15 and more in a row count as one, spaced or not."""
    return _ID_IN_TEXT.sub(
        lambda found: masked_id("".join(found[0].split())) or "", unicodedata.normalize("NFKC", text)
    )


def masked_id(text: str | None) -> str | None:
    """An ID as people may read it: the county and the last four, `320508********1234`; shorter ones wholly masked."""
    if text is None:
        return None
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}" if len(text) >= 15 else "*" * len(text)
