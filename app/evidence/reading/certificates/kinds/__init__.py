"""Registry of the kinds of documents, one file each. The kind with the highest claim reads a page."""

from collections.abc import Sequence

from app.evidence.reading.certificates.kind import Kind
from app.evidence.reading.certificates.kinds.annual_check import AnnualCheck
from app.evidence.reading.certificates.kinds.audit_report import AuditReport
from app.evidence.reading.certificates.kinds.company_licence import CompanyLicence
from app.evidence.reading.certificates.kinds.declaration import Declaration
from app.evidence.reading.certificates.kinds.printed_roster import PrintedRoster
from app.evidence.reading.certificates.kinds.registration import RegistrationCertificate
from app.evidence.reading.certificates.kinds.social_insurance import SocialInsurance
from app.evidence.reading.certificates.kinds.social_worker import SocialWorkerCertificate

REGISTRY: Sequence[Kind] = (
    CompanyLicence(),
    RegistrationCertificate(),
    SocialWorkerCertificate(),
    SocialInsurance(),
    AuditReport(),
    AnnualCheck(),
    Declaration(),
    PrintedRoster(),
)
ENOUGH = 0.5


LIKELY = 0.3  # a page with this claim may be of the kind, its title unread


def kind_of(text: str) -> Kind | None:
    """Return the kind that claims a page with this text most, or None when no claim is high enough."""
    most, chosen = 0.0, None
    for kind in REGISTRY:
        claim = kind.claims(text)
        if claim >= 1.0:
            return kind  # no claim can be higher
        if claim > most:
            most, chosen = claim, kind
    return chosen if most >= ENOUGH else None


def may_be_known(text: str) -> bool:
    """Whether a kind claims the text, though with low certainty."""
    return max(kind.claims(text) for kind in REGISTRY) >= LIKELY
