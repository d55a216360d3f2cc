"""The second factor: time-based one-time passwords (TOTP, RFC 6238), and recovery codes for a lost device."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, update

from app.administration.users.tables import RecoveryCode, User
from app.platform.access.roles import Role
from app.platform.unit_of_work import UnitOfWork

STEP_SECONDS, DIGITS = 30, 6
STEPS_OFF = (0, -1, 1)  # a device's clock may be half a minute off (RFC 6238 5.2)
SECRET_BYTES = 20
RECOVERY_CODES = 10
OBLIGED = frozenset({Role.OFFICER, Role.EVALUATOR, Role.AUDITOR})
ISSUER = "bidscreen"
_PURPOSE = "recovery-code"


def new_secret() -> str:
    """160 random bits in base 32, the format of authenticator apps."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def address(secret: str, login: str) -> str:
    """Return the `otpauth://` address that an app reads from a QR code."""
    return _totp(secret).get_provisioning_uri(login, ISSUER)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step of the code; None if it matches none around now."""
    totp, seconds = _totp(secret), int(now.timestamp())
    found = None
    for off in STEPS_OFF:
        at = seconds + off * STEP_SECONDS
        if constant_time.bytes_eq(totp.generate(at), code.encode()):
            found = at // STEP_SECONDS
    return found


def use(work: UnitOfWork, user: User, code: str) -> bool:
    """Whether the code is correct and unused; a recovery code is consumed.

    Of two concurrent uses one succeeds, since each is a single conditional statement.
    """
    given = "".join(code.split()).replace("-", "").lower()
    if user.totp_secret is None:
        return False
    if len(given) != DIGITS:
        digest = _digest(work, user.id, given)
        gone = delete(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == digest)
        return _rows(work, gone) == 1
    step = matching_step(user.totp_secret.reveal(), given, work.now) if given.isascii() and given.isdigit() else None
    if step is None:
        return False
    return _rows(work, update(User).where(User.id == user.id, User.totp_step < step).values(totp_step=step)) == 1


def new_recovery_codes(work: UnitOfWork, user: User) -> Sequence[str]:
    """Ten codes of 80 bits that replace the previous ones; shown once."""
    forget_recovery_codes(work, user)
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    work.session.add_all(RecoveryCode(user_id=user.id, code_hash=_digest(work, user.id, code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" for code in codes]


def forget_recovery_codes(work: UnitOfWork, user: User) -> None:
    """Invalidate all recovery codes."""
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _totp(secret: str) -> TOTP:
    # Authenticator apps support SHA-1; HMAC does not rely on its collision resistance (RFC 6238 1.2).
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303


def _digest(work: UnitOfWork, user_id: str, code: str) -> str:
    return work.platform.keyring.digest(f"{user_id}/{code}", _PURPOSE)


def _rows(work: UnitOfWork, statement: object) -> int:
    done = work.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return int(done.rowcount)
