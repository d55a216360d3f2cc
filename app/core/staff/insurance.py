"""Whether social insurance 社会保险 paid by the bidder covers the months that the policy requires."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from functools import lru_cache

from app.core.facts.dossier import InsurancePeriod
from app.core.staff.payers import Payer, Payers
from app.core.values.months import Month, merged

_OPEN = Month(10**6)
_EVER = Month(0)
_Months = tuple[int, int]
_Stated = tuple[Month | None, Month | None]
_Codes = tuple[tuple[str, ...], tuple[str, ...]]


class Coverage(Enum):
    """How insured months cover the window; UNPROVEN: too new or short, depending on the contract's missing start."""

    WHOLE = "whole"
    TOO_NEW = "too_new"
    UNPROVEN = "unproven"
    SHORT = "short"


def insurance_codes(
    periods: tuple[InsurancePeriod, ...], payers: Payers, window: tuple[Month, Month], contract_from: date | None
) -> tuple[list[str], list[str]]:
    """Return (excluding codes, doubtful codes) of a line.

    Where at least one period is, or may be, the bidder's own, the periods of other payers are ignored. A payer that
    differs from the bidder's name only in form may be the bidder: `insurance_payer_unclear` where that decides.
    """
    if not periods:
        return [], ["insurance_missing"]
    own: list[_Stated] = []
    possible: list[_Stated] = []
    unclear: list[_Stated] = []
    for period in periods:
        match payers.match(period.payer):
            case Payer.OWN:
                own.append((period.first, period.last))
            case Payer.UNKNOWN:
                possible.append((period.first, period.last))
            case Payer.UNCLEAR:
                unclear.append((period.first, period.last))
    if own or possible or unclear:
        excluding, doubting = _codes(tuple(own), (*possible, *unclear), window, contract_from)
        return [*excluding], _named(doubting, bool(possible), unclear)
    others = tuple((period.first, period.last) for period in periods)
    excluding, doubting = _codes(others, (), window, contract_from)
    return ["insurance_other_payer", *excluding], [*doubting]


def _named(doubting: tuple[str, ...], is_payer_missing: bool, unclear: Sequence[_Stated]) -> list[str]:
    """Add to the doubtful codes where the doubt is (also) whether an unclear payer is the bidder."""
    if not unclear or "insurance_missing" not in doubting:
        return [*doubting]
    is_stated = not is_payer_missing and all(map(_known, unclear))
    kept = [code for code in doubting if code != "insurance_missing" or not is_stated]
    return ["insurance_payer_unclear", *kept]


@lru_cache(maxsize=8192)  # staff of a batch are insured over the same few months
def _codes(
    own: tuple[_Stated, ...], possible: tuple[_Stated, ...], window: tuple[Month, Month], contract_from: date | None
) -> _Codes:
    """Return the codes of the covered months. Missing values are doubtful only where they could change the result."""
    known = [months for period in own if (months := _known(period))]
    covered = coverage(known, window, contract_from)
    if covered is Coverage.WHOLE or (not possible and len(known) == len(own)):
        return _words(covered)
    if coverage([_utmost(period) for period in (*own, *possible)], window, contract_from) is Coverage.SHORT:
        return _words(Coverage.SHORT)
    stated = [months for period in (*own, *possible) if (months := _known(period))]
    is_new = coverage(stated, window, contract_from) is Coverage.TOO_NEW
    return (), ("insurance_missing", "insurance_too_new") if is_new else ("insurance_missing",)


def _words(covered: Coverage) -> _Codes:
    if covered is Coverage.SHORT:
        return ("insurance_months_short",), ()
    return (), ("insurance_too_new",) if covered is Coverage.TOO_NEW else ()


def _known(period: _Stated) -> _Months | None:
    """Return the months where both ends are known; `from` after `to` is an error in one of them, so unknown."""
    first, last = period
    return (first, last) if first is not None and last is not None and first <= last else None


def _utmost(period: _Stated) -> _Months:
    """Return the longest span that a period could have."""
    first, last = period
    known = _known(period)
    if known or (first is not None and last is not None):
        return known or (_EVER, _OPEN)
    return _EVER if first is None else first, _OPEN if last is None else last


def coverage(periods: Sequence[_Months], window: tuple[Month, Month], contract_from: date | None) -> Coverage:
    """Classify how periods (first, last month) cover the window.

    Too new: only the window's first months are missing because the contract began inside the window, and the insurance
    reaches from the month after the contract's begin, or earlier, to the window's end.
    """
    joined = periods if len(periods) == 1 else merged(periods)
    if any(first <= window[0] and last >= window[1] for first, last in joined):
        return Coverage.WHOLE
    begun = window[1] if contract_from is None else Month.of(contract_from)
    is_new = window[0] <= begun <= window[1]
    if not is_new or not any(first <= begun + 1 and last >= window[1] for first, last in joined):
        return Coverage.SHORT
    return Coverage.UNPROVEN if contract_from is None else Coverage.TOO_NEW
