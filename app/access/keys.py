"""API keys: `bsk_` + a public prefix + 256 secret bits; only a keyed hash of the secret is stored."""

import hmac
import re
import secrets
import string
from datetime import datetime

from sqlalchemy import Engine, bindparam, select

from app.access.roles import Principal, Role
from app.access.tables import ApiKey
from app.database.keys import Keyring

_ALPHABET = string.ascii_lowercase + string.digits
_KEY = re.compile(r"bsk_([a-z0-9]{10})_([A-Za-z0-9_-]{43})")
PURPOSE = "api-key"
_LOOKUP = select(
    ApiKey.id, ApiKey.role, ApiKey.organization_id, ApiKey.secret_hash, ApiKey.expires_at, ApiKey.disabled_at
).where(ApiKey.prefix == bindparam("prefix"))


def new_key() -> tuple[str, str]:
    """(prefix, whole key); the whole key is shown once and never stored."""
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return prefix, f"bsk_{prefix}_{secrets.token_urlsafe(32)}"


def authenticate(engine: Engine, keyring: Keyring, key: str, now: datetime) -> Principal | None:
    """Whom the key stands for; None when it is unknown, wrong, expired or disabled.

    `engine` is a reading one; the secret is compared in constant time, and against nothing when the prefix is unknown.
    """
    parts = _KEY.fullmatch(key)
    if parts is None:
        return None
    with engine.connect() as connection:
        row = connection.execute(_LOOKUP, {"prefix": parts[1]}).one_or_none()
    expected = row.secret_hash if row is not None else "0" * 64
    if not hmac.compare_digest(expected, keyring.digest(key, PURPOSE)) or row is None:
        return None
    if row.disabled_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return Principal(row.id, Role(row.role), row.organization_id)
