"""Login: count the attempt, verify the password without holding a lock, start the session, record the result."""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy import select

from app.administration.users import lockout, passwords, second_factor, sessions
from app.administration.users.schemas import normal_login
from app.administration.users.tables import User
from app.platform.access.roles import SYSTEM, Principal, Role
from app.platform.audit.events import Event
from app.platform.problems import Problem
from app.platform.unit_of_work import Platform, UnitOfWork
from app.platform.web.sender import SentFrom


class LoginFailed(Problem):
    """The response does not reveal whether the name, password, code or account was wrong."""

    code, title, status = "login_failed", "Invalid user name or password", 401


class SecondFactorNeeded(Problem):
    """The password is correct; the code of the second factor, or a recovery code, is missing."""

    code, title, status = "second_factor_needed", "Second factor code required", 401


@dataclass(frozen=True, slots=True)
class Asked:
    """A login attempt; `before` is the token of the browser's previous session."""

    login: str
    password: str
    code: str | None
    before: str
    sender: SentFrom
    request_id: str


@dataclass(frozen=True, slots=True)
class Known:
    """The account data needed to verify a login."""

    id: str
    role: Role
    password_hash: str


@dataclass(frozen=True, slots=True)
class Entered:
    """The logged-in account and the session's token, which is not stored."""

    principal: Principal
    token: str


def log_in(platform: Platform, asked: Asked) -> Entered:
    """Start a session. Raises LoginFailed, SecondFactorNeeded, TooManyAttempts."""
    login = normal_login(asked.login)
    with platform.work(SYSTEM, request_id=asked.request_id) as work:
        known = _known(work, login)
        attempt = _attempt(work, login, known, asked)
    right, renewed = passwords.verified(asked.password, known.password_hash if known else None)
    if not right or known is None:
        _refuse(platform, asked, known)
    with platform.work(Principal(known.id, known.role), request_id=asked.request_id) as work:
        opened = _open(work, known, asked, renewed, proven=attempt.proven)
        if isinstance(opened, Entered):
            lockout.clear(work, attempt.hash)
            return opened
    if opened is None:
        _refuse(platform, asked, known)
    raise opened


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt; `proven` if the second factor was verified already, because the name is locked."""

    hash: str
    proven: bool


def _attempt(work: UnitOfWork, login: str, known: Known | None, asked: Asked) -> Attempt:
    """Count the attempt. While the name is locked, only a code of its second factor lets the password be verified.

    So nobody can lock out an owner who has one, and each code is good for one guess.
    """
    place = asked.sender.network_address or ""
    try:
        return Attempt(lockout.take(work, login, place), proven=False)
    except lockout.TooManyAttempts:
        user = None if known is None or asked.code is None else work.session.get(User, known.id)
        if user is None or user.totp_since is None or not second_factor.use(work, user, asked.code or ""):
            raise
    return Attempt(lockout.attempt_hash(work, login, place), proven=True)


def _known(work: UnitOfWork, login: str) -> Known | None:
    row = work.session.scalar(select(User).where(User.login == login))
    return None if row is None else Known(row.id, Role(row.role), row.password_hash)


def _open(
    work: UnitOfWork, known: Known, asked: Asked, renewed: str | None, *, proven: bool
) -> Entered | SecondFactorNeeded | None:
    """Return the session, the missing factor, or None for every failure that must look like a wrong password."""
    user = work.session.get(User, known.id, with_for_update=True)
    if user is None or user.password_hash != known.password_hash or not _open_to(user, work.now):
        return None
    if user.totp_since is not None and not proven:
        if asked.code is None:
            return SecondFactorNeeded()
        if not second_factor.use(work, user, asked.code):
            return None
    if renewed is not None:
        user.password_hash = renewed
    if asked.before:
        sessions.end_by_token(work, asked.before)
    session, token = sessions.begin(work, user, asked.sender)
    after = {"session": session.id, "secondFactor": user.totp_since is not None}
    work.record(Event.PERSON_SESSION_OPEN, subject=user.id, after=after)
    return Entered(Principal(user.id, Role(user.role), session_id=session.id), token)


def _open_to(user: User, now: datetime) -> bool:
    return user.disabled_at is None and (user.password_until is None or user.password_until > now)


def _refuse(platform: Platform, asked: Asked, known: Known | None) -> NoReturn:
    with platform.work(SYSTEM, request_id=asked.request_id) as work:
        after = {"networkAddress": asked.sender.network_address}
        work.record(Event.PERSON_SESSION_REFUSE, subject=known.id if known else "unknown", after=after)
    raise LoginFailed
