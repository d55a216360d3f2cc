"""Organizations on the wire; the parts of a dossier have the format of app/bidders/dossier_format.py."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from app.bidders.confidential import Counts
from app.bidders.dossier_format import RegistrationPart
from app.bidders.organizations.tables import Organization, Registration
from app.platform.access.masking import masked_facts
from app.platform.web.schema import Input, Output, Shaped
from app.platform.web.types import Chars, Day

OrganizationName = Annotated[str, Chars(1, 400)]
Code = Annotated[str, Chars(1, 64)]
Reason = Annotated[str, Chars(1, 2_000)]


class Identifier(Input):
    """An identifier; without a scheme it is a unified social credit code 统一社会信用代码."""

    scheme: Code | None = None
    id: Code


class OrganizationIn(Input):
    """An organization by name and identifier; the rest is its dossier."""

    name: OrganizationName
    identifier: Identifier | None = None


class OrganizationChange(Input):
    """A new name or identifier; omitted members stay unchanged."""

    name: OrganizationName | None = None
    identifier: Identifier | None = None


class RegistrationIn(Input):
    """A registration in effect from a day on; without a day it is in effect for all earlier days."""

    registration: RegistrationPart
    effective_on: Day | None = None
    reason: Reason | None = None


class IdentifierOut(Output):
    """An identifier as given, and whether it is a valid code."""

    scheme: str | None
    id: str
    valid: bool


class OrganizationOut(Output):
    """An organization, and the latest version of each part of its dossier (0: none yet)."""

    id: str
    name: str
    identifier: IdentifierOut | None
    registration_version: int
    particulars_version: int
    roster_version: int
    created_at: datetime
    version: int

    @classmethod
    def of(cls, row: Organization, counts: Counts) -> Self:
        """Build from its row, with the versions that its reader may see."""
        given = row.identifier
        shown = IdentifierOut(scheme=row.identifier_scheme, id=given, valid=row.uscc is not None) if given else None
        return cls(
            id=row.id,
            name=row.name,
            identifier=shown,
            registration_version=counts.registration,
            particulars_version=counts.particulars,
            roster_version=counts.roster,
            created_at=row.created_at,
            version=counts.version,
        )


class RegistrationOut(Output):
    """One version of a registration."""

    id: str
    number: int
    effective_on: date | None
    registration: Annotated[Any, Shaped(RegistrationPart)]
    reason: str | None
    recorded_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: Registration) -> Self:
        """Build it from its row; free texts are masked because they may contain ID numbers."""
        plain = {member: getattr(row, member) for member in cls.model_fields}
        return cls(**{**plain, "registration": masked_facts(row.registration), "reason": masked_facts(row.reason)})
