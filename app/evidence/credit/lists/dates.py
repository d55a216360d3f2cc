"""Parse dates as spreadsheets and public registers write them, without guessing; and the period of an entry."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from app.evidence.credit.lists.characters import UNREAD

_EXCEL_EPOCH = date(1899, 12, 30)  # serial numbers of the 1900 date system, from March 1900 on
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")
_LEAST_SERIAL, _MOST_SERIAL = 18264, 73050  # 1950-01-01 to 2099-12-31
_TIME = r"(?:[T ]*[0-9]{1,2}(?:[::时][0-9]{1,2}(?:[::分][0-9.]+秒?|分)?|时)(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_DAY = re.compile(
    rf"(?P<y>[129][0-9]{{3}})(?:(?P<s>[-/.]) ?(?P<m>[0-9]{{1,2}})(?P=s) ?(?P<d>[0-9]{{1,2}})"
    rf"|年 ?(?P<m2>[0-9]{{1,2}})月 ?(?P<d2>[0-9]{{1,2}})[日号]?"
    rf"|(?P<m3>[0-9]{{2}})(?P<d3>[0-9]{{2}})){_TIME}"
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―－−ー", "-"))
_NONE = frozenset(["", "-", "--", "---", "/", "//", "\\", "无", "空", "null", "none", "n/a", "na", "#n/a", "nan"])
_OPEN = frozenset(
    ["长期", "长期有效", "永久", "永久有效", "终身", "至今", "今", "现在", "无期限", "无限期", "不限", "未到期", "持续", "长期执行",
     "open", "present"]
)  # fmt: skip
_RANGE = re.compile(r"自?(?P<first>.+?)起?(?:至|到|~|～|-(?=\D*\d{4}\D|长|永|今|至)|—|→)(?P<last>.+?)止?")
LAST_YEAR = 2900  # 9999-12-31 and similar dates mean open-ended


class Period(NamedTuple):
    """First and last day of an entry, None for open-ended; `unread` names the columns with an unreadable value."""

    first: date | None
    last: date | None
    unread: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def day_of(text: str) -> date | None:
    """Parse a day; None where the text is empty or states that there is none. ValueError where it is unreadable.

    Ambiguous dates are unreadable: day and month in either order (03/04/2024), a month without a day, years of two
    digits.
    """
    plain = _plain(text)
    if plain.lower() in _NONE:
        return None
    if serial := _SERIAL.fullmatch(plain):
        number = int(serial[1])
        if _LEAST_SERIAL <= number <= _MOST_SERIAL:
            return _EXCEL_EPOCH + timedelta(days=number)
    if chinese := _CHINESE.fullmatch(plain):
        return date(int(chinese[1].translate(_DIGITS)), _chinese_number(chinese[2]), _chinese_number(chinese[3]))
    if found := _DAY.fullmatch(plain):
        month = found["m"] or found["m2"] or found["m3"]
        return date(int(found["y"]), int(month), int(found["d"] or found["d2"] or found["d3"]))
    raise ValueError("no date that can be read without a guess")


def _plain(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFKC", text).translate(_DASHES).strip()


def _chinese_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(text.translate(_DIGITS))
    return 10 * (int(tens.translate(_DIGITS)) if tens else 1) + (int(ones.translate(_DIGITS)) if ones else 0)


@lru_cache(maxsize=65536)
def period_of(first: str, last: str) -> Period:
    """Return the period that two cells state; either may hold a whole range, 2024年1月5日至2027年1月4日.

    An end before the begin makes both unreadable: one of them is wrong, and it is unknown which.
    """
    first, ranged = _split(first)
    if ranged is not None:
        last = last if _plain(last).lower() not in _NONE else ranged
    begin, last_of_range = _split(last)
    if last_of_range is not None:
        first, last = (begin if _plain(first).lower() in _NONE else first), last_of_range
    unread = []
    try:
        begins = None if first == UNREAD else day_of(first)
    except ValueError:
        begins, first = None, UNREAD
    try:
        ends = None if last == UNREAD else _end(last)
    except ValueError:
        ends, last = None, UNREAD
    unread = [column for column, text in (("from", first), ("to", last)) if text == UNREAD]
    if begins and ends and begins > ends:
        return Period(None, None, ("from", "to"))
    return Period(begins, ends, tuple(unread))


def _end(text: str) -> date | None:
    if _plain(text).lower() in _OPEN:
        return None
    day = day_of(text)
    return None if day is not None and day.year >= LAST_YEAR else day


def _split(text: str) -> tuple[str, str | None]:
    """Split a range in one cell into its two ends; None as the second where the cell holds none."""
    plain = _plain(text)
    if len(plain) < 10 or UNREAD in text:
        return text, None
    found = _RANGE.fullmatch(plain)
    if found is None:
        return text, None
    try:
        day_of(found["first"].strip())
        _end(found["last"].strip())
    except ValueError:
        return text, None
    return found["first"].strip(), found["last"].strip()
