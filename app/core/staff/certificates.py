"""Professional social workers 专业社工: persons with a national certificate of their own by the as-of day.

社会工作者职业水平评价: 助理社会工作师 (assistant), 社会工作师 (intermediate), 高级社会工作师 (senior); 社会工作员
(local) is a local grade. Certificates do not expire; several certificates of one person count once.
"""

from collections.abc import Callable, Iterable, Set
from datetime import date

from app.core.facts.documents import Disagreement
from app.core.facts.dossier import StaffCertificate
from app.core.staff.missing import CERTIFICATE_DOCUMENT as DOCUMENT
from app.core.staff.missing import is_without_paper, lacking_certificate_fields
from app.core.staff.standing import Standing
from app.core.values.frozen import value
from app.core.values.identity import normalised_code

SOCIAL_WORKER = "social_worker"


@value
class CertificateStanding:
    """The standing of a certificate, its reason codes, its disagreements with documents, and the fields it lacks."""

    standing: Standing
    codes: tuple[str, ...]
    disagreements: tuple[Disagreement, ...] = ()
    missing: tuple[str, ...] = ()


@value
class CertificateContext:
    """The context in which certificates are assessed.

    `shared`: normalised numbers that another person holds too. `lacking`: returns what the documents do not confirm of
    a certificate; None under the assurance `declared`.
    """

    as_of: date
    levels: Set[str]
    shared: Set[str] = frozenset()
    lacking: Callable[[StaffCertificate], tuple[Disagreement, ...]] | None = None


NO_CERTIFICATE = CertificateStanding(Standing.EXCLUDED, ("no_certificate",))
_ORDER = {Standing.COUNTABLE: 0, Standing.DOUBTFUL: 1, Standing.EXCLUDED: 2}


def is_social_worker(certificate: StaffCertificate) -> bool:
    """Whether a certificate is, or may be, a social worker certificate; other kinds are ignored here."""
    return certificate.kind is None or certificate.kind == SOCIAL_WORKER


def certificate_numbers(certificates: Iterable[StaffCertificate]) -> set[str]:
    """Return the normalised numbers of social worker certificates."""
    numbers = {normalised_code(one.number) for one in certificates if is_social_worker(one)}
    numbers.discard("")
    return numbers


def best_certificate(certificates: Iterable[StaffCertificate], context: CertificateContext) -> CertificateStanding:
    """Return the best social worker certificate: countable before doubtful before excluded, then the fewest codes."""
    standings = [assess(one, context) for one in certificates if is_social_worker(one)]
    if len(standings) == 1:
        return standings[0]
    return min(standings, key=_rank, default=NO_CERTIFICATE)


def _rank(standing: CertificateStanding) -> tuple[int, int]:
    return _ORDER[standing.standing], len(standing.codes)


def assess(certificate: StaffCertificate, context: CertificateContext) -> CertificateStanding:
    """Assess a certificate. Excluded: a level that does not count, or approved after the as-of day.

    Doubtful: incomplete, a shared number, or, under `documented`, no agreeing document.
    """
    codes = _excluding(certificate, context)
    if codes:
        return CertificateStanding(Standing.EXCLUDED, codes)
    codes = _doubting(certificate, context)
    if codes:
        return CertificateStanding(Standing.DOUBTFUL, codes, (), lacking_certificate_fields(certificate))
    lacking = context.lacking(certificate) if context.lacking else ()
    if lacking:
        undocumented = (DOCUMENT,) if any(map(is_without_paper, lacking)) else ()
        return CertificateStanding(Standing.DOUBTFUL, ("certificate_incomplete",), lacking, undocumented)
    return _COUNTABLE


_COUNTABLE = CertificateStanding(Standing.COUNTABLE, ())


def _excluding(certificate: StaffCertificate, context: CertificateContext) -> tuple[str, ...]:
    codes = []
    if certificate.level is not None and certificate.level not in context.levels:
        codes.append("local_certificate")
    if certificate.approved_on is not None and certificate.approved_on > context.as_of:
        codes.append("certificate_not_yet")
    return tuple(codes)


def _doubting(certificate: StaffCertificate, context: CertificateContext) -> tuple[str, ...]:
    number = normalised_code(certificate.number)
    codes = []
    if None in (certificate.kind, certificate.level, certificate.approved_on) or not number:
        codes.append("certificate_incomplete")
    if number in context.shared:
        codes.append("certificate_shared")
    return tuple(codes)
