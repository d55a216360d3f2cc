"""Credit searches: the record that stays."""

from datetime import date
from typing import Any

from app.examination.credit_searches.tables import CreditQuery
from app.platform.audit.events import Event
from app.platform.unit_of_work import UnitOfWork


def keep(work: UnitOfWork, tender_id: str, as_of: date, query: Any, answer: Any) -> CreditQuery:
    """Keep a search with its tender: time, key, result (财库〔2016〕125号)."""
    row = CreditQuery(tender_id=tender_id, as_of=as_of, query=query, answer=answer, principal_id=work.principal.id)
    work.session.add(row)
    work.session.flush()
    work.record(Event.CLIENT_CREDIT_QUERY, subject=row.id, tender=tender_id, after={"asOf": as_of})
    return row
