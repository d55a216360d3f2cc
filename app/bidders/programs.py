"""What a program (a client key) may do to a bidder's data: propose it before the opening, with a notice to the bidder."""

from sqlalchemy import exists, select

from app.bidders.account_notices.schemas import NoticeKind
from app.bidders.account_notices.service import leave
from app.core.procedure.tender_state import TenderState
from app.platform.access.permissions import ProgramsPropose
from app.platform.access.roles import Role
from app.platform.database.base import metadata
from app.platform.unit_of_work import UnitOfWork

EXAMINED = (TenderState.QUALIFICATION, TenderState.EVALUATION, TenderState.AWARDED)


def require_proposal(work: UnitOfWork, organization_id: str | None, part: str) -> None:
    """Let a program change a part of a bidder's data, with a notice to the bidder. People are not affected.

    Errors: ProgramsPropose once a bid of the organization was opened in a tender that is not complete.
    """
    if work.principal.role is not Role.CLIENT or organization_id is None:
        return
    if _opened(work, organization_id):
        raise ProgramsPropose
    leave(work, NoticeKind.DATA_CHANGED, (organization_id, part), organization=organization_id)


def _opened(work: UnitOfWork, organization_id: str) -> bool:
    """Whether a bid of the organization is being examined. Bids belong to a later wing, so their tables are named."""
    bid, tender = metadata.tables["bid"], metadata.tables["tender"]
    being = select(bid.c.id).join(tender, tender.c.id == bid.c.tender_id)
    being = being.where(bid.c.organization_id == organization_id, tender.c.state.in_(EXAMINED))
    return bool(work.session.scalar(select(exists(being))))
