"""Corrections of snapshots by an officer: accepted lost rows, withdrawn wrong snapshots, and repeated imports."""

from app.platform.access.roles import Role
from tests.evidence.credit.test_credit_lists import BARRED, HEADER, LIST, ask, put

CLEAR = {"name": "无锡市百川汇聚养老服务社"}


def test_a_snapshot_with_lost_rows_clears_nobody_until_an_officer_accepts_them(client):
    made = put(client, LIST + ",,,,2016-01-01,,失信,\n").json()
    found = ask(client, q=CLEAR, hit={"uscc": BARRED})
    assert (found["q"]["status"], found["q"]["incomplete"]) == ("insufficient", ["court-dishonest"])
    assert found["hit"]["status"] == "hit"
    address = f"/api/v1/credit-snapshots/{made['id']}/accept-rows"
    body = {"lines": [5], "reason": "与公示原件核对，该行为空行", "person": "某某"}
    assert client.as_(Role.CLIENT).post(address, json=body).status_code == 403
    officer = client.as_(Role.OFFICER)
    assert officer.post(address, json={**body, "lines": [4]}).json()["errors"][0]["pointer"] == "/lines/0"
    shown = officer.post(address, json=body).json()
    assert (shown["complete"], shown["acceptedRows"]) == (True, 1)
    assert ask(client, q=CLEAR)["q"]["status"] == "clear"


def test_a_withdrawn_snapshot_is_consulted_no_more(client):
    right = put(client, LIST).json()["id"]
    wrong = put(client, HEADER + "无关机构服务社,,,,,,,\n", retrievedAt="2017-05-21").json()["id"]
    assert ask(client, q={"uscc": BARRED})["q"]["status"] == "clear"
    officer = client.as_(Role.OFFICER)
    answer = officer.post(f"/api/v1/credit-snapshots/{wrong}/withdraw", json={"reason": "选错文件", "person": "某某"})
    assert answer.json()["inForce"]["id"] == right
    assert (answer.json()["snapshot"]["state"], answer.json()["screenings"]) == ("withdrawn", [])
    assert ask(client, q={"uscc": BARRED})["q"]["status"] == "hit"
    again = officer.post(f"/api/v1/credit-snapshots/{wrong}/withdraw", json={"reason": "选错文件", "person": "某某"})
    assert (again.status_code, again.json()["code"]) == (409, "credit_snapshot_not_ready")


def test_the_right_file_after_a_wrong_one_is_in_force_again(client):
    put(client, LIST)
    put(client, HEADER + "无关机构服务社,,,,,,,\n")
    assert ask(client, q={"uscc": BARRED})["q"]["status"] == "clear"
    put(client, LIST)
    assert ask(client, q={"uscc": BARRED})["q"]["status"] == "hit"


def test_a_day_of_retrieval_in_the_future_is_refused(client):
    answer = put(client, LIST, retrievedAt="2999-01-01")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/retrievedAt")
