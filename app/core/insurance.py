"""Does a person's social insurance 社会保险, paid by the bidder, cover the months that the policy asks for?"""

from collections.abc import Iterable, Sequence, Set
from datetime import date

from app.core.facts import InsurancePeriod
from app.core.identity import normalised_name
from app.core.months import Month, merged

_OPEN = Month(10**6)
_EVER = Month(0)


def insurance_codes(
    periods: tuple[InsurancePeriod, ...],
    payers: Set[str],
    window: tuple[Month, Month],
    contract_from: date | None,
) -> tuple[list[str], list[str]]:
    """(excluding codes, doubtful codes) of a line.

    `payers`: the normalised names of the bidder, former ones included. Of several periods the bidder's own count and the
    others are ignored, if one is the bidder's.
    """
    if not periods:
        return [], ["insurance_missing"]
    payer_excluded, payer_doubtful, relevant = _payer(periods, payers)
    months_excluded, months_doubtful = _months(relevant, window, contract_from)
    if payer_doubtful and "insurance_missing" not in months_doubtful:
        months_doubtful = ["insurance_missing", *months_doubtful]
    return [*payer_excluded, *months_excluded], months_doubtful


def _payer(
    periods: tuple[InsurancePeriod, ...], payers: Set[str]
) -> tuple[list[str], bool, tuple[InsurancePeriod, ...]]:
    own = tuple([period for period in periods if normalised_name(period.payer) in payers])
    if own:
        return [], False, own
    if any(not normalised_name(period.payer) for period in periods):
        return [], True, periods
    return ["insurance_other_payer"], False, periods


def _months(
    periods: Iterable[InsurancePeriod], window: tuple[Month, Month], contract_from: date | None
) -> tuple[list[str], list[str]]:
    """A month that is missing is a doubt only where it could make a difference: the known ones may already fall short."""
    known, possible = [], []
    for period in periods:
        first, last = period.first, period.last
        if first is not None and last is not None and first <= last:
            known.append((first, last))
            possible.append((first, last))
        elif first is None or last is None:
            possible.append((_EVER if first is None else first, _OPEN if last is None else last))
        else:  # from after to: one of the two is a slip, nobody knows which
            possible.append((_EVER, _OPEN))
    verdict = _coverage(known, window, contract_from)
    if verdict == [] or len(known) == len(possible):
        return ([], verdict) if verdict != ["insurance_months_short"] else (verdict, [])
    return (["insurance_months_short"], []) if _short(possible, window, contract_from) else ([], ["insurance_missing"])


def _short(periods: Sequence[tuple[int, int]], window: tuple[Month, Month], contract_from: date | None) -> bool:
    return _coverage(periods, window, contract_from) == ["insurance_months_short"]


def _coverage(periods: Sequence[tuple[int, int]], window: tuple[Month, Month], contract_from: date | None) -> list[str]:
    """[] where the window is covered, else `insurance_too_new` or `insurance_months_short`.

    Too new: only the window's first months are missing because the contract began inside the window, and the insurance
    reaches from the month after the contract's begin, or earlier, to the window's end.
    """
    joined = periods if len(periods) == 1 else merged(periods)
    if any(first <= window[0] and last >= window[1] for first, last in joined):
        return []
    begun = Month.of(contract_from) if contract_from is not None else _OPEN
    is_new = window[0] <= begun <= window[1]
    if is_new and any(first <= begun + 1 and last >= window[1] for first, last in joined):
        return ["insurance_too_new"]
    return ["insurance_months_short"]


def covers(period: tuple[Month, Month], window: tuple[Month, Month], contract_from: date | None) -> bool:
    """Whether proven months bear out the window, or as much of it as a contract begun inside it can show."""
    return _coverage([period], window, contract_from) != ["insurance_months_short"]
