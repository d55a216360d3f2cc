"""The service's own credit lists: accepted proposals are warnings, decisions of the finance department bar.

Each publication is a snapshot like any other list's, so that past screenings stay reproducible.
"""

import csv
import io

from sqlalchemy import select

from app.awarding.contracts.tables import Contract, LatenessProposal
from app.bidders.organizations.registry import visible as organization_of
from app.core.procedure.contract import Consequence, Nature, nature
from app.core.procedure.deadlines import day_in_china
from app.evidence.credit.holding import library, raw_file
from app.evidence.credit.service import ListOrigin, begin, complete, newest
from app.platform.database.identifiers import is_practice
from app.platform.unit_of_work import UnitOfWork

LISTS = {Nature.WARNING: "own-warning", Nature.BARRING: "own-barring"}
COLUMNS = ("name", "uscc", "former_names", "kind", "from", "to", "reason", "document")


def publish(work: UnitOfWork) -> None:
    """Publish both lists as of today; unchanged content on the same day reuses the existing snapshot."""
    entries: dict[Nature, list[tuple[str, ...]]] = {one: [] for one in Nature}
    accepted = (
        select(LatenessProposal, Contract.tender_id)
        .join(Contract, Contract.id == LatenessProposal.contract_id)
        .where(LatenessProposal.state == "accepted", LatenessProposal.consequence == Consequence.BAD_RECORD.value)
    )
    for row, tender_id in work.session.execute(accepted.order_by(LatenessProposal.id)):
        if is_practice(tender_id):
            continue  # practice has no consequence in a real tender
        entries[nature(row.finance_decision)].append(_entry(work, row))
    for which, lines in entries.items():
        origin = ListOrigin(LISTS[which], day_in_china(work.now), source="bidscreen", coverage="履约逾期")
        _take(work, origin, _csv(lines))


def _take(work: UnitOfWork, origin: ListOrigin, content: bytes) -> None:
    """Add a snapshot unless today's snapshot in force has the same content; content may recur within a day."""
    stored = work.files.put(io.BytesIO(content))
    with raw_file(work.files, stored.sha256) as copy:
        imported = library(work.settings).take(copy, origin.mapping, allow_empty=True)
    last = newest(work, origin.list_name)
    same = last is not None and last.content_sha256 == imported.manifest.content_sha256
    if last is None or not same or last.retrieved_on != origin.retrieved_on:
        complete(work, begin(work, origin, stored.sha256, stored.size), imported.manifest)


def _entry(work: UnitOfWork, row: LatenessProposal) -> tuple[str, ...]:
    organization = organization_of(work, row.organization_id)
    begins = row.barred_from or (day_in_china(row.decided_at) if row.decided_at else row.computed_on)
    ends = row.barred_to.isoformat() if row.barred_to else ""
    reason = f"项目团队逾期{row.days_late}日 (contract {row.contract_id})"
    code, which = organization.uscc or "", nature(row.finance_decision)
    return (organization.name, code, "", which.value, begins.isoformat(), ends, reason, row.finance_decision or row.id)


def _csv(lines: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *lines])
    return text.getvalue().encode()
