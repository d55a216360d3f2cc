"""The unified social credit code 统一社会信用代码, the resident ID 居民身份证号, and normalised names.

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
_UNSEEN = frozenset({"Cf", "Cc"})
_QUOTED = re.compile(r'^=?"(.*)"$')
_SELECTORS = (0x034F, 0x115F, 0x1160, 0x3164, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
# Radicals that browsers print instead of ideographs and that NFKC does not normalise (Unicode block 2E80–2EFF).
_RADICALS = dict(
    zip(
        "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻨⻩⻬⻮⻰⻳⺟⺝⻁⻑⻗",
        "民西见角贝车长门青韦页风飞食马鬼鱼鸟麦黄齐齿龙龟母月虎长雨",
        strict=True,
    )
)
_SHOWN: dict[int, str | None] = {ord(one): other for one, other in _RADICALS.items()} | dict.fromkeys(_SELECTORS)
_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])\d(?:\s*\d){13,16}(?:\s*[0-9Xx])?(?![0-9A-Za-z])")


def _seen(text: str) -> str:
    """Return the visible text: NFKC, without white space, format characters and the marks that Excel adds to texts.

    Zero-width and directional characters (category Cf), variation selectors and control characters come with copying; a
    leading apostrophe and `="…"` keep a spreadsheet from converting text to a number.
    """
    whole = "".join(unicodedata.normalize("NFKC", text).translate(_SHOWN).split())
    if not whole.isalnum():  # letters, digits and ideographs alone, as nearly all names are
        whole = "".join(one for one in whole if unicodedata.category(one) not in _UNSEEN)
        whole = _QUOTED.sub(r"\1", whole)
    return whole.removeprefix("'")


@lru_cache(maxsize=65536)
def normalised_name(text: str | None) -> str:
    """Normalise a name: NFKC, without white space and format characters; "" for a missing one."""
    return _seen(text) if text else ""


@lru_cache(maxsize=262144)
def normalised_code(text: str | None) -> str:
    """Normalise an ID or code: like a name, in upper case; "" for a missing one.

    A text without any digit (无, 待补, N/A) states that there is none.
    """
    if not text:
        return ""
    is_plain = text.isascii() and text.isalnum()  # nearly all codes are written so
    code = (text if is_plain else _seen(text)).upper()
    return code if code[-1:].isdigit() or any(map(str.isdigit, code)) else ""


@dataclass(frozen=True, slots=True)
class UnifiedSocialCreditCode:
    """18 characters: department, kind of body, division of the registrar (six digits), organization, check character.

    No department has the number 0: eighteen zeros are a placeholder, although their check character is correct.
    """

    text: str

    def __post_init__(self) -> None:
        if not _is_uscc(self.text):
            raise ValueError(
                "a unified social credit code has 18 characters and a right check character (GB 32100-2015)"
            )

    @property
    def department(self) -> str:
        """Return the first character: `5` civil affairs, `9` market regulation, `1` public institutions, …"""
        return self.text[0]

    @property
    def kind(self) -> str:
        """Return the first two characters: `51` social group, `52` private non-enterprise unit, `53` foundation."""
        return self.text[:2]

    @property
    def division(self) -> str:
        """Return characters 3 to 8: the division code of the registering authority."""
        return self.text[2:8]


@lru_cache(maxsize=1024)
def parse_uscc(text: str | None) -> UnifiedSocialCreditCode | None:
    """Return the code, or None where the text is missing, malformed or has a wrong check character."""
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
    """Return the birth date in a normalised resident ID; None where the text is not a valid ID.

    An ID has 18 characters with a real birth date and a correct check digit (GB 11643-1999). The county code is not
    checked: counties are founded and dissolved after people are born.
    """
    digits = code[:17]
    if len(code) != 18 or not (digits.isascii() and digits.isdigit()):
        return None
    born, weighed = _born(code[6:14])
    weighed += _weighed(code[:6], 0) + _weighed(code[14:17], 14)
    return born if _ID_CHECKS[weighed % 11] == code[17] else None


@lru_cache(maxsize=32768)  # about ninety years of days, shared by the persons of a batch
def _born(digits: str) -> tuple[date | None, int]:
    """Return the date (None where it does not exist) and the weighted sum of its digits."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born = None
    return born, _weighed(digits, 6)


@lru_cache(maxsize=8192)
def _weighed(digits: str, place: int) -> int:
    return sum(map(mul, map(int, digits), _ID_WEIGHTS[place:]))


def is_male(code: str) -> bool:
    """Whether a valid resident ID states a man: the 17th digit is odd for men (GB 11643-1999)."""
    return int(code[16]) % 2 == 1


def age_on(birth: date, day: date) -> int:
    """Return the age in full years on `day`; the birthday itself counts."""
    years = day.year - birth.year
    return years - (day.month < birth.month or (day.month == birth.month and day.day < birth.day))


def masked_text(text: str) -> str:
    """Return untrusted text with every ID number masked; runs of 15 or more digits count as one, with or without
    spaces.
    """
    return _ID_IN_TEXT.sub(
        lambda found: masked_id("".join(found[0].split())) or "", unicodedata.normalize("NFKC", text)
    )


def masked_id(text: str | None) -> str | None:
    """Mask an ID for display: county code and last four, `320508********1234`; IDs under 15 characters fully masked."""
    if text is None:
        return None
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}" if len(text) >= 15 else "*" * len(text)
