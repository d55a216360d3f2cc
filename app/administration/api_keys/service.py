"""Creating and revoking API keys."""

from datetime import datetime

from sqlalchemy import Select, not_, or_, select

from app.administration.api_keys.binding import Binding, require_bound
from app.administration.api_keys.keys import PURPOSE, new_key
from app.administration.api_keys.tables import ApiKey
from app.bidders.account_notices.schemas import NoticeKind
from app.bidders.account_notices.service import leave
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.audit.quiet import confidential
from app.platform.problems import Fault, Forbidden, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork


class BidderMakesKeys(Forbidden):
    """Whoever makes a bidder's key can act as the bidder, so only a login of the bidder makes one."""

    code, title = "bidder_makes_keys", "API keys of a bidder are made by the bidder itself"


def create_for_agency(
    work: UnitOfWork, name: str, binding: Binding, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Create a key of any role but a bidder's."""
    if binding.role is Role.BIDDER:
        raise BidderMakesKeys
    return create(work, name, binding, expires_at)


def create_own(work: UnitOfWork, name: str, expires_at: datetime | None) -> tuple[ApiKey, str]:
    """Create a key for the organization of the logged-in bidder."""
    return create(work, name, Binding(Role.BIDDER, work.principal.organization_id), expires_at)


def create(work: UnitOfWork, name: str, binding: Binding, expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """Create a key and leave a notice of it; returns the row and the full key, which is shown once."""
    require_bound(work, binding)
    if expires_at is not None and expires_at <= work.now:
        raise Invalid(faults=[Fault("past", "Must be in the future", "/expiresAt")])
    prefix, secret = new_key()
    key = ApiKey(
        name=name,
        prefix=prefix,
        secret_hash=work.platform.keyring.digest(secret, PURPOSE),
        role=binding.role.value,
        organization_id=binding.organization_id,
        lots=sorted(set(binding.lots)),
        scopes=sorted(set(binding.scopes)),
        expires_at=expires_at,
        created_by=work.principal.id,
        trail_chain=work.own_chain,
    )
    work.session.add(key)
    work.session.flush()
    to = {"organization": key.organization_id} if binding.role is Role.BIDDER else {"role": binding.role}
    leave(work, NoticeKind.KEY_CREATED, (key.id, name), **to)
    after = {"name": name, **binding.shown, "prefix": prefix}
    work.record(Event.ADMIN_API_KEY_CREATE, subject=key.id, after=after)
    return key, secret


def listing() -> Select[ApiKey]:
    """Return all keys, including revoked ones; those that bidders made in a quiet time appear after it."""
    return select(ApiKey).where(not_(confidential(ApiKey.trail_chain)))


def own(work: UnitOfWork) -> Select[ApiKey]:
    """Return the keys of the bidder's organization, including revoked ones."""
    return select(ApiKey).where(ApiKey.organization_id == work.principal.organization_id)


def revoke(work: UnitOfWork, key_id: str) -> ApiKey:
    """Revoke a key immediately; revoking it again changes nothing. A bidder finds the keys of its organization only."""
    key = work.get(ApiKey, key_id)
    work.principal.require_organization(key.organization_id)
    if key.disabled_at is None:
        key.disabled_at = work.now
        work.record(Event.ADMIN_API_KEY_REVOKE, subject=key.id, before={"prefix": key.prefix})
    return key


def by_name(work: UnitOfWork, name: str) -> ApiKey:
    """Return the key of that id or prefix, or NotFound."""
    key = work.session.scalar(select(ApiKey).where(or_(ApiKey.id == name, ApiKey.prefix == name)))
    if key is None:
        raise NotFound
    return key
