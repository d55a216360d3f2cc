"""API keys: `bsk_` + a public prefix + 256 secret bits; only a keyed hash of the secret is stored."""

import hmac
import re
import secrets
import string

from sqlalchemy import Connection, bindparam, select

from app.administration.api_keys.tables import ApiKey
from app.platform.access.roles import Principal, Role
from app.platform.unit_of_work import Platform
from app.platform.web.credentials import Holder

_ALPHABET = string.ascii_lowercase + string.digits
_KEY = re.compile(r"bsk_([a-z0-9]{10})_([A-Za-z0-9_-]{43})")
PURPOSE = "api-key"
_LOOKUP = select(
    *(ApiKey.id, ApiKey.role, ApiKey.organization_id, ApiKey.lots, ApiKey.scopes),
    *(ApiKey.secret_hash, ApiKey.expires_at, ApiKey.disabled_at),
).where(ApiKey.prefix == bindparam("prefix"))


def new_key() -> tuple[str, str]:
    """Return (prefix, full key); the full key is shown once and never stored."""
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return prefix, f"bsk_{prefix}_{secrets.token_urlsafe(32)}"


def find(connection: Connection, platform: Platform, key: str) -> Holder | None:
    """Return the holder of the key; None if it is unknown, wrong or disabled.

    The secret is compared in constant time, also if the prefix is unknown.
    """
    parts = _KEY.fullmatch(key)
    if parts is None:
        return None
    row = connection.execute(_LOOKUP, {"prefix": parts[1]}).one_or_none()
    expected = row.secret_hash if row is not None else "0" * 64
    right = hmac.compare_digest(expected, platform.keyring.digest(key, PURPOSE))
    if not right or row is None or row.disabled_at is not None:
        return None
    bound = (row.organization_id, frozenset(row.lots), frozenset(row.scopes))
    return Holder(row.id, Principal(row.id, Role(row.role), *bound), row.expires_at)
