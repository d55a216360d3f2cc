"""Changes to one's own account: password and second factor, each confirmed with the current password."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from app.administration.users import lockout, passwords, second_factor, sessions
from app.administration.users.tables import User
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid
from app.platform.unit_of_work import UnitOfWork

OWN = "account"  # the place under which attempts in one's own session are counted


class PasswordWrong(Invalid):
    """The current password is wrong."""

    code, title = "password_wrong", "Wrong current password"


class SecondFactorExists(Conflict):
    """The account already has a second factor; remove it first."""

    code, title = "second_factor_exists", "Second factor already set up"


class SecondFactorMissing(Conflict):
    """The account has no second factor to confirm or remove."""

    code, title = "second_factor_missing", "No second factor set up"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The secret for an authenticator app; shown once."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The account at the time its password was verified, and the counted attempt."""

    user: User
    attempt: str


def own(work: UnitOfWork) -> User:
    """Return the caller's account."""
    return work.get(User, work.principal.id)


def change_password(work: UnitOfWork, current: str, new: str) -> str:
    """Change the password; all other sessions end, and the new token of this session is returned."""
    proof = _proved(work, current)
    passwords.require_good(new, [proof.user.login, proof.user.name], "/newPassword")
    if new == current:
        fault = Fault("password_same", "The new password must differ from the current one", "/newPassword")
        raise Invalid(pointer="/newPassword", faults=[fault])
    replacement = passwords.hashed(new)
    user = _held(work, proof)
    user.password_hash, user.password_until = replacement, None
    work.session.flush()
    work.record(Event.PERSON_PASSWORD_CHANGE, subject=user.id)
    return _alone(work, user)


def begin_second_factor(work: UnitOfWork, current: str) -> Enrolment:
    """Create a secret for the app; it takes effect once confirmed with a code."""
    user = _held(work, _proved(work, current))
    if user.totp_since is not None:
        raise SecondFactorExists
    secret = second_factor.new_secret()
    user.totp_secret, user.totp_step = secret, 0  # type: ignore[assignment]
    work.record(Event.PERSON_SECOND_FACTOR_BEGIN, subject=user.id)
    return Enrolment(secret, second_factor.address(secret, user.login))


def confirm_second_factor(work: UnitOfWork, code: str) -> tuple[list[str], str]:
    """Activate the second factor. Returns the recovery codes, shown once, and this session's new token."""
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
    """Remove the second factor, with password and code; if one is required, another must be enrolled next."""
    user = _held(work, _proved(work, current))
    if user.totp_since is None:
        raise SecondFactorMissing
    _require_code(work, user, code)
    work.session.refresh(user)
    forget_second_factor(work, user)
    work.record(Event.PERSON_SECOND_FACTOR_REMOVE, subject=user.id)
    return _alone(work, user)


def forget_second_factor(work: UnitOfWork, user: User) -> None:
    """Remove secret and recovery codes."""
    user.totp_secret, user.totp_since, user.totp_step = None, None, 0
    second_factor.forget_recovery_codes(work, user)


_ACCOUNT = select(User.login).where(User.id == bindparam("id"))


def own_login(work: UnitOfWork) -> str:
    """Return the account's user name, read without a lock."""
    row: Any = work.row(_ACCOUNT, id=work.principal.id)
    return str(row.login)


def _proved(work: UnitOfWork, current: str) -> Proof:
    """Verify the password and return the account; the attempt counts like a login.

    In separate units of work: the attempt counts even if the change is refused, and no lock is held while hashing.
    """
    with work.platform.work(work.principal, request_id=work.request_id) as before:
        user = own(before)
        attempt = lockout.take(before, user.login, OWN)
    right, _ = passwords.verified(current, user.password_hash)
    if not right:
        with work.platform.work(work.principal, request_id=work.request_id) as refused:
            refused.record(Event.PERSON_PASSWORD_REFUSE, subject=user.id)
        fault = Fault("password_wrong", "Wrong current password", "/password")
        raise PasswordWrong(pointer="/password", faults=[fault])
    return Proof(user, attempt)


def _attempt(work: UnitOfWork, login: str) -> str:
    with work.platform.work(work.principal, request_id=work.request_id) as before:
        return lockout.take(before, login, OWN)


def _held(work: UnitOfWork, proof: Proof) -> User:
    """Return the account, locked; Conflict if its password has changed since it was verified."""
    user = _locked(work)
    if user.password_hash != proof.user.password_hash:
        raise Conflict
    lockout.clear(work, proof.attempt)
    return user


def _locked(work: UnitOfWork) -> User:
    return work.session.get_one(User, work.principal.id, with_for_update=True)


def _require_code(work: UnitOfWork, user: User, code: str) -> None:
    if not second_factor.use(work, user, code):
        fault = Fault("code_wrong", "Use a current code that has not been used before", "/code")
        raise Invalid(pointer="/code", faults=[fault])


def _alone(work: UnitOfWork, user: User) -> str:
    """End all other sessions; this session gets a new token."""
    session_id = work.principal.session_id
    sessions.end_all(work, user.id, but=session_id)
    if session_id is None:
        raise RuntimeError("an account can only be changed in a session")
    return sessions.rotate(work, session_id)
