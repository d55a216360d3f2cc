"""Name the fields that a line lacks, behind the codes `certificate_incomplete` and `insurance_missing`."""

from collections.abc import Iterator, Sequence

from app.core.facts.documents import Disagreement
from app.core.facts.dossier import RosterLine, StaffCertificate
from app.core.staff.payers import Payer, Payers
from app.core.values.identity import normalised_code

CERTIFICATE_DOCUMENT, INSURANCE_PROOF = "certificateDocument", "insuranceProof"
CERTIFICATE_FIELDS = ("kind", "level", "approvedOn", "number")


def lacking_certificate_fields(certificate: StaffCertificate) -> tuple[str, ...]:
    """Return which of kind, level, day of approval and number a certificate does not state, as `certificates.FIELD`."""
    stated = (certificate.kind, certificate.level, certificate.approved_on, normalised_code(certificate.number))
    return tuple(f"certificates.{field}" for field, known in zip(CERTIFICATE_FIELDS, stated, strict=True) if not known)


def lacking_insurance_fields(
    line: RosterLine, payers: Payers, disagreements: Sequence[Disagreement]
) -> tuple[str, ...]:
    """Return `socialInsurance` where no period is stated, else which of payer, first and last month are lacking in
    periods that may be the bidder's, else `insuranceProof` where no paper shows the insurance.
    """
    if not line.insurance:
        return ("socialInsurance",)
    stated = tuple(dict.fromkeys(_of_periods(line, payers)))
    return stated or ((INSURANCE_PROOF,) if any(map(is_without_paper, disagreements)) else ())


def is_without_paper(disagreement: Disagreement) -> bool:
    """Whether no paper shows the value at all."""
    return disagreement.documented is None and disagreement.place is None


def _of_periods(line: RosterLine, payers: Payers) -> Iterator[str]:
    for period in line.insurance:
        match = payers.match(period.payer)
        if match is Payer.OTHER:
            continue
        if match is Payer.UNKNOWN:
            yield "socialInsurance.payer"
        if period.first is None and "from" not in period.unread:
            yield "socialInsurance.from"
        if period.last is None and "to" not in period.unread:
            yield "socialInsurance.to"
