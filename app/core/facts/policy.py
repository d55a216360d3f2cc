"""A policy 评审规则 as a value: the requirements of a tender, their figures and their legal basis.

Policies are dated data (`app/tendering/policies/*.yaml`); this module and the rules contain no thresholds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.values.divisions import Divisions
from app.core.values.text import Text


class Check(StrEnum):
    """The rule that decides a requirement."""

    PROFESSIONAL_AGENCY = "professional_agency"
    REGISTRATION_AUTHORITY = "registration_authority"
    REGISTRATION_VALID = "registration_valid"
    LEGAL_PERSON = "legal_person"
    FULL_TIME_STAFF = "full_time_staff"
    SOCIAL_WORKERS = "social_workers"
    CREDIT_RECORD = "credit_record"
    DECLARATION = "declaration"
    FINANCIAL_ACCOUNTING = "financial_accounting"


COUNTS = frozenset({Check.FULL_TIME_STAFF, Check.SOCIAL_WORKERS})


class ListNature(StrEnum):
    """The effect of an entry in force: it bars, or it calls for manual review."""

    BARRING = "barring"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition 资格条件: `minimum` for counts, `declaration` for what is declared; weight in the score."""

    id: str
    check: Check
    title: Text
    legal_basis: tuple[str, ...]
    weight: Decimal = Decimal(1)
    minimum: int | None = None
    declaration: str | None = None

    def __hash__(self) -> int:
        """By id alone: hashing all texts of a requirement took longer than evaluating it."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class RegistrationRules:
    """Requirements on the registration; departments and kinds are the first characters of the code (GB 32100-2015)."""

    agency_keywords: tuple[str, ...]
    department: str
    kinds: tuple[str, ...]
    require_legal_person: bool


@dataclass(frozen=True, slots=True)
class StaffRules:
    """Who counts: months of insurance before the as-of month, ages in full years, levels of social workers."""

    insurance_months: int
    minimum_age: int
    retirement_age: int
    rehired_counts: bool
    social_worker_levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class CreditList:
    """A list 信用名单 that must be consulted."""

    name: str
    nature: ListNature
    title: Text
    legal_basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditRules:
    """Lists, the cut-off day (None: the as-of day), and how old a snapshot may be on that day, in days.

    A name that resembles an entry's by `candidate_threshold` thousandths or more is a candidate; at most `most_candidates`
    of a list are shown.
    """

    lists: tuple[CreditList, ...]
    max_age_days: int
    cut_off: date | None = None
    candidate_threshold: int = 750
    most_candidates: int = 20


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of a policy; `sha256` is the hash of the whole document, tender part included."""

    id: str
    version: str
    sha256: str
    title: Text
    requirements: tuple[Requirement, ...]
    registration: RegistrationRules
    staff: StaffRules
    credit: CreditRules
    divisions: Divisions
    tender: Mapping[str, object] = field(default_factory=dict)
