"""Score sheets 评分表: each member's own, replaced but never changed, unseen by the others until the lot is ranked."""

from typing import Any

from sqlalchemy import Select, select

from app.access.roles import Role
from app.audit.events import Event
from app.bids.service import standing
from app.committee.service import require_member
from app.core.score_sheet import sheet_faults
from app.core.tender_state import TenderState
from app.database.identifiers import new_id
from app.evaluation.schemas import ScoreSheetIn
from app.evaluation.tables import ScoreSheet, StoredRanking
from app.problems import Conflict, Fault, Invalid, NotFound
from app.tenders.procedure import Procedure, procedure_of_lot
from app.work import UnitOfWork


class ScoreSheetExists(Conflict):
    """A member has one sheet for a lot; the next one names the one it replaces."""

    code, title = "score_sheet_exists", "This member's sheet for this lot is recorded; name it in `replaces`"


class ScoresClosed(Conflict):
    """Once a lot is ranked, scores change only on one of four grounds."""

    code, title = "scores_closed", "The lot is ranked: a score changes only with `ground` and `reason`"
    article = "财政部令第87号 第六十四条"


def record(work: UnitOfWork, lot_id: str, body: ScoreSheetIn) -> ScoreSheet:
    """Record a member's sheet; the one it replaces stays, with a note of which one counts."""
    procedure = procedure_of_lot(work, lot_id)
    procedure.require(TenderState.EVALUATION)
    procedure.active_lot(lot_id)
    member = _member(work, body)
    require_member(work, procedure.id, member)
    _check(work, procedure, lot_id, body)
    if is_ranked(work, lot_id) and (body.ground is None or body.reason is None):
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
    after = {"lot": lot_id, "member": member, "replaces": body.replaces, "ground": sheet.ground, "scores": body.written}
    work.record(Event.EVALUATOR_SCORE_SHEET_RECORD, subject=sheet.id, tender=procedure.id, after=after)
    return sheet


def _member(work: UnitOfWork, body: ScoreSheetIn) -> str:
    own = work.principal.id if work.principal.role is Role.EVALUATOR else None
    member = body.member or own
    if member is None:
        raise Invalid(faults=[Fault("required", "The member whose sheet this is", "/member")])
    if own is not None and member != own:
        raise Invalid(faults=[Fault("another_member", "An evaluator scores in its own name", "/member")])
    return member


def _check(work: UnitOfWork, procedure: Procedure, lot_id: str, body: ScoreSheetIn) -> None:
    most = {factor.id: factor.points for factor in procedure.scheme.factors}
    opened = {bid.id for bid in standing(work, lot_id)}
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
        work.session.flush()  # before the new one stands: there is one current sheet for each member


def is_ranked(work: UnitOfWork, lot_id: str) -> bool:
    """Whether the lot has been ranked."""
    return work.session.scalar(select(StoredRanking.id).where(StoredRanking.lot_id == lot_id).limit(1)) is not None


def _seen(work: UnitOfWork, lot_id: str, query: Select[Any]) -> Select[Any]:
    """Members score alone (第四十七条): until the lot is ranked an evaluator sees its own sheets only."""
    if work.principal.role is Role.EVALUATOR and not is_ranked(work, lot_id):
        return query.where(ScoreSheet.member == work.principal.id)
    return query


def listing(work: UnitOfWork, lot_id: str) -> Select[Any]:
    """The sheets of a lot, the replaced ones too."""
    procedure_of_lot(work, lot_id)
    return _seen(work, lot_id, select(ScoreSheet).where(ScoreSheet.lot_id == lot_id))


def find(work: UnitOfWork, lot_id: str, sheet_id: str) -> ScoreSheet:
    """One sheet of a lot."""
    query = select(ScoreSheet).where(ScoreSheet.lot_id == lot_id, ScoreSheet.id == sheet_id)
    sheet: ScoreSheet | None = work.session.scalar(_seen(work, lot_id, query))
    if sheet is None:
        raise NotFound
    return sheet
