"""Is a person a professional social worker 专业社工? Holds a national certificate, of his or her own, by the as-of day.

社会工作者职业水平评价: 助理社会工作师 (assistant), 社会工作师 (intermediate), 高级社会工作师 (senior); 社会工作员 (local) is a
local grade. A certificate has no expiry; a person's several certificates count once.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

from app.core.facts import StaffCertificate
from app.core.identity import normalised_code
from app.core.standing import Standing

SOCIAL_WORKER = "social_worker"


@dataclass(frozen=True, slots=True)
class CertificateStanding:
    """How the best certificate of a person stands, with its codes; `certificate` is None where there is none."""

    standing: Standing
    codes: tuple[str, ...]
    certificate: StaffCertificate | None


NO_CERTIFICATE = CertificateStanding(Standing.EXCLUDED, ("no_certificate",), None)
_ORDER = {Standing.COUNTABLE: 0, Standing.DOUBTFUL: 1, Standing.EXCLUDED: 2}


def best_certificate(
    certificates: Iterable[StaffCertificate], as_of: date, levels: Set[str], shared: Set[str]
) -> CertificateStanding:
    """The best `social_worker` certificate: countable before doubtful before excluded, then the fewest codes.

    `shared`: normalised numbers that also stand for another person.
    """
    standings = [assess(one, as_of, levels, shared) for one in certificates if one.kind == SOCIAL_WORKER]
    return min(standings, key=_rank, default=NO_CERTIFICATE)


def _rank(standing: CertificateStanding) -> tuple[int, int]:
    return _ORDER[standing.standing], len(standing.codes)


def assess(certificate: StaffCertificate, as_of: date, levels: Set[str], shared: Set[str]) -> CertificateStanding:
    """Excluded: a level that does not count, or approved after the as-of day. Doubtful: incomplete, or a shared number."""
    codes = []
    if certificate.level is not None and certificate.level not in levels:
        codes.append("local_certificate")
    if certificate.approved_on is not None and certificate.approved_on > as_of:
        codes.append("certificate_not_yet")
    if codes:
        return CertificateStanding(Standing.EXCLUDED, tuple(codes), certificate)
    number = normalised_code(certificate.number)
    if certificate.level is None or certificate.approved_on is None or not number:
        codes.append("certificate_incomplete")
    if number in shared:
        codes.append("certificate_shared")
    return CertificateStanding(Standing.DOUBTFUL if codes else Standing.COUNTABLE, tuple(codes), certificate)
