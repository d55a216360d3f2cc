"""When two lines are the same person: normalised names, partly legible IDs, overlapping months."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.core.facts.dossier import RosterLine
from app.core.values.identity import normalised_code, normalised_name
from app.core.values.months import Month

_DOTS = dict.fromkeys(map(ord, "·•‧・∙.．。"), "·")  # between the parts of a transcribed name
_SHORTEST_NUMBER = 8
_HAN = re.compile("[\u4e00-\u9fff]+").fullmatch
_BIRTH = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])").fullmatch


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One roster line of one bidder."""

    bidder: str
    index: int
    line: RosterLine


@lru_cache(maxsize=65536)
def person_name(text: str | None) -> str:
    """Normalise a person's name: spelling variants (width, spaces, middle dots, case) become one name."""
    return unicodedata.normalize("NFKC", normalised_name(text)).translate(_DOTS).upper()


def plain_name(text: str) -> str:
    """Normalise a name; fast path for names of Chinese characters alone, as nearly all are."""
    return text if _HAN(text) else person_name(text)


def plain_code(text: str | None) -> str:
    """Normalise a code; fast path for digits alone."""
    return text if text and text.isdigit() and text.isascii() else normalised_code(text)


def shown_person(text: str | None) -> str:
    """Return a person's name for display in a message."""
    return normalised_name(text)


def shown_number(number: str) -> str:
    """Return the last four characters of a number, as a message shows it."""
    return "*" * (len(number) - 4) + number[-4:]


def birth_in(text: str | None) -> str:
    """Return the birth date (eight digits) in an 18-character resident ID, even if the check digit is wrong; "" where
    none.
    """
    code = text if text and len(text) == 18 and text.isascii() and text.isalnum() else normalised_code(text)
    if len(code) != 18:
        return ""
    digits = code[6:14]
    return digits if _BIRTH(digits) else ""


def is_unique_number(number: str) -> bool:
    """Whether a number is long enough, and not a filler such as 00000000 or 12345678."""
    if len(number) < _SHORTEST_NUMBER or len(set(number)) < 3:
        return False
    return number not in "01234567890123456789" and number not in "98765432109876543210"


def were_employed_together(one: RosterLine, other: RosterLine) -> bool:
    """Whether the employments may have overlapped: nothing shows that one ended before the other began."""
    return not (
        _apart(one.contract_from, one.contract_to, other.contract_from, other.contract_to)
        or _apart(*_insured(one), *_insured(other))
    )


def _insured(line: RosterLine) -> tuple[Month | None, Month | None]:
    """Return first and last month of all periods; None where a period leaves it open."""
    firsts = [period.first for period in line.insurance]
    lasts = [period.last for period in line.insurance]
    first = min((month for month in firsts if month is not None), default=None) if None not in firsts else None
    last = max((month for month in lasts if month is not None), default=None) if None not in lasts else None
    return first, last


def _apart(
    one_from: date | Month | None,
    one_to: date | Month | None,
    other_from: date | Month | None,
    other_to: date | Month | None,
) -> bool:
    return _ends_before(one_to, other_from) or _ends_before(other_to, one_from)


def _ends_before(end: date | Month | None, begin: date | Month | None) -> bool:
    if isinstance(end, date) and isinstance(begin, date):
        return end <= begin  # the last day with one employer may be the first with the other
    return isinstance(end, Month) and isinstance(begin, Month) and end < begin
