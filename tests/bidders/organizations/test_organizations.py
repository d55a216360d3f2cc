"""Organizations, their registrations by version, and the dossier, replaced as a whole and shown masked."""

import copy
import json
from datetime import date

import pytest

from app.bidders.dossier_reader import check_dossier
from app.bidders.dossiers.service import dossier_of, versions_of
from app.bidders.dossiers.tables import Particulars
from app.platform.access.roles import Role
from tests.making.invented import USCC, resident_id

API = "/api/v1/organizations"
WORKER, HEAD = resident_id(1), resident_id(2)
REGISTRATION = {
    "authority": "苏州市姑苏区民政局",
    "kind": "registered",
    "legalForm": "private_non_enterprise",
    "personality": "legal_person",
    "registeredOn": "2012-03-01",
    "validFrom": "2015-03-01",
    "validTo": "2019-02-28",
    "businessScope": "社会工作服务",
    "annualChecks": [{"year": 2015, "conclusion": "passed"}],
}
DOSSIER = {
    "organization": {
        "name": "苏州市某某社会工作服务社",
        "identifier": {"scheme": "CN-USCC", "id": USCC},
        "formerNames": ["苏州市旧名服务社"],
        "registration": REGISTRATION,
        "legalRepresentative": {"name": "张三", "residentId": HEAD},
        "contacts": [{"name": "李四", "phone": "0512-00000000", "email": "a@example.org"}],
        "controlLinks": [{"organizationId": "org-x", "kind": "shareholding", "share": "0.51"}],
    },
    "roster": [
        {
            "name": "王五",
            "residentId": WORKER,
            "employment": "full_time",
            "position": f"社工 {WORKER}",
            "contractFrom": "2016-01-01",
            "contractTo": None,
            "socialInsurance": {"payer": "苏州市某某社会工作服务社", "from": "2016-01", "to": "2017-05"},
            "certificates": [{"kind": "social_worker", "level": "assistant", "number": "201509320508000012"}],
        }
    ],
    "declarations": [{"kind": "no_major_violation", "signedOn": "2017-05-02"}],
    "auditReports": [{"firm": "某某事务所", "year": 2016, "opinion": "unqualified"}],
    "documents": [{"kind": "registration_certificate", "path": "documents/reg.pdf"}],
}


def make(caller, name="苏州市某某社会工作服务社", code=USCC):
    identifier = {"scheme": "CN-USCC", "id": code} if code else None
    made = caller.post(API, json={"name": name, "identifier": identifier})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def changed(**change):
    """A dossier with the values at some dotted places replaced."""
    dossier = copy.deepcopy(DOSSIER)
    for place, value in change.items():
        *way, last = place.split("__")
        part = dossier
        for step in way:
            part = part[int(step) if step.isdigit() else step]
        part[last] = value
    return dossier


def test_a_valid_code_stands_for_one_organization(client):
    officer = client.as_(Role.OFFICER)
    first = make(officer)
    again = officer.post(API, json={"name": "另一家", "identifier": {"id": " 52320508mj1234567r"}})
    assert (again.status_code, again.json()["code"], again.json()["pointer"]) == (
        409,
        "organization_exists",
        "/identifier/id",
    )
    assert make(officer, "甲", "52320508MJ1234567X") != make(
        officer, "乙", "52320508MJ1234567X"
    )  # no valid code: manual review decides
    assert officer.get(f"{API}/{first}").json()["identifier"] == {"scheme": "CN-USCC", "id": USCC, "valid": True}
    found = officer.get(API, params={"code": USCC.lower()}).json()["items"]
    assert [one["id"] for one in found] == [first]


def test_name_and_identifier_change_with_the_version_that_was_seen(client):
    officer = client.as_(Role.OFFICER)
    address = f"{API}/{make(officer)}"
    tag = officer.get(address).headers["etag"]
    assert officer.patch(address, json={"name": "新名"}).status_code == 428
    answer = officer.patch(address, json={"name": "新名"}, headers={"If-Match": tag})
    assert (answer.json()["name"], answer.json()["identifier"]["id"]) == ("新名", USCC)
    assert officer.patch(address, json={"identifier": None}, headers={"If-Match": tag}).status_code == 412
    assert (
        officer.patch(address, json={"identifier": None}, headers={"If-Match": answer.headers["etag"]}).json()[
            "identifier"
        ]
        is None
    )


def test_registrations_are_added_and_none_is_overwritten(client):
    officer = client.as_(Role.OFFICER)
    organization = make(officer)
    address = f"{API}/{organization}/registrations"
    renewed = {**REGISTRATION, "validFrom": "2019-03-01", "validTo": "2023-02-28"}
    first = officer.post(address, json={"registration": REGISTRATION})
    second = officer.post(
        address, json={"registration": renewed, "effectiveOn": "2019-03-01", "reason": f"换证 {HEAD}"}
    )
    assert (first.status_code, second.json()["number"]) == (201, 2)
    assert second.json()["reason"] == f"换证 320508********{HEAD[-4:]}"
    assert officer.get(first.headers["location"]).json()["registration"] == REGISTRATION
    assert [one["number"] for one in officer.get(address).json()["items"]] == [2, 1]
    assert officer.get(f"{address}/3").status_code == 404
    with client.platform.work() as work:
        latest, then = dossier_of(work, organization), dossier_of(work, organization, as_of=date(2017, 5, 31))
    assert latest["organization"]["registration"] == renewed
    assert then["organization"]["registration"] == REGISTRATION


def test_a_dossier_is_stored_whole_and_comes_back_masked(client):
    officer = client.as_(Role.OFFICER)
    organization = make(officer)
    address = f"{API}/{organization}/dossier"
    put = officer.put(address, json=DOSSIER)
    assert put.status_code == 200, put.text
    assert [put.json()[f"{part}Version"] for part in ("registration", "particulars", "roster")] == [1, 1, 1]
    got = officer.get(address)
    assert WORKER not in got.text
    assert HEAD not in got.text
    shown = got.json()
    assert shown["organization"]["legalRepresentative"] == {"name": "张三", "residentId": f"320508********{HEAD[-4:]}"}
    assert shown["roster"][0]["residentId"] == f"320508********{WORKER[-4:]}"
    assert shown["roster"][0]["certificates"][0]["number"] == "201509320508000012"
    assert shown["roster"][0]["socialInsurance"] == [DOSSIER["roster"][0]["socialInsurance"]]
    for part in ("declarations", "auditReports", "documents"):
        assert shown[part] == DOSSIER[part]
    for part in ("name", "identifier", "formerNames", "registration", "contacts", "controlLinks"):
        assert shown["organization"][part] == DOSSIER["organization"][part]


def test_screenings_get_what_was_put(client):
    officer = client.as_(Role.OFFICER)
    organization = make(officer)
    officer.put(f"{API}/{organization}/dossier", json=DOSSIER)
    with client.platform.work() as work:
        stored = dossier_of(work, organization)
        assert (versions_of(work, organization).roster, versions_of(work, organization).registration) == (1, 1)
    assert check_dossier(stored).facts == check_dossier(DOSSIER).facts


def test_only_what_differs_becomes_a_new_version_and_the_roster_stays_without_one(client):
    officer = client.as_(Role.OFFICER)
    organization = make(officer)
    address = f"{API}/{organization}/dossier"
    officer.put(address, json=DOSSIER)
    without = {key: value for key, value in changed(declarations=[]).items() if key != "roster"}
    put = officer.put(address, json=without).json()
    assert (put["registrationVersion"], put["particularsVersion"], put["rosterVersion"]) == (1, 2, 1)
    shown = officer.get(address).json()
    assert (shown["declarations"], len(shown["roster"])) == ([], 1)
    with client.platform.work() as work:
        kept = work.session.query(Particulars).filter_by(number=1).one()
        assert kept.particulars["declarations"] == DOSSIER["declarations"]


def test_unmasking_is_the_officers_and_on_record(client):
    officer = client.as_(Role.OFFICER)
    organization = make(officer)
    officer.put(f"{API}/{organization}/dossier", json=DOSSIER)
    address, why = f"{API}/{organization}/dossier/unmask", {"reason": "核对社保缴费人"}
    assert officer.post(address, json={}).status_code == 422
    clear = officer.post(address, json=why).json()
    assert clear["roster"][0]["residentId"] == WORKER
    assert client.as_(Role.AUDITOR).post(address, json=why).status_code == 403
    events = client.as_(Role.AUDITOR).get("/api/v1/audit", params={"subject": organization})
    unmasked = [event for event in events.json()["items"] if event["event"] == "officer:dossier:unmask"]
    assert [event["after"] for event in unmasked] == [why]
    assert WORKER not in events.text


def test_no_number_lies_in_clear_in_the_database(client):
    officer = client.as_(Role.OFFICER)
    officer.put(f"{API}/{make(officer)}/dossier", json=DOSSIER)
    with client.platform.engine.connect() as connection:
        for table in (
            "particulars",
            "roster_line",
            "roster_version",
            "registration",
            "audit_event",
            "idempotent_answer",
        ):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                assert WORKER not in str(tuple(row))
                assert WORKER.encode() not in b"".join(bytes(one) for one in row if isinstance(one, bytes | memoryview))


def test_a_bidder_sees_and_changes_itself_only(client):
    officer = client.as_(Role.OFFICER)
    own, other = make(officer), make(officer, "他家", None)
    bidder = client.as_(Role.BIDDER, own)
    assert [one["id"] for one in bidder.get(API).json()["items"]] == [own]
    assert bidder.put(f"{API}/{own}/dossier", json=DOSSIER).status_code == 200
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/dossier", None),
        ("PUT", "/dossier", DOSSIER),
        ("GET", "/registrations", None),
        ("POST", "/registrations", {"registration": REGISTRATION}),
        ("PUT", "/roster", {"lines": []}),
        ("GET", "/roster", None),
        ("GET", "/roster/versions", None),
    ):
        assert bidder.request(method, f"{API}/{other}{path}", json=body).status_code == 404, (method, path)
    fixed = bidder.put(f"{API}/{own}/dossier", json=changed(organization__name="别的名字"))
    assert (fixed.status_code, fixed.json()["code"]) == (409, "identity_fixed")
    assert bidder.post(API, json={"name": "x"}).status_code == 403


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("place", "value", "pointer"),
    [
        ("surprise", 1, "/surprise"),
        ("roster__0__surprise", 1, "/roster/0/surprise"),
        ("roster__0__contractFrom", "2017-02-30", "/roster/0/contractFrom"),
        ("roster__0__employment", "always", "/roster/0/employment"),
        ("roster__0__residentId", 320508196001010023, "/roster/0/residentId"),
        ("roster__0__name", "a\x00b", "/roster/0/name"),
        ("roster__0__socialInsurance", {"from": "2017-13"}, "/roster/0/socialInsurance/from"),
        ("roster__0__socialInsurance", [{"from": "2017-13"}], "/roster/0/socialInsurance/0/from"),
        ("organization__registration__openEnded", "yes", "/organization/registration/openEnded"),
        (
            "organization__registration__annualChecks",
            [{"year": 1e400}],
            "/organization/registration/annualChecks/0/year",
        ),
        ("organization", None, "/organization"),
        ("roster", "none", "/roster"),
    ],
)
def test_a_wrong_dossier_says_where_and_repeats_nothing(client, place, value, pointer):
    officer = client.as_(Role.OFFICER)
    organization = make(officer)
    text = json.dumps(changed(**{place: value})).replace("Infinity", "1e400")
    answer = officer.put(f"{API}/{organization}/dossier", content=text, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert WORKER not in answer.text
    assert "320508196001010023" not in answer.text
    assert officer.get(f"{API}/{organization}").json()["rosterVersion"] == 0


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "text", ['{"name": "\\ud800"}', '{"name": NaN}', '{"name": ', "[]", "", '{"name": "\x00"}', "\xff"]
)
def test_what_is_no_json_is_refused(client, text):
    content = text.encode("latin-1")
    answer = client.as_(Role.OFFICER).post(API, content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


def test_a_dossier_may_say_that_its_roster_was_lost(client):
    """`rosterIncomplete` without a roster stays in the dossier; it makes a count that is not met undetermined."""
    officer = client.as_(Role.OFFICER)
    data = copy.deepcopy(DOSSIER)
    data.pop("roster", None)
    made = officer.post("/api/v1/organizations", json={"name": data["organization"]["name"]}).json()
    address = f"/api/v1/organizations/{made['id']}/dossier"
    put = officer.put(address, json={**data, "rosterIncomplete": ["sheet_not_read"]})
    assert put.status_code == 200, put.text
    assert officer.get(address).json()["rosterIncomplete"] == ["sheet_not_read"]
