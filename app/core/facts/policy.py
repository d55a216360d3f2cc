"""A policy 评审规则 as a value: the requirements of a tender, their figures and their legal basis.

Policies are dated data (`app/tendering/policies/*.yaml`); this module and the rules contain no thresholds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.facts.dossier import LegalForm
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
    STAFF = "staff"
    DOCUMENT = "document"
    FIGURE = "figure"
    ANY_OF = "any_of"


# The kinds of paper that each check can compare; a policy names those that it accepts.
SUPPORTING_PAPERS: Mapping[Check, tuple[str, ...]] = {
    Check.PROFESSIONAL_AGENCY: ("registration_certificate",),
    Check.REGISTRATION_AUTHORITY: ("registration_certificate",),
    Check.REGISTRATION_VALID: ("registration_certificate",),
    Check.FULL_TIME_STAFF: ("social_insurance",),
    Check.SOCIAL_WORKERS: ("social_insurance", "social_worker_certificate"),
    Check.DECLARATION: ("declaration",),
    Check.FINANCIAL_ACCOUNTING: ("audit_report", "declaration"),
}
COUNTS = frozenset({Check.FULL_TIME_STAFF, Check.SOCIAL_WORKERS, Check.STAFF})


class ListNature(StrEnum):
    """The effect of an entry in force: it bars, or it calls for manual review."""

    BARRING = "barring"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """A certificate or document of a kind: the levels that count (empty: every level), and whether it must be valid.

    `must_be_valid`: the stated validity includes the as-of day; a missing last day is undetermined.
    """

    kind: str
    levels: frozenset[str] = frozenset()
    must_be_valid: bool = False


@dataclass(frozen=True, slots=True)
class StaffRule:
    """Which full-time staff count for a `staff` requirement; all stated conditions must hold for the same person.

    `column`: a roster column (`position`, or a heading of a further column) that contains one of `words`.
    """

    column: str | None = None
    words: tuple[str, ...] = ()
    certificate: CertificateRule | None = None


@dataclass(frozen=True, slots=True)
class FigureRule:
    """A stated figure between `minimum` and `maximum`, both included, in each of the latest `years` years.

    `name`: `years_since_registration`, which is computed, or the kind of a figure in the dossier (`turnover`,
    `premises_area`). `max_age_years`: figures of years further back than this many before the as-of year are ignored.
    """

    name: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str | None = None
    years: int = 1
    max_age_years: int | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition 资格条件; its `check` decides which of the other fields apply; weight in the score.

    `minimum` for headcounts, `declaration` for declarations, `staff` for STAFF, `document` for DOCUMENT, `figure` for
    FIGURE, `alternatives` for ANY_OF: requirements of which one must be met. `documented_by`: the kinds of paper that
    support it under the assurance `documented`.
    """

    id: str
    check: Check
    title: Text
    legal_basis: tuple[str, ...]
    weight: Decimal = Decimal(1)
    minimum: int | None = None
    declaration: str | None = None
    staff: StaffRule | None = None
    document: CertificateRule | None = None
    figure: FigureRule | None = None
    alternatives: tuple["Requirement", ...] = ()
    documented_by: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Hash by id alone: hashing all texts of a requirement took longer than evaluating it."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Registrar:
    """A registration department that the tender admits.

    `department` and `kinds` are the first one and two characters of the code (GB 32100-2015); `authorities` are the ends
    of the names of its registering authorities (民政局; 市场监督管理局), `national` the full names of the national one.
    """

    department: str
    kinds: tuple[str, ...]
    authorities: tuple[str, ...]
    national: tuple[str, ...] = ()


CIVIL_AFFAIRS_AUTHORITIES = ("民政局", "民政厅")
CIVIL_AFFAIRS_NATIONAL = ("民政部", "国家民政部", "中华人民共和国民政部")


@dataclass(frozen=True, slots=True)
class RegistrationRules:
    """Requirements on the registration: the admitted registrars, in the order in which messages name them.

    `statutory_persons`: legal forms that are legal persons by statute (民法典 第九十条, 第九十二条; 公司法 第三条).
    """

    agency_keywords: tuple[str, ...]
    registrars: tuple[Registrar, ...]
    require_legal_person: bool
    statutory_persons: frozenset[LegalForm] = frozenset({LegalForm.SOCIAL_GROUP, LegalForm.FOUNDATION})


@dataclass(frozen=True, slots=True)
class RetirementAge:
    """The retirement age of persons born from `born_from` on (None: always), in years and months.

    `sex`: `male` or `female`, which the resident ID states; None applies to both.
    """

    years: int
    months: int = 0
    sex: str | None = None
    born_from: date | None = None


@dataclass(frozen=True, slots=True)
class StaffRules:
    """Who counts: months of insurance before the as-of month, ages in full years, levels of social workers.

    `retirement_ages` override `retirement_age` for the persons to whom one applies, the latest `born_from` first.
    """

    insurance_months: int
    minimum_age: int
    retirement_age: int
    rehired_counts: bool
    social_worker_levels: frozenset[str]
    retirement_ages: tuple[RetirementAge, ...] = ()


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
class Term:
    """The term of service, first and last day; None where the policy leaves it open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of a policy; `sha256` is the hash of the whole document, tender part included.

    `folding`: traditional to simplified characters by code point, for the comparison of names.
    """

    id: str
    version: str
    sha256: str
    title: Text
    requirements: tuple[Requirement, ...]
    registration: RegistrationRules
    staff: StaffRules
    credit: CreditRules
    divisions: Divisions
    term: Term = Term()
    folding: Mapping[int, str] = field(default_factory=dict, compare=False)
    tender: Mapping[str, object] = field(default_factory=dict)
    approvals: tuple[str, ...] = ()  # the acts that need two persons (app/core/procedure/second_person.py)
