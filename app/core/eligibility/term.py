"""Warnings: what ends within the term of service 服务期, although it is valid on the as-of day. A warning decides nothing."""

from collections.abc import Iterator
from datetime import date

from app.core.facts.dossier import Dossier
from app.core.facts.outcome import Finding, Outcome, finding
from app.core.facts.policy import Term
from app.core.staff.roster import StaffRow
from app.core.staff.standing import Standing


def term_warnings(dossier: Dossier, staff: tuple[StaffRow, ...], term: Term, as_of: date) -> tuple[Finding, ...]:
    """Warn of the registration, and of contracts of staff not excluded, that end before the last day of the term."""
    return () if term.last is None else tuple(_warnings(dossier, staff, term.last, as_of))


def _warnings(dossier: Dossier, staff: tuple[StaffRow, ...], last: date, as_of: date) -> Iterator[Finding]:
    end = dossier.organization.registration.valid_to
    if end is not None and as_of <= end < last:
        yield _warning("registration_ends_within_term", "/organization/registration/validTo", end, last)
    for row in staff:
        end = dossier.roster[row.index].contract_to
        if row.full_time is not Standing.EXCLUDED and end is not None and as_of <= end < last:
            yield _warning("contract_ends_within_term", f"/roster/{row.index}/contractTo", end, last)


def _warning(code: str, pointer: str, end: date, last: date) -> Finding:
    return finding(Outcome.MET, code, pointer, day=end.isoformat(), last=last.isoformat())
