"""Late parts are marked beside those that count."""

from app.platform.access.roles import Role
from tests.making.past import before

DEADLINE = "2026-05-20T09:30:00+08:00"


def test_late_parts_are_marked_and_not_taken(client):
    officer = client.as_(Role.OFFICER)
    body = {"policy": "suzhou-current", "bidDeadline": DEADLINE}
    with before(client.platform, DEADLINE):
        tender = officer.post("/api/v1/tenders", json=body).json()["id"]
        one = officer.post("/api/v1/organizations", json={"name": "甲社"}).json()["id"]
        roster = f"/api/v1/organizations/{one}/roster"
        officer.put(roster, json={"lines": [{"name": "张三"}]})
    officer.put(roster, json={"lines": [{"name": "张三"}, {"name": "李四"}]})
    officer.post("/api/v1/tenders/" + tender + "/publish")
    address = f"/api/v1/tenders/{tender}/dossiers/{one}"
    shown = officer.get(address)
    assert shown.status_code == 200, shown.text
    parts = [(part["kind"], part["arrival"], part["late"], part["taken"]) for part in shown.json()["parts"]]
    assert parts == [
        ("identity", "in_time", False, True),
        ("roster", "in_time", False, True),
        ("roster", "late", True, False),
    ]
    assert client.as_(Role.BIDDER).get(address).status_code == 404
    assert officer.get(f"/api/v1/tenders/{tender}/dossiers/org_{'0' * 26}").status_code in {404, 422}
