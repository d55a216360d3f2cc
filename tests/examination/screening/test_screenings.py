"""Screenings over HTTP: immutable, replayable, cross-checked, explained; what-if analysis stores nothing."""

import json

import pytest

from app.core.values.canonical import canonical_json, sha256_hex
from app.examination.screening import case_building
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from tests.making.dossiers import dossier, resident_id
from tests.making.past import before

LISTS = ("court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal")
HEADER = "name,uscc,former_names,kind,from,to,reason,document\n"
AS_OF = "2017-05-31"


@pytest.fixture
def officer(client):
    return client.as_(Role.OFFICER)


@pytest.fixture
def lists(officer):
    """Import empty snapshots of every list of the policy, retrieved on the day."""
    for name in LISTS:
        _load(officer, name, "")


def _load(officer, name, rows, retrieved_at=AS_OF):
    files = {"file": (f"{name}.csv", (HEADER + rows).encode())}
    answer = officer.post(
        f"/api/v1/credit-lists/{name}/snapshots", files=files, data={"retrievedAt": retrieved_at, "allowEmpty": "true"}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def _screen(officer, data, **more):
    return officer.post("/api/v1/screenings", json={"dossier": data, "asOf": AS_OF, **more})


def test_a_dossier_is_screened_and_the_result_stays_byte_for_byte(officer, lists):
    made = _screen(officer, dossier())
    assert made.status_code == 201, made.text
    result = made.json()
    assert (result["verdict"], result["score"]) == ("eligible", "100.0")
    read = officer.get(made.headers["location"])
    assert read.content == made.content
    body = {
        key: value
        for key, value in result.items()
        if key not in ("id", "tenderId", "practice", "createdAt", "dossier", "resultHash")
    }
    assert sha256_hex(canonical_json(body)) == result["resultHash"]


def test_replay_gives_the_same_hashes(officer, lists):
    data = dossier(staff=9)
    data["roster"][8]["socialInsurance"] = None
    made = _screen(officer, data).json()
    replayed = officer.post(f"/api/v1/screenings/{made['id']}/replay").json()
    assert replayed["identical"] is True
    assert replayed["resultHash"]["computed"] == made["resultHash"]


def test_replay_holds_when_lists_and_judgements_have_changed_since(officer, lists):
    data = dossier()
    made = _screen(officer, data).json()
    code = data["organization"]["identifier"]["id"]
    _load(officer, "court-dishonest", f"某某,{code},,barring,2016-01-01,,失信,1号\n")
    assert officer.post(f"/api/v1/screenings/{made['id']}/replay").json()["identical"] is True
    again = _screen(officer, data).json()
    assert again["verdict"] == "ineligible"
    assert officer.post(f"/api/v1/screenings/{again['id']}/replay").json()["identical"] is True


def test_without_lists_nobody_is_clean(officer):
    result = _screen(officer, dossier()).json()
    assert result["verdict"] == "needs_review"
    reasons = {one["code"] for row in result["requirements"] if row["id"] == "credit_record" for one in row["reasons"]}
    assert reasons == {"list_missing"}


def test_no_id_number_comes_back(officer, lists):
    made = _screen(officer, dossier())
    listed = officer.get("/api/v1/screenings")
    for number in range(1, 9):
        assert resident_id(number) not in made.text + listed.text


def test_what_if_changes_the_answer_and_stores_nothing(officer, lists):
    made = _screen(officer, dossier()).json()
    asked = {
        "screening": made["id"],
        "patch": [{"op": "replace", "path": "/roster/0/employment", "value": "part_time"}],
    }
    answer = officer.post("/api/v1/screenings/what-if", json=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["verdict"] == {"stored": "eligible", "computed": "ineligible"}
    assert {one["requirement"] for one in body["changed"]} == {"full_time_staff", "social_workers"}
    assert len(officer.get("/api/v1/screenings").json()["items"]) == 1


def test_what_if_under_the_other_policy(officer, lists):
    made = _screen(officer, dossier()).json()
    answer = officer.post("/api/v1/screenings/what-if", json={"screening": made["id"], "policy": "suzhou-2017"}).json()
    assert answer["result"]["policy"]["id"] == "suzhou-2017"
    assert answer["changed"] == []


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ([{"op": "replace", "path": "/roster/99/name", "value": "某"}], "/patch"),
        ([{"op": "add", "path": "/roster/0/salary", "value": 1}], "/patch/roster/0/salary"),
        ([{"op": "move", "path": "/a", "from": "/b"}], "/patch/0"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(officer, lists, patch, pointer):
    made = _screen(officer, dossier()).json()
    answer = officer.post("/api/v1/screenings/what-if", json={"screening": made["id"], "patch": patch})
    assert answer.status_code == 422
    assert any(one["pointer"].startswith(pointer) for one in answer.json()["errors"])


def test_a_batch_is_cross_checked_and_counted(client, officer, lists):
    rival = dossier(2, "苏州市南园试验社会工作服务社", first=20)
    rival["roster"][0]["residentId"] = resident_id(1)
    body = {
        "dossiers": [{"name": "one", "dossier": dossier()}, {"name": "two", "dossier": rival}],
        "asOf": AS_OF,
    }
    started = officer.post("/api/v1/screenings/batch", json=body)
    assert started.status_code == 202, started.text
    client.run_jobs()
    job = officer.get(started.headers["location"]).json()
    assert job["state"] == "succeeded", job
    assert job["result"]["verdicts"] == {"needs_review": 2}
    listed = officer.get("/api/v1/screenings", params={"batch": job["result"]["batch"]}).json()["items"]
    assert len(listed) == 2
    whole = officer.get(f"/api/v1/screenings/{listed[0]['id']}").json()
    assert any("on_other_dossier" in row["codes"] for row in whole["staff"])


def test_a_bad_dossier_in_a_batch_is_refused_with_its_pointer(officer):
    bad = dossier()
    bad["roster"][3]["salary"] = 1
    body = {"dossiers": [{"name": "one", "dossier": dossier()}, {"name": "two", "dossier": bad}], "asOf": AS_OF}
    answer = officer.post("/api/v1/screenings/batch", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/dossiers/1/dossier/roster/3/salary"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"organization": {"name": 5}}, "/dossier/organization/name"),
        ({"organization": {"name": "a\u0000b"}}, "/dossier/organization/name"),
        ({"organization": {"registration": {"validTo": "2017-02-30"}}}, "/dossier/organization/registration/validTo"),
        ({"roster": [{"socialInsurance": {"from": "2017-13"}}]}, "/dossier/roster/0/socialInsurance/from"),
        ({"declarations": [{}]}, "/dossier/declarations/0/kind"),
    ],
)
@pytest.mark.sqlite_only
def test_bad_input_is_refused_with_its_pointer(officer, change, pointer):
    answer = _screen(officer, {**dossier(), **change})
    assert answer.status_code == 422, answer.text
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "raw",
    [b'{"dossier": {"organization": {"name": "\\ud800"}}, "asOf": "2017-05-31"}', b"NaN", b'{"asOf": 1e400}', b""],
)
def test_hostile_json_is_no_fault_of_the_service(officer, raw):
    answer = officer.post("/api/v1/screenings", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_bidder_reads_its_own_screening_and_no_other(client, officer, lists):
    alone = _screen(officer, dossier()).json()
    organization = officer.post("/api/v1/organizations", json={"name": "苏州市北桥试验社工服务社"})
    bidder = client.as_(Role.BIDDER, organization.json()["id"])
    assert bidder.get(f"/api/v1/screenings/{alone['id']}").status_code == 404
    assert bidder.get("/api/v1/screenings").json()["items"] == []


def test_within_a_tender_the_policy_is_the_tenders_and_rosters_are_cross_checked(client, officer, lists):
    tender = _tender(client, officer)
    with before(client.platform, _DEADLINE):
        one, two = (_organization(officer, dossier(number, name, first=first)) for number, name, first in _TWO)
    first = officer.post(
        "/api/v1/screenings", json={"tenderId": tender, "organizationId": one, "assurance": "declared"}
    )
    assert first.status_code == 201, first.text
    second = officer.post(
        "/api/v1/screenings", json={"tenderId": tender, "organizationId": two, "assurance": "declared"}
    )
    shared = [row["codes"] for row in second.json()["staff"] if "on_other_dossier" in row["codes"]]
    assert len(shared) == 1
    assert officer.post(f"/api/v1/screenings/{second.json()['id']}/replay").json()["identical"] is True
    batch = officer.post("/api/v1/screenings/batch", json={"tenderId": tender, "assurance": "declared"})
    client.run_jobs()
    assert officer.get(batch.headers["location"]).json()["result"]["verdicts"] == {"needs_review": 2}


@pytest.mark.sqlite_only
def test_others_write_while_the_rosters_of_a_tender_are_compared(client, officer, lists, monkeypatch):
    """Envelopes wait for the same lock: it is taken when everything is computed."""
    tender, written = _tender(client, officer), []
    with before(client.platform, _DEADLINE):
        organization = _organization(officer, dossier(11, "苏州市东渡试验社会工作服务社"))
    compare = case_building.shared_facts

    def meanwhile(*asked):
        with client.platform.work() as work:
            work.record(Event.CLIENT_JOB_ENQUEUE, subject="meanwhile")
        written.append(True)
        return compare(*asked)

    monkeypatch.setattr(case_building, "shared_facts", meanwhile)
    asked = {"tenderId": tender, "organizationId": organization, "assurance": "declared"}
    assert officer.post("/api/v1/screenings", json=asked).status_code == 201
    assert written == [True]


_DEADLINE = "2017-05-31T09:30:00+08:00"
_TWO = ((11, "苏州市东渡试验社会工作服务社", 1), (12, "苏州市西塘试验社会工作服务社", 8))


def _tender(client, officer):
    body = {"policy": "suzhou-current", "bidDeadline": _DEADLINE}
    with before(client.platform, body["bidDeadline"]):
        made = officer.post("/api/v1/tenders", json=body)
    assert made.status_code == 201, made.text
    return made.json()["id"]


def _organization(officer, data):
    given = {key: data["organization"][key] for key in ("name", "identifier")}
    made = officer.post("/api/v1/organizations", json=given)
    assert made.status_code == 201, made.text
    put = officer.put(
        f"/api/v1/organizations/{made.json()['id']}/dossier",
        content=json.dumps(data),
        headers={"content-type": "application/json"},
    )
    assert put.status_code in (200, 201), put.text
    return made.json()["id"]


def test_a_withdrawn_snapshot_names_the_screenings_that_rest_on_it(officer, lists):
    """Offered for re-screening: those alone that consulted it, with their verdict then."""
    before_import = _screen(officer, dossier()).json()
    wrong = _load(officer, "tax-serious", "无关机构服务社,,,,,,,\n")
    rests = _screen(officer, dossier(2, "第二社会工作服务社", first=40)).json()
    body = {"reason": "选错文件", "person": "某某"}
    answer = officer.post(f"/api/v1/credit-snapshots/{wrong['id']}/withdraw", json=body).json()
    named = [one["screeningId"] for one in answer["screenings"]]
    assert named == [rests["id"]] and before_import["id"] not in named
    again = _screen(officer, dossier(2, "第二社会工作服务社", first=40)).json()
    used = {one["list"]: one["snapshot"] for one in again["creditSnapshots"]}
    assert used["tax-serious"] not in (None, wrong["id"])
