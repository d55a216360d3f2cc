"""Leave and read account notices: nobody acts in another's place without that one knowing."""

from datetime import timedelta

from sqlalchemy import or_, select

from app.bidders.account_notices.schemas import AccountNoticeOut, NoticeKind
from app.bidders.account_notices.tables import AccountNotice
from app.platform.access.roles import Role
from app.platform.unit_of_work import UnitOfWork

SHOWN_FOR = timedelta(days=180)
MOST = 50


def leave(
    work: UnitOfWork,
    kind: NoticeKind,
    subject: tuple[str, str],
    *,
    user: str | None = None,
    organization: str | None = None,
    role: Role | None = None,
) -> None:
    """Leave a notice about a subject (id, name) to one account, an organization's accounts, or those of a role."""
    work.session.add(
        AccountNotice(
            kind=kind.value,
            user_id=user,
            organization_id=organization,
            role=None if role is None else role.value,
            subject_id=subject[0],
            subject_name=subject[1],
            made_by=work.principal.id,
            trail_chain=work.own_chain,
        )
    )


def notices_of(work: UnitOfWork, user: str, organization: str | None, role: Role) -> list[AccountNoticeOut]:
    """Return the notices of the last 180 days to an account, at most 50, newest first; nobody can clear them."""
    own = [AccountNotice.user_id == user, AccountNotice.role == role.value]
    if organization is not None:
        own.append(AccountNotice.organization_id == organization)
    query = select(AccountNotice).where(or_(*own), AccountNotice.created_at >= work.now - SHOWN_FOR)
    rows = work.session.scalars(query.order_by(AccountNotice.id.desc()).limit(MOST))
    return [AccountNoticeOut.model_validate(row) for row in rows]
