"""The registry of organizations by name and identifier; a valid code identifies one organization only."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, select

from app.bidders.organizations.schemas import OrganizationChange, OrganizationIn
from app.bidders.organizations.tables import Identity, Organization
from app.bidders.programs import require_proposal
from app.core.values.identity import normalised_code, parse_uscc
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.problems import Conflict, NotFound
from app.platform.unit_of_work import UnitOfWork

__all__ = ["Organization", "change", "create", "identities", "listing", "names_of", "rename", "require", "visible"]
USCC = "CN-USCC"


class OrganizationExists(Conflict):
    """Another organization is recorded under the same unified social credit code."""

    code, title = "organization_exists", "An organization with this code already exists"


class IdentityFixed(Conflict):
    """Only the agency may change a bidder's name and code."""

    code, title = "identity_fixed", "Only the agency can change an organization's name or identifier"


def create(work: UnitOfWork, body: OrganizationIn) -> Organization:
    """Create an organization. Errors: OrganizationExists if another one has its valid code."""
    row = Organization(name=body.name)
    given = body.identifier
    _identify(work, row, given.scheme if given else None, given.id if given else None)
    work.session.add(row)
    work.session.flush()
    _keep(work, row)
    work.record(Event.CLIENT_ORGANIZATION_CREATE, subject=row.id, after=_shown(row))
    return row


def visible(work: UnitOfWork, organization_id: str) -> Organization:
    """Return the organization; raise NotFound if it does not exist or is another bidder."""
    work.principal.require_organization(organization_id)
    return work.get(Organization, organization_id)


_THERE = select(Organization.id).where(Organization.id == bindparam("id"))


def require(work: UnitOfWork, organization_id: str) -> None:
    """Raise NotFound if there is no such organization; take no lock."""
    if work.row(_THERE, id=organization_id) is None:
        raise NotFound


def listing(work: UnitOfWork, code: str | None = None) -> Select[Organization]:
    """Select all organizations, or a bidder's own; optionally by code."""
    query = select(Organization)
    if work.principal.role is Role.BIDDER:
        query = query.where(Organization.id == work.principal.organization_scope)
    if code is not None:
        query = query.where(Organization.uscc == normalised_code(code))
    return query


def names_of(work: UnitOfWork, organizations: Collection[str]) -> dict[str, str]:
    """Return the names of organizations by id, in one statement; unknown ids are omitted."""
    query = select(Organization.id, Organization.name).where(Organization.id.in_(organizations))
    return {row.id: row.name for row in work.session.execute(query)}


@dataclass(frozen=True, slots=True)
class Identified:
    """An organization's name and identifier; scheme and code are null where none was given."""

    name: str
    scheme: str | None
    code: str | None


def identifiers_of(work: UnitOfWork, organizations: Collection[str]) -> dict[str, Identified]:
    """Return names and identifiers of organizations by id, in one statement; unknown ids are omitted."""
    columns = (Organization.id, Organization.name, Organization.identifier_scheme, Organization.identifier)
    query = select(*columns).where(Organization.id.in_(organizations))
    return {row.id: Identified(row.name, row.identifier_scheme, row.identifier) for row in work.session.execute(query)}


def change(work: UnitOfWork, row: Organization, body: OrganizationChange) -> Organization:
    """Change name or identifier."""
    given = body.identifier
    if "identifier" not in body.model_fields_set:
        return rename(work, row, body.name or row.name, row.identifier_scheme, row.identifier)
    return rename(work, row, body.name or row.name, given.scheme if given else None, given.id if given else None)


def rename(work: UnitOfWork, row: Organization, name: str, scheme: str | None, code: str | None) -> Organization:
    """Set name and identifier; a bidder may only confirm the current ones."""
    if (name, scheme, code) == (row.name, row.identifier_scheme, row.identifier):
        return row
    if work.principal.role is Role.BIDDER:
        raise IdentityFixed
    require_proposal(work, row.id, "identity")
    before = _shown(row)
    row.name = name
    _identify(work, row, scheme, code)
    work.session.flush()
    _keep(work, row)
    work.record(Event.CLIENT_ORGANIZATION_CHANGE, subject=row.id, before=before, after=_shown(row))
    return row


def identities(organization: Organization) -> Select[Identity]:
    """Select all versions of name and identifier."""
    return select(Identity).where(Identity.organization_id == organization.id)


def _keep(work: UnitOfWork, row: Organization) -> None:
    """Store name and identifier as a new version."""
    work.session.add(
        Identity(
            organization_id=row.id,
            name=row.name,
            identifier_scheme=row.identifier_scheme,
            identifier=row.identifier,
            recorded_by=work.principal.id,
        )
    )
    work.session.flush()


def _identify(work: UnitOfWork, row: Organization, scheme: str | None, code: str | None) -> None:
    valid = parse_uscc(code) if scheme in (None, USCC) else None
    with work.session.no_autoflush:
        same = select(Organization.id).where(
            Organization.uscc == (valid.text if valid else None), Organization.id != row.id
        )
        if valid and work.session.scalar(same) is not None:
            raise OrganizationExists(pointer="/identifier/id")
    row.identifier_scheme, row.identifier = scheme, code
    row.uscc = valid.text if valid else None


def _shown(row: Organization) -> dict[str, str | None]:
    return {"name": row.name, "identifier": row.identifier}
