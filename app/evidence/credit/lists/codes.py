"""Find the unified social credit codes in a cell, whatever surrounds them; ID numbers of persons are masked."""

import re
import unicodedata
from typing import NamedTuple

from app.core.values.identity import birth_date, masked_id, parse_uscc

_LENGTH = 18
_LONGEST_PERSON = 4  # characters; with a name this short, a code that is a valid ID number is a person's
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_SEPARATOR = re.compile(r"[;；、,，/|\n\r\t]+")
_NOISE = re.compile(r"[\s\-·.:：_]+")
_OLD = re.compile(r"[0-9A-Z]{8}-?[0-9X]|[0-9]{15}|[0-9]{13}")  # organization code, tax or registration number
_MASKED = re.compile(r"[0-9]{3,10}[*xX×＊●•]{2,}[0-9Xx]{0,4}")
_NONE = frozenset(["", "-", "--", "/", "无", "空", "NULL", "NONE", "N/A", "NA", "#N/A"])


class Codes(NamedTuple):
    """Codes of 18 characters in a cell in their order, other numbers worth keeping, and whether something was not
    understood.
    """

    codes: tuple[str, ...]
    other: str = ""
    is_unread: bool = False


def codes_of(cell: str, name: str = "") -> Codes:
    """Return every code in a cell; a person's number is masked, since a list never needs it in full (个人信息保护法
    第五十一条).
    """
    if len(cell) == _LENGTH and cell.isascii() and cell.isalnum() and cell.isupper() and not cell[6:14].isdigit():
        return Codes((cell,))
    text = unicodedata.normalize("NFKC", cell).upper().strip()
    if text in _NONE:
        return Codes(())
    found = _codes(text)
    if found:
        persons = [
            code for code in found if birth_date(code) and (len(name) <= _LONGEST_PERSON or not parse_uscc(code))
        ]
        codes = tuple(code for code in found if code not in persons)
        return Codes(codes, "" if codes else masked_id(persons[0]) or "")
    if _OLD.fullmatch(_NOISE.sub("", text)) or _OLD.fullmatch(text):
        return Codes((), (masked_id(text) or "") if _is_old_person(text) else text)
    if _MASKED.fullmatch(text):
        return Codes((), text)
    return Codes((), _without_numbers(text), is_unread=True)


def _codes(text: str) -> list[str]:
    found: list[str] = []
    for part in _SEPARATOR.split(text):
        joined = "".join(one for one in _NOISE.sub("", part) if one.isascii()) if not part.isascii() else ""
        spaced = _CODE.findall(part)
        found += spaced or _CODE.findall(_NOISE.sub("", part)) or _CODE.findall(joined) or _pairs(_NOISE.sub("", part))
    return list(dict.fromkeys(found))


def _pairs(text: str) -> list[str]:
    """Split two or more valid codes written without a separator."""
    if len(text) <= _LENGTH or len(text) % _LENGTH or not text.isalnum():
        return []
    codes = [text[start : start + _LENGTH] for start in range(0, len(text), _LENGTH)]
    return codes if all(map(parse_uscc, codes)) else []


def _is_old_person(text: str) -> bool:
    """Whether a number is an ID number of the former 15 digits: county, then a birth date of six digits."""
    return len(text) == 15 and text.isdigit() and "01" <= text[8:10] <= "12" and "01" <= text[10:12] <= "31"


def _without_numbers(text: str) -> str:
    return re.sub(r"[0-9]{15,}[0-9X]?", lambda number: masked_id(number[0]) or "", text)[:64]
