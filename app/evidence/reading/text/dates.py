"""Parse dates as Chinese documents print them: 2016年2月1日, 2016-02-01, 2016.2.1, 20160201, 二〇一六年二月一日; months
alike.
"""

import datetime as dt
import re
from dataclasses import dataclass

from app.evidence.reading.text.characters import in_place

_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "O": "0",
    "o": "0",
    "Ο": "0",
    "О": "0",
    "◯": "0",
    "壹": "1",
    "贰": "2",
    "叁": "3",
    "肆": "4",
    "伍": "5",
    "陆": "6",
    "柒": "7",
    "捌": "8",
    "玖": "9",
}
_ZEROS = "〇零○OoΟО◯"
_HAN_DIGIT = f"[{_ZEROS}一二三四五六七八九壹贰叁肆伍陆柒捌玖]"
_HAN_SMALL = f"[{_ZEROS}一二三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾]"
_S = r"\s*"
_SEP = r"[-./~—–]"

_PATTERNS = (
    re.compile(
        rf"(?P<hy>{_HAN_DIGIT}(?:\s*{_HAN_DIGIT}){{3}}){_S}年{_S}(?P<hm>{_HAN_SMALL}(?:\s*{_HAN_SMALL}){{0,2}}){_S}月(?:{_S}(?P<hd>{_HAN_SMALL}(?:\s*{_HAN_SMALL}){{0,2}}){_S}日)?"
    ),
    re.compile(
        rf"(?<!\d)(?P<y>(?:19|20)\d{{2}}){_S}年{_S}(?P<m>\d{{1,2}}){_S}月(?:{_S}(?P<d>\d{{1,2}}){_S}(?:日|号))?"
    ),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})\s?[-./]\s?(?P<m>\d{1,2})\s?[-./]\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})\s?[-./]\s?(?P<m>0?[1-9]|1[0-2])(?![\d])(?!\s?[-./]\s?\d{1,2}(?!\d))"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?!\d)"),
)

_ISO = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?")  # as programs write them
_YEAR = re.compile(r"(?:19|20)\d{2}|年")  # every pattern contains one

BARE_DATE = (  # a piece of text (blanks removed) that is only a date
    rf"(?:\d{{4}}|[0{_ZEROS}一二三四五六七八九]{{4}})[年.\-/][^至到:()]{{1,4}}[月.\-/][^至到:()]{{1,4}}日?|"
    r"(?:19|20)\d{2}[01]\d[0-3]\d"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date or month in a text: ISO value (`2016-02-01` or `2016-02`; None where no such day exists) and its position
    [start, end).
    """

    value: str | None
    start: int
    end: int

    @property
    def month(self) -> str | None:
        """Return the month `YYYY-MM`, also of a whole date."""
        return self.value[:7] if self.value else None

    @property
    def whole(self) -> bool:
        """Whether a day was given."""
        return self.value is not None and len(self.value) == 10


def find_dates(text: str) -> list[FoundDate]:
    """Return all dates in the text from left to right; positions refer to the text as given (lengths are kept)."""
    if iso := _ISO.fullmatch(text):
        year, month, day = iso.groups()
        return [FoundDate(_valid(int(year), int(month), int(day) if day else None), 0, len(text))]
    same_length = in_place(text)
    if not _YEAR.search(same_length):
        return []
    found: list[FoundDate] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(same_length):
            if not any(match.start() < f.end and f.start < match.end() for f in found):
                found.append(FoundDate(_iso(match), match.start(), match.end()))
    return sorted(found, key=lambda f: f.start)


def one_date(text: str) -> str | None:
    """Return the ISO value when the text contains exactly one date, else None."""
    found = find_dates(text)
    return found[0].value if len(found) == 1 else None


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    if parts.get("hy"):
        year, month = int(_digits(parts["hy"])), _small(parts["hm"])
        day = _small(parts["hd"]) if parts["hd"] else None
    else:
        year, month = int(parts["y"]), int(parts["m"])
        day = int(parts["d"]) if parts.get("d") else None
    return _valid(year, month, day)


def _valid(year: int, month: int | None, day: int | None) -> str | None:
    if month is None or not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _digits(text: str) -> str:
    return "".join(_DIGITS[c] for c in text if not c.isspace())


def _small(text: str) -> int | None:
    """Parse 一 … 三十一, also 廿 and 卅, also digit by digit (`一二` for 12)."""
    bare = re.sub(r"\s", "", text).replace("拾", "十").replace("廿", "二十").replace("卅", "三十")
    if "十" not in bare:
        return int(_digits(bare))
    tens, _, ones = bare.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return (int(_digits(tens)) if tens else 1) * 10 + (int(_digits(ones)) if ones else 0)
