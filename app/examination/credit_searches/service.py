"""Credit searches: match organizations, and record a search in its tender (财库〔2016〕125号)."""

from datetime import date
from typing import Any

from app.core.procedure.deadlines import day_in_china
from app.evidence.credit.corrections import withdraw
from app.evidence.credit.schemas import SnapshotOut
from app.evidence.credit.searching import answered, lists_to_search
from app.evidence.credit.service import newest
from app.examination.credit_searches.schemas import AffectedScreeningOut, MatchIn, WithdrawIn, WithdrawnOut
from app.examination.credit_searches.tables import CreditQuery
from app.examination.screening.proposals import screenings_consulting
from app.platform.audit.events import Event
from app.platform.unit_of_work import UnitOfWork
from app.tendering.policies.loader import preset
from app.tendering.tenders.service import terms_of

DEFAULT_POLICY = "suzhou-current"  # thresholds for a search outside a tender


def match(work: UnitOfWork, body: MatchIn) -> dict[str, Any]:
    """Answer the queries on the cut-off day: the one requested, else the policy's, else the bid deadline, else today.

    With a tender, its policy sets the thresholds and the search is recorded.
    """
    terms = terms_of(work, body.tender_id) if body.tender_id else None
    rules = (terms.policy if terms else preset(DEFAULT_POLICY)).credit
    day = body.as_of or rules.cut_off or (terms and terms.as_of) or day_in_china(work.now)
    searched = lists_to_search(work, body.lists, day, rules)
    work.close()  # thousands of searches need no database; the write lock stays free for other requests
    answer = answered(searched, day, rules, {key: query.organization for key, query in body.queries.items()})
    if body.tender_id:
        keep(work, body.tender_id, day, body.model_dump(mode="json", by_alias=True), answer)
    return answer


def keep(work: UnitOfWork, tender_id: str, as_of: date, query: Any, answer: Any) -> CreditQuery:
    """Record a search in its tender: time, query, result (财库〔2016〕125号)."""
    row = CreditQuery(tender_id=tender_id, as_of=as_of, query=query, answer=answer, principal_id=work.principal.id)
    work.session.add(row)
    work.session.flush()
    work.record(Event.CLIENT_CREDIT_QUERY, subject=row.id, tender=tender_id, after={"asOf": as_of})
    return row


def withdraw_snapshot(work: UnitOfWork, snapshot_id: str, body: WithdrawIn) -> WithdrawnOut:
    """Withdraw a snapshot and list the screenings that consulted it."""
    row = withdraw(work, snapshot_id, body.reason, body.person)
    work.session.flush()
    last = newest(work, row.list_name)
    return WithdrawnOut(
        snapshot=SnapshotOut.of(row),
        in_force=SnapshotOut.of(last) if last else None,
        screenings=[
            AffectedScreeningOut(
                screening_id=one.screening_id,
                tender_id=one.tender_id,
                organization_id=one.organization_id,
                newest=one.newest,
            )
            for one in screenings_consulting(work, snapshot_id)
        ],
    )
