"""Sessions: 256 random bits with the browser, their keyed hash here; ended by time, by people, and with the account."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from app.administration.users.second_factor import OBLIGED
from app.administration.users.tables import User, UserSession
from app.platform.access.roles import Principal, Role, Stage
from app.platform.audit.events import Event
from app.platform.problems import NotFound
from app.platform.unit_of_work import Platform, UnitOfWork
from app.platform.web.credentials import Holder
from app.platform.web.sender import SentFrom

PREFIX = "bss_"
PURPOSE = "session"
_LOOKUP = (
    select(
        *(UserSession.id.label("session_id"), UserSession.expires_at, UserSession.last_seen_at),
        *(User.id, User.role, User.organization_id, User.lots, User.password_until, User.totp_since),
    )
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.token_hash == bindparam("token_hash"), User.disabled_at.is_(None))
)


def find(connection: Connection, platform: Platform, token: str) -> Holder | None:
    """Who has logged in with this session; None when it is unknown or ended, or the account is disabled."""
    digest = platform.keyring.digest(token, PURPOSE)
    row = connection.execute(_LOOKUP, {"token_hash": digest}).one_or_none()
    if row is None:
        return None
    role = Role(row.role)
    stage = stage_of(platform, role, row.password_until is not None, row.totp_since is not None)
    principal = Principal(
        row.id, role, row.organization_id, frozenset(row.lots), session_id=row.session_id, stage=stage
    )
    until = min(row.expires_at, row.password_until or row.expires_at)
    idle = timedelta(minutes=platform.settings.session_idle_minutes)
    return Holder(row.session_id, principal, until, row.last_seen_at, idle)


def stage_of(platform: Platform, role: Role, given_out: bool, enrolled: bool) -> Stage:
    """A password that was given out is changed first; then comes the second factor, where one is obligatory."""
    if given_out:
        return Stage.PASSWORD
    return Stage.ENROL if platform.settings.totp_required and role in OBLIGED and not enrolled else Stage.FULL


def begin(work: UnitOfWork, user: User, sender: SentFrom) -> tuple[UserSession, str]:
    """A new session with its token; those of the same person that are over are cleared away."""
    work.session.execute(delete(UserSession).where(UserSession.user_id == user.id, UserSession.expires_at <= work.now))
    token, digest = _new_token(work)
    row = UserSession(
        user_id=user.id,
        token_hash=digest,
        last_seen_at=work.now,
        expires_at=work.now + timedelta(hours=work.settings.session_hours),
        network_address=sender.network_address,
        client=sender.client,
    )
    work.session.add(row)
    work.session.flush()
    return row, token


def rotate(work: UnitOfWork, session_id: str) -> str:
    """Another token for a session whose rights have changed; the earlier one opens nothing any more."""
    token, digest = _new_token(work)
    work.get(UserSession, session_id).token_hash = digest
    return token


def end_by_token(work: UnitOfWork, token: str) -> None:
    """The session of that token, if there is one, is over."""
    digest = work.platform.keyring.digest(token, PURPOSE)
    work.session.execute(delete(UserSession).where(UserSession.token_hash == digest))


def end_all(work: UnitOfWork, user_id: str, but: str | None = None) -> None:
    """All sessions of a person are over, but one."""
    ended = delete(UserSession).where(UserSession.user_id == user_id)
    work.session.execute(ended if but is None else ended.where(UserSession.id != but))


def end(work: UnitOfWork, session_id: str) -> UserSession:
    """One of the person's own sessions is over; another's isn't found."""
    row = work.get(UserSession, session_id)
    if row.user_id != work.principal.id:
        raise NotFound
    work.session.delete(row)
    work.record(Event.PERSON_SESSION_END, subject=row.user_id, after={"session": row.id})
    return row


def own(work: UnitOfWork) -> Select[Any]:
    """The person's sessions that have not run out."""
    return select(UserSession).where(UserSession.user_id == work.principal.id, UserSession.expires_at > work.now)


def _new_token(work: UnitOfWork) -> tuple[str, str]:
    token = PREFIX + secrets.token_urlsafe(32)
    return token, work.platform.keyring.digest(token, PURPOSE)
