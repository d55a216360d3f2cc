"""The service's own readers read the sample: no cell of a roster is lost or changed."""

from app.evidence.reading.rosters.importer import read_roster
from app.sample.data.staff import StaffLine
from app.sample.write import Sample


def as_wire(line: StaffLine) -> dict[str, object]:
    certificate = line.certificate
    return {
        "name": line.person.name,
        "residentId": line.person.resident_id,
        "position": line.position,
        "employment": line.employment,
        "contractFrom": line.contract_from.isoformat(),
        "contractTo": line.contract_to.isoformat() if line.contract_to else None,
        "socialInsurance": {"payer": line.payer, "from": line.insured_from, "to": line.insured_to},
        "certificates": [
            {
                "kind": "social_worker",
                "level": certificate.level,
                "number": certificate.number,
                "approvedOn": certificate.approved_on.isoformat(),
            }
        ]
        if certificate
        else [],
    }


def test_rosters_read_back_line_by_line(sample: Sample) -> None:
    for agency in sample.agencies:
        name = f"roster.{agency.bidder.roster.suffix}"
        found = read_roster(sample.dossier(agency.folder)[name], name)
        assert found.problems == ()
        wanted = [as_wire(line) for line in agency.lines]
        assert [{key: row.get(key) for key in line} for row, line in zip(found.lines, wanted, strict=True)] == wanted
