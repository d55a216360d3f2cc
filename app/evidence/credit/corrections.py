"""What an officer corrects about a snapshot: accept its lost rows by number, or withdraw it; both are audited."""

from collections.abc import Sequence

from app.evidence.credit.holding import bad_rows
from app.evidence.credit.tables import CreditSnapshot
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork


class SnapshotNotInForce(Conflict):
    """The snapshot is still being imported, has failed, or was withdrawn."""

    code, title = "credit_snapshot_not_ready", "This credit list snapshot is not in force"


def accept_rows(work: UnitOfWork, row: CreditSnapshot, lines: Sequence[int], reason: str, person: str) -> None:
    """Accept lost rows: the officer has checked them against the source, and they concern no bidder."""
    _require_ready(row)
    lost = {bad.line for bad in bad_rows(work, row) if not bad.is_kept}
    faults = [
        Fault("lost_row", "the line of a row that was lost", f"/lines/{place}")
        for place, line in enumerate(lines)
        if line not in lost
    ]
    if faults:
        raise Invalid(faults=faults)
    before = list(row.accepted_lines or ())
    row.accepted_lines = sorted({*before, *lines})
    after = {"lines": sorted(set(lines) - set(before)), "reason": reason, "person": person}
    work.record(Event.OFFICER_CREDIT_ACCEPT_ROWS, subject=row.id, before={"accepted": len(before)}, after=after)


def withdraw(work: UnitOfWork, snapshot_id: str, reason: str, person: str) -> CreditSnapshot:
    """Withdraw a wrong snapshot: no search or screening consults it again; the previous snapshot is in force."""
    row = work.get(CreditSnapshot, snapshot_id)
    _require_ready(row)
    row.state = "withdrawn"
    row.withdrawn_reason, row.withdrawn_by, row.withdrawn_at = reason, person, work.now
    after = {"list": row.list_name, "reason": reason, "person": person}
    work.record(Event.OFFICER_CREDIT_WITHDRAW, subject=row.id, before={"state": "ready"}, after=after)
    return row


def _require_ready(row: CreditSnapshot) -> None:
    if row.state != "ready":
        raise SnapshotNotInForce
