"""Making and ending API keys."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from app.access.keys import PURPOSE, new_key
from app.access.roles import Role
from app.access.tables import ApiKey
from app.audit.events import Event
from app.problems import Fault, Invalid, NotFound
from app.work import UnitOfWork


def create(
    work: UnitOfWork, name: str, role: Role, organization_id: str | None, expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """The row, and the key that is shown once. A bidder's key needs an organization, no other key has one."""
    if (role is Role.BIDDER) != (organization_id is not None):
        expected = "An organization is expected for a bidder, and for no other role"
        raise Invalid(faults=[Fault("organization", expected, "/organizationId")])
    if expires_at is not None and expires_at <= work.now:
        raise Invalid(faults=[Fault("past", "A time in the future is expected", "/expiresAt")])
    prefix, secret = new_key()
    key = ApiKey(
        name=name,
        prefix=prefix,
        secret_hash=work.platform.keyring.digest(secret, PURPOSE),
        role=role.value,
        organization_id=organization_id,
        expires_at=expires_at,
        created_by=work.principal.id,
    )
    work.session.add(key)
    work.session.flush()
    after = {"name": name, "role": role.value, "organizationId": organization_id, "prefix": prefix}
    work.record(Event.ADMIN_API_KEY_CREATE, subject=key.id, after=after)
    return key, secret


def listing() -> Select[ApiKey]:
    """All keys, the ended ones too."""
    return select(ApiKey)


def revoke(work: UnitOfWork, key_id: str) -> ApiKey:
    """Ends a key at once; ending it again changes nothing."""
    key = work.get(ApiKey, key_id)
    if key.disabled_at is None:
        key.disabled_at = work.now
        work.record(Event.ADMIN_API_KEY_REVOKE, subject=key.id, before={"prefix": key.prefix})
    return key


def by_name(work: UnitOfWork, name: str) -> ApiKey:
    """The key of that id or prefix, or NotFound."""
    key = work.session.scalar(select(ApiKey).where(or_(ApiKey.id == name, ApiKey.prefix == name)))
    if key is None:
        raise NotFound
    return key
