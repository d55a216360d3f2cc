"""Sessions: the browser has 256 random bits, the database their keyed hash. They expire or are ended."""

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
    """Return the holder of the session; None if it is unknown or ended, or the account is disabled."""
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
    """Return the login stage: first the change of an initial password, then enrolment of a required second factor."""
    if given_out:
        return Stage.PASSWORD
    return Stage.ENROL if platform.settings.totp_required and role in OBLIGED and not enrolled else Stage.FULL


def begin(work: UnitOfWork, user: User, sender: SentFrom) -> tuple[UserSession, str]:
    """Start a session; expired ones of the same account are deleted."""
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
    """Replace the token of a session whose rights have changed; the previous one becomes invalid."""
    token, digest = _new_token(work)
    work.get(UserSession, session_id).token_hash = digest
    return token


def end_by_token(work: UnitOfWork, token: str) -> None:
    """End the session with that token, if any."""
    digest = work.platform.keyring.digest(token, PURPOSE)
    work.session.execute(delete(UserSession).where(UserSession.token_hash == digest))


def end_all(work: UnitOfWork, user_id: str, but: str | None = None) -> None:
    """End all sessions of an account except one."""
    ended = delete(UserSession).where(UserSession.user_id == user_id)
    work.session.execute(ended if but is None else ended.where(UserSession.id != but))


def end(work: UnitOfWork, session_id: str) -> UserSession:
    """End one of the caller's own sessions; others' are not found."""
    row = work.get(UserSession, session_id)
    if row.user_id != work.principal.id:
        raise NotFound
    work.session.delete(row)
    work.record(Event.PERSON_SESSION_END, subject=row.user_id, after={"session": row.id})
    return row


def own(work: UnitOfWork) -> Select[Any]:
    """Return the caller's unexpired sessions."""
    return select(UserSession).where(UserSession.user_id == work.principal.id, UserSession.expires_at > work.now)


def _new_token(work: UnitOfWork) -> tuple[str, str]:
    token = PREFIX + secrets.token_urlsafe(32)
    return token, work.platform.keyring.digest(token, PURPOSE)
