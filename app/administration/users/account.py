"""What people do with their own account: another password, a second factor; each is proved with the password first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from app.administration.users import lockout, passwords, second_factor, sessions
from app.administration.users.tables import User
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork


class PasswordWrong(Invalid):
    """The current password is needed, and this isn't it."""

    code, title = "password_wrong", "The current password is not right"


class SecondFactorExists(Conflict):
    """There is one already: it is removed first."""

    code, title = "second_factor_exists", "The account has a second factor already"


class SecondFactorMissing(Conflict):
    """There is none to confirm or to remove."""

    code, title = "second_factor_missing", "The account has no second factor to do this with"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs; shown once."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The account when its password was found right, and the attempt that this was."""

    user: User
    attempt: str


def own(work: UnitOfWork) -> User:
    """The account of the person who asks."""
    return work.get(User, work.principal.id)


def change_password(work: UnitOfWork, current: str, new: str) -> str:
    """Another password; every other session ends, this one gets another token, which is returned."""
    proof = _proved(work, current)
    passwords.require_good(new, [proof.user.login, proof.user.name], "/newPassword")
    if new == current:
        fault = Fault("password_same", "Another password than the current one is expected", "/newPassword")
        raise Invalid(pointer="/newPassword", faults=[fault])
    replacement = passwords.hashed(new)
    user = _held(work, proof)
    user.password_hash, user.password_until = replacement, None
    work.session.flush()
    work.record(Event.PERSON_PASSWORD_CHANGE, subject=user.id)
    return _alone(work, user)


def begin_second_factor(work: UnitOfWork, current: str) -> Enrolment:
    """A secret for the app; it counts once a code from it has come back."""
    user = _held(work, _proved(work, current))
    if user.totp_since is not None:
        raise SecondFactorExists
    secret = second_factor.new_secret()
    user.totp_secret, user.totp_step = secret, 0  # type: ignore[assignment]
    work.record(Event.PERSON_SECOND_FACTOR_BEGIN, subject=user.id)
    return Enrolment(secret, second_factor.address(secret, user.login))


def confirm_second_factor(work: UnitOfWork, code: str) -> tuple[list[str], str]:
    """From here on log-ins need a code. Returns the recovery codes, shown once, and this session's new token."""
    attempt = _attempt(work, own_login(work))
    user = _locked(work)
    if user.totp_since is not None:
        raise SecondFactorExists
    if user.totp_secret is None:
        raise SecondFactorMissing
    _require_code(work, user, code)
    lockout.clear(work, attempt)
    work.session.refresh(user)
    user.totp_since = work.now
    codes = list(second_factor.new_recovery_codes(work, user))
    work.session.flush()
    work.record(Event.PERSON_SECOND_FACTOR_CONFIRM, subject=user.id)
    return codes, _alone(work, user)


def remove_second_factor(work: UnitOfWork, current: str, code: str) -> str:
    """Takes the second factor away, with password and code; where one is obligatory another is enrolled next."""
    user = _held(work, _proved(work, current))
    if user.totp_since is None:
        raise SecondFactorMissing
    _require_code(work, user, code)
    work.session.refresh(user)
    forget_second_factor(work, user)
    work.record(Event.PERSON_SECOND_FACTOR_REMOVE, subject=user.id)
    return _alone(work, user)


def forget_second_factor(work: UnitOfWork, user: User) -> None:
    """No secret, no codes."""
    user.totp_secret, user.totp_since, user.totp_step = None, None, 0
    second_factor.forget_recovery_codes(work, user)


_ACCOUNT = select(User.login).where(User.id == bindparam("id"))


def own_login(work: UnitOfWork) -> str:
    """The name the person logs in with, read without a lock."""
    row: Any = work.row(_ACCOUNT, id=work.principal.id)
    return str(row.login)


def _proved(work: UnitOfWork, current: str) -> Proof:
    """The account as it was when the password was found right; the attempt counts like a log-in's.

    In units of work of its own: the attempt counts even when what follows is refused, and nobody waits for the hash.
    """
    with work.platform.work(work.principal, request_id=work.request_id) as before:
        user = own(before)
        attempt = lockout.take(before, user.login)
    right, _ = passwords.verified(current, user.password_hash)
    if not right:
        with work.platform.work(work.principal, request_id=work.request_id) as refused:
            refused.record(Event.PERSON_PASSWORD_REFUSE, subject=user.id)
        fault = Fault("password_wrong", "The current password is expected", "/password")
        raise PasswordWrong(pointer="/password", faults=[fault])
    return Proof(user, attempt)


def _attempt(work: UnitOfWork, login: str) -> str:
    with work.platform.work(work.principal, request_id=work.request_id) as before:
        return lockout.take(before, login)


def _held(work: UnitOfWork, proof: Proof) -> User:
    """The account, locked; Conflict when its password has changed since it was proved: of two changes one wins."""
    user = _locked(work)
    if user.password_hash != proof.user.password_hash:
        raise Conflict
    lockout.clear(work, proof.attempt)
    return user


def _locked(work: UnitOfWork) -> User:
    return work.session.get_one(User, work.principal.id, with_for_update=True)


def _require_code(work: UnitOfWork, user: User, code: str) -> None:
    if not second_factor.use(work, user, code):
        fault = Fault("code_wrong", "A code of now, not used before, is expected", "/code")
        raise Invalid(pointer="/code", faults=[fault])


def _alone(work: UnitOfWork, user: User) -> str:
    """Whoever else was logged in must log in again; the session at hand gets another token."""
    session_id = work.principal.session_id
    sessions.end_all(work, user.id, but=session_id)
    if session_id is None:
        raise RuntimeError("only a person who has logged in changes an account")
    return sessions.rotate(work, session_id)
