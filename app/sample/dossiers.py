"""Dossiers in the format that `screen` reads: dossier.json, a roster file, documents."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from app.sample.data.agencies import Agency
from app.sample.data.rosters import roster_file
from app.sample.papers.insurance_proofs import insurance_proof
from app.sample.papers.letters import AUDITED_YEAR, CAPABILITY, NO_VIOLATION, audit_report, declaration
from app.sample.papers.registration_certificates import registration_certificate
from app.sample.papers.scans import path_of
from app.sample.papers.sheet import Sheet
from app.sample.papers.worker_certificates import worker_certificates

DECLARATIONS = (
    "no_major_violation",
    "financial_accounting",
    "technical_capability",
    "independent_liability",
    "tax_and_social_security",
)


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF yet to be printed; `path` is relative to the dossier."""

    kind: str
    path: str
    draw: Callable[[Agency], list[Sheet]]


DOCUMENTS = (
    Document("registration_certificate", "documents/registration.pdf", registration_certificate),
    Document("social_worker_certificate", "documents/social-workers.pdf", lambda a: worker_certificates(a.lines)),
    Document("social_insurance", "documents/insurance.pdf", insurance_proof),
    Document("audit_report", "documents/audit.pdf", audit_report),
    Document("declaration", "documents/no-major-violation.pdf", lambda a: declaration(a, NO_VIOLATION)),
    Document("declaration", "documents/capability.pdf", lambda a: declaration(a, CAPABILITY)),
)


def dossier_record(agency: Agency) -> dict[str, object]:
    """Return `dossier.json` without the roster, which is a separate file."""
    signed = agency.signed_on.isoformat()
    return {
        "organization": {
            "name": agency.bidder.name,
            "identifier": {"scheme": "CN-USCC", "id": agency.bidder.registration.code},
            "formerNames": [],
            "registration": _registration(agency),
            "legalRepresentative": {
                "name": agency.representative.name,
                "residentId": agency.representative.resident_id,
            },
            "contacts": [
                {
                    "name": agency.contact.name,
                    "phone": agency.contact.phone,
                    "email": f"{agency.folder}@example.org",
                }
            ],
            "controlLinks": [],
        },
        "declarations": [{"kind": kind, "signedOn": signed} for kind in DECLARATIONS],
        "auditReports": [{"firm": agency.bidder.firm, "year": AUDITED_YEAR, "opinion": "unqualified"}],
        "documents": [{"kind": document.kind, "path": path_of(agency.folder, document.path)} for document in DOCUMENTS],
    }


def _registration(agency: Agency) -> dict[str, object]:
    registration = agency.bidder.registration
    filed = registration.legal_form == "other"
    checks: list[dict[str, object]] = [{"year": year, "conclusion": "passed"} for year in (2023, 2024)]
    return {
        "authority": registration.authority,
        "kind": "filed" if filed else "registered",
        "legalForm": registration.legal_form,
        "personality": None if filed else "legal_person",
        "number": None,
        "registeredOn": registration.registered_on.isoformat(),
        "validFrom": registration.valid_from.isoformat(),
        "validTo": registration.valid_to.isoformat(),
        "openEnded": False,
        "businessScope": agency.scope,
        "annualChecks": [] if filed else checks,
    }


def plain_files(agency: Agency) -> dict[str, bytes]:
    """Return dossier.json and the roster file."""
    record = json.dumps(dossier_record(agency), ensure_ascii=False, indent=1) + "\n"
    suffix = agency.bidder.roster.suffix
    return {"dossier.json": record.encode(), f"roster.{suffix}": roster_file(agency.bidder, agency.lines)}


def drawn_documents(agency: Agency) -> dict[str, list[Sheet]]:
    """Return the pages of every document, by path; one without a certificate page is omitted."""
    return {document.path: document.draw(agency) for document in DOCUMENTS}
