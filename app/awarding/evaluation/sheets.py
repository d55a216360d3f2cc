"""Score sheets 评分表: one per member, final once submitted, and hidden from others until all members have submitted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, or_, select

from app.awarding.committee.service import begin_scoring, members_of
from app.awarding.committee.service import newest as committee_of
from app.awarding.evaluation.schemas import ScoreSheetIn
from app.awarding.evaluation.tables import ScoreSheet, StoredRanking
from app.core.evaluation.committee import without_sheet
from app.core.evaluation.score_sheet import sheet_faults
from app.core.procedure.tender_state import TenderState
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.database.identifiers import new_id
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import bids_in_play
from app.tendering.tenders.procedure import Procedure, procedure_of_lot


class ScoreSheetExists(Conflict):
    """A member has one sheet for a lot; a new one must name the sheet that it replaces."""

    code, title = "score_sheet_exists", "The member already has a score sheet for this lot; name it in `replaces`"


class SheetsMissing(Conflict):
    """Every committee member must score the lot before it is ranked or awarded."""

    code, title = "sheets_missing", "Score sheets of committee members are missing"
    article = "财政部令第87号 第四十七条"


class ScoresClosed(Conflict):
    """A submitted sheet, or any score of a ranked lot, can change only on one of four recorded grounds."""

    code, title = "scores_closed", "Replacing a submitted score sheet requires `ground` and `reason`"
    article = "财政部令第87号 第六十四条"


def record(work: UnitOfWork, lot_id: str, body: ScoreSheetIn) -> ScoreSheet:
    """Record a member's sheet; a replaced sheet is kept and refers to its replacement."""
    procedure = procedure_of_lot(work, lot_id)
    procedure.require(TenderState.EVALUATION)
    procedure.active_lot(lot_id)
    member = acting_member(work, body.member)
    begin_scoring(work, procedure, member)
    _check(work, procedure, lot_id, body)
    final = body.replaces is not None or is_ranked(work, lot_id)
    if final and (body.ground is None or body.reason is None):
        raise ScoresClosed
    sheet = ScoreSheet(
        id=new_id(ScoreSheet.ID_PREFIX),
        tender_id=procedure.id,
        lot_id=lot_id,
        member=member,
        scores=body.written,
        ground=body.ground.value if body.ground else None,
        reason=body.reason,
        recorded_by=work.principal.id,
    )
    _replace(work, sheet, body.replaces)
    work.session.add(sheet)
    work.session.flush()
    after = {"lot": lot_id, "member": member, "replaces": body.replaces, "ground": sheet.ground, "sha256": sheet.sha256}
    work.record(Event.EVALUATOR_SCORE_SHEET_RECORD, subject=sheet.id, tender=procedure.id, after=after)
    return sheet


def acting_member(work: UnitOfWork, named: str | None) -> str:
    """Return the acting member: the evaluator itself, or the member whose paper an officer records."""
    own = work.principal.id if work.principal.role is Role.EVALUATOR else None
    member = named or own
    if member is None:
        raise Invalid(faults=[Fault("required", "The member whose sheet this is", "/member")])
    if own is not None and member != own:
        raise Invalid(faults=[Fault("another_member", "An evaluator acts in its own name", "/member")])
    return member


def _check(work: UnitOfWork, procedure: Procedure, lot_id: str, body: ScoreSheetIn) -> None:
    most = {factor.id: factor.points for factor in procedure.scheme.factors}
    opened = {bid.id for bid in bids_in_play(work, lot_id)}
    faults = [Fault(one.code, one.message, one.pointer) for one in sheet_faults(most, opened, body.points)]
    if faults:
        raise Invalid(pointer=faults[0].pointer if len(faults) == 1 else None, faults=faults[:50])


def _replace(work: UnitOfWork, sheet: ScoreSheet, replaces: str | None) -> None:
    current = work.session.scalar(
        select(ScoreSheet).where(
            ScoreSheet.lot_id == sheet.lot_id, ScoreSheet.member == sheet.member, ScoreSheet.replaced_by.is_(None)
        )
    )
    if (current.id if current else None) != replaces:
        raise ScoreSheetExists
    if current is not None:
        current.replaced_by = sheet.id
        work.session.flush()  # before the new one is inserted: each member has one current sheet


def is_ranked(work: UnitOfWork, lot_id: str) -> bool:
    """Whether the lot has been ranked."""
    return work.session.scalar(select(StoredRanking.id).where(StoredRanking.lot_id == lot_id).limit(1)) is not None


def all_submitted(work: UnitOfWork, procedure: Procedure, lot_id: str) -> bool:
    """Whether every member of the committee has a sheet for the lot; without a committee, whether the lot is ranked."""
    if is_ranked(work, lot_id):
        return True
    committee = committee_of(work, procedure.id)
    query = select(ScoreSheet.member).where(ScoreSheet.lot_id == lot_id, ScoreSheet.replaced_by.is_(None))
    return committee is not None and {one["id"] for one in committee.members} <= set(work.session.scalars(query))


def counting_sheets(work: UnitOfWork, procedure: Procedure, lot_id: str) -> dict[str, Mapping[str, Any]]:
    """Return the current scores by member; only committee members' scores if there is a committee."""
    query = select(ScoreSheet).where(ScoreSheet.lot_id == lot_id, ScoreSheet.replaced_by.is_(None))
    members = committee_of(work, procedure.id)
    on_it = None if members is None else {one["id"] for one in members.members}
    sheets = work.session.scalars(query.order_by(ScoreSheet.member))
    return {sheet.member: sheet.scores for sheet in sheets if on_it is None or sheet.member in on_it}


def require_complete(work: UnitOfWork, procedure: Procedure, lot_id: str) -> None:
    """Raise CommitteeMissing or SheetsMissing if the regime requires a committee and not all members have scored."""
    if not procedure.committee_required:
        return
    missing = without_sheet(members_of(work, procedure) or (), counting_sheets(work, procedure, lot_id))
    if missing:
        raise SheetsMissing(", ".join(missing))


def _seen(work: UnitOfWork, lot_id: str, query: Select[Any]) -> Select[Any]:
    """Members score alone (第五十五条): until all have submitted, each sees only the sheets that it scored or recorded."""
    if all_submitted(work, procedure_of_lot(work, lot_id), lot_id):
        return query
    own = work.principal.id
    return query.where(or_(ScoreSheet.member == own, ScoreSheet.recorded_by == own))


def listing(work: UnitOfWork, lot_id: str) -> Select[Any]:
    """List the sheets of a lot, including replaced ones."""
    return _seen(work, lot_id, select(ScoreSheet).where(ScoreSheet.lot_id == lot_id))


def find(work: UnitOfWork, lot_id: str, sheet_id: str) -> ScoreSheet:
    """Return one sheet of a lot."""
    query = select(ScoreSheet).where(ScoreSheet.lot_id == lot_id, ScoreSheet.id == sheet_id)
    sheet: ScoreSheet | None = work.session.scalar(_seen(work, lot_id, query))
    if sheet is None:
        raise NotFound
    return sheet
