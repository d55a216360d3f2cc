"""`extract` reads each printed document back: every printed value, and no other."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.sample.data.agencies import Agency
from app.sample.data.codes import credit_code
from app.sample.write import Sample

RUN = [sys.executable, "-c", "from app.entrypoints.cli.main import main; main()", "extract"]
KINDS = {
    "registration": "registration_certificate",
    "social-workers": "social_worker_certificate",
    "insurance": "social_insurance",
    "audit": "audit_report",
    "no-major-violation": "declaration",
    "capability": "declaration",
}
Records = dict[tuple[str, str], dict[str, Any]]
NATIONAL = "中华人民共和国人力资源和社会保障部、中华人民共和国民政部"


@pytest.fixture(scope="module")
def records(folder: Path) -> Records:
    files = sorted(map(str, folder.glob("dossiers/*/documents/*")))
    done = subprocess.run([*RUN, *files], capture_output=True, text=True, check=True)
    found = map(json.loads, done.stdout.splitlines())
    return {(Path(one["file"]).parts[-3], Path(one["file"]).stem): one for one in found}


def groups(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of each certificate in the file; annual checks are tested elsewhere."""
    found: dict[int, dict[str, Any]] = {}
    for entry in record["fields"]:
        if entry["field"] != "annualChecks":
            found.setdefault(entry["group"], {})[entry["field"]] = entry["value"]
    return [found[group] for group in sorted(found)]


def registration(agency: Agency) -> dict[str, Any]:
    bidder, registered = agency.bidder, agency.bidder.registration
    other = bidder.certificate_serial
    return {
        "name": bidder.certificate_names or bidder.name,
        "uscc": credit_code(registered.prefix, registered.division, other) if other else registered.code,
        "legalForm": registered.legal_form,
        "personality": "legal_person",
        "legalRepresentative": agency.representative.name,
        "address": bidder.address,
        "businessScope": agency.scope,
        "capital": f"{agency.capital}.00",
        "supervisor": registered.authority,
        "authority": registered.authority,
        "issuedOn": registered.valid_from.isoformat(),
        "validFrom": registered.valid_from.isoformat(),
        "validTo": registered.valid_to.isoformat(),
    }


def certificates(agency: Agency) -> list[dict[str, Any]]:
    return [
        {
            "name": line.person.name,
            "sex": line.person.sex,
            "birthDate": f"{line.person.born:%Y-%m}",
            "residentId": line.person.resident_id,
            "level": line.certificate.level,
            "number": line.certificate.number,
            "approvedOn": line.certificate.approved_on.isoformat(),
            "issuer": "苏州市民政局" if line.certificate.level == "local" else NATIONAL,
        }
        for line in agency.lines
        if line.certificate
    ]


def test_every_document_is_of_its_kind_and_needs_no_review(records: Records) -> None:
    assert records["fengli", "registration"]["kind"] == "other"
    ours = {key: one for key, one in records.items() if key != ("fengli", "registration")}
    assert {key: one["kind"] for key, one in ours.items()} == {key: KINDS[key[1]] for key in ours}
    assert [key for key, one in ours.items() if one["status"] != "extracted"] == []


def test_values_are_those_printed(sample: Sample, records: Records) -> None:
    for agency in sample.agencies:
        name, signed = agency.bidder.name, agency.signed_on.isoformat()
        wanted = {
            "social-workers": certificates(agency),
            "insurance": [{"payer": name, "issuedOn": signed, "periodFrom": "2025-11", "periodTo": "2026-04"}],
            "audit": [{"organization": name, "firm": agency.bidder.firm, "year": 2025, "opinion": "unqualified"}],
            "no-major-violation": [{"kind": "no_major_violation", "organization": name, "signedOn": signed}],
            "capability": [{"kind": "technical_capability", "organization": name, "signedOn": signed}],
        }
        if agency.folder != "fengli":
            wanted["registration"] = [registration(agency)]
        for document, values in wanted.items():
            assert groups(records[agency.folder, document]) == values, (agency.folder, document)


def test_every_insured_person_is_a_row(sample: Sample, records: Records) -> None:
    for agency in sample.agencies:
        rows = records[agency.folder, "insurance"]["rows"]
        assert [(row["name"], row["residentId"], row["from"], row["to"]) for row in rows] == [
            (line.person.name, line.person.resident_id, line.insured_from, line.insured_to)
            for line in agency.lines
            if line.proven
        ]
