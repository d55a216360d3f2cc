"""The facts about one bidder: the dossier as values.

None is a missing value. Texts are as submitted; rules compare them after normalisation (`core.values.identity`).
"""

from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.values.frozen import value
from app.core.values.months import Month


class Employment(StrEnum):
    """Form of employment 用工形式."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    INTERN = "intern"
    DISPATCHED = "dispatched"
    REHIRED = "rehired"


class RegistrationKind(StrEnum):
    """登记 (registered) or only 备案 (filed)."""

    REGISTERED = "registered"
    FILED = "filed"


class LegalForm(StrEnum):
    """Legal form of the organization."""

    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"
    SOCIAL_GROUP = "social_group"
    FOUNDATION = "foundation"
    COMPANY = "company"
    PUBLIC_INSTITUTION = "public_institution"
    OTHER = "other"


class Personality(StrEnum):
    """法人, 合伙 or 个体 (民办非企业单位登记管理暂行条例 第十二条)."""

    LEGAL_PERSON = "legal_person"
    PARTNERSHIP = "partnership"
    INDIVIDUAL = "individual"


class CheckConclusion(StrEnum):
    """Conclusion of an annual check 年检: 合格, 基本合格, 不合格."""

    PASSED = "passed"
    BASICALLY_PASSED = "basically_passed"
    FAILED = "failed"


class Opinion(StrEnum):
    """Audit opinion 审计意见."""

    UNQUALIFIED = "unqualified"
    QUALIFIED = "qualified"
    ADVERSE = "adverse"
    DISCLAIMED = "disclaimed"


@value
class AnnualCheck:
    """One year's annual check."""

    year: int | None
    conclusion: CheckConclusion | None


@value
class Registration:
    """The registration 登记 as declared; `unread` names fields that are stated but could not be read."""

    authority: str | None = None
    kind: RegistrationKind | None = None
    legal_form: LegalForm | None = None
    personality: Personality | None = None
    registered_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    open_ended: bool = False
    business_scope: str | None = None
    annual_checks: tuple[AnnualCheck, ...] = ()
    unread: tuple[str, ...] = ()


@value
class Organization:
    """The agency; `code` is the unified social credit code as given."""

    name: str | None = None
    code: str | None = None
    former_names: tuple[str, ...] = ()
    registration: Registration = field(default_factory=Registration)


@value
class InsurancePeriod:
    """Social insurance 社会保险 paid by one payer from the first to the last month."""

    payer: str | None
    first: Month | None
    last: Month | None
    unread: tuple[str, ...] = ()


@value
class StaffCertificate:
    """A certificate 证书 of a staff member; of social workers, `level` is assistant, intermediate, senior or local."""

    kind: str | None
    level: str | None
    number: str | None
    approved_on: date | None
    valid_to: date | None = None


@value
class RosterLine:
    """One line of the roster 花名册; `unread` names fields that are stated but could not be read.

    `columns`: further columns as (heading, text).
    """

    name: str | None = None
    resident_id: str | None = None
    employment: Employment | None = None
    contract_from: date | None = None
    contract_to: date | None = None
    insurance: tuple[InsurancePeriod, ...] = ()
    certificates: tuple[StaffCertificate, ...] = ()
    position: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()


@value
class Declaration:
    """A signed declaration 声明."""

    kind: str
    signed_on: date | None


@value
class AuditReport:
    """An audit report 审计报告."""

    year: int | None
    opinion: Opinion | None


@value
class SubmittedDocument:
    """A document that the bidder submits: its kind, and what is declared of it."""

    kind: str | None
    level: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@value
class StatedFigure:
    """A figure that the bidder states (turnover, premises area), of a year where it has one."""

    kind: str
    value: Decimal | None
    unit: str | None = None
    year: int | None = None


@value
class Dossier:
    """What one bidder declares. A roster that was not submitted is unknown (`is_roster_missing`); an empty one states no staff.

    `roster_incomplete`: reasons why rows, sheets or columns of the roster were lost; the headcount is then a lower bound.
    """

    organization: Organization
    roster: tuple[RosterLine, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    audit_reports: tuple[AuditReport, ...] = ()
    is_roster_missing: bool = False
    roster_incomplete: tuple[str, ...] = ()
    documents: tuple[SubmittedDocument, ...] = ()
    figures: tuple[StatedFigure, ...] = ()


@value
class SharedFacts:
    """Overlaps between this dossier and the others of the same batch or tender.

    `resident_ids`: normalised IDs of this roster that another dossier claims too. `certificate_numbers`: normalised
    numbers that another person holds too.
    """

    resident_ids: frozenset[str] = frozenset()
    certificate_numbers: frozenset[str] = frozenset()


NOTHING_SHARED = SharedFacts()
