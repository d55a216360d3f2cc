"""A program proposes: it changes a bidder's data before the opening, with a notice to the bidder, and nothing after it."""

import pytest

from app.platform.access.roles import Role
from tests.conftest import Api
from tests.making.dossiers import dossier, line
from tests.making.procedure import Procedure, done, refusal
from tests.making.sealed import Sealed, with_clock

PROPOSE = (403, "programs_propose")


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


def changes(program, organization):
    """Send every change of a bidder's data that a program may send; return the responses by part."""
    url = f"/api/v1/organizations/{organization}"
    name = "改名后的服务社"
    data = dossier(3, name)
    data["organization"]["identifier"] = None
    csv = ("roster.csv", "姓名,身份证号码\n张三,\n".encode())
    form = {"organizationId": organization}
    renamed = program.patch(url, json={"name": name}, headers={"If-Match": program.get(url).headers["etag"]})
    return {
        "identity": renamed,
        "registration": program.post(f"{url}/registrations", json={"registration": {"number": "1"}, "reason": "换证"}),
        "particulars": program.put(f"{url}/dossier", json={**data, "roster": None}),
        "roster": program.put(f"{url}/roster", json={"lines": [line(1, name)]}),
        "roster file": program.post(f"{url}/roster", files={"file": csv}),
        "documents": program.post("/api/v1/documents", files={"files": ("a.txt", b"a")}, data=form),
    }


def test_before_the_opening_each_change_leaves_a_notice(api):
    bidder = Sealed(api).bidder()
    person, program = api.logged_in(Role.BIDDER, bidder.id), api.as_(Role.CLIENT)
    answers = changes(program, bidder.id)
    assert all(answer.status_code < 300 for answer in answers.values()), {k: a.text for k, a in answers.items()}
    notices = done(person.get("/api/v1/account"))["notices"]
    told = {one["subjectName"] for one in notices if one["kind"] == "data_changed"}
    assert told >= {"identity", "registration", "particulars", "roster", "documents"}
    done(api.as_(Role.OFFICER).put(f"/api/v1/organizations/{bidder.id}/roster", json={"lines": []}))
    done(bidder.client.put(f"/api/v1/organizations/{bidder.id}/roster", json={"lines": []}))
    assert done(person.get("/api/v1/account"))["notices"] == notices, "people's changes are no program's"


def test_after_the_opening_a_program_changes_no_bidder_s_data(api):
    tender = Sealed(api)
    bidders = tender.decided()
    program, officer = api.as_(Role.CLIENT), api.as_(Role.OFFICER)
    url = f"/api/v1/organizations/{bidders[0].id}"
    before = [officer.get(f"{url}{part}").text for part in ("", "/dossier", "/registrations", "/roster/versions")]
    refused = {part: refusal(answer) for part, answer in changes(program, bidders[0].id).items()}
    assert refused == dict.fromkeys(refused, PROPOSE)
    after = [officer.get(f"{url}{part}").text for part in ("", "/dossier", "/registrations", "/roster/versions")]
    assert after == before
    done(officer.put(f"{url}/roster", json={"lines": []}))
    other = tender.bidder("没有投标的机构")
    done(program.put(f"/api/v1/organizations/{other.id}/roster", json={"lines": []}))


def test_a_program_sets_no_price_and_no_validity(client):
    tender = Procedure(client).qualification()
    program = client.as_(Role.CLIENT)
    bid = tender.bid()
    url = f"{tender.url}/bids/{bid['id']}"
    tag = {"If-Match": client.as_(Role.OFFICER).get(url).headers["etag"]}
    for body in ({"price": "1.00", "reason": "改"}, {"state": "invalid", "ground": "other", "reason": "无效"}):
        assert refusal(program.patch(url, json=body, headers=tag)) == PROPOSE
    again = {"lotId": tender.lot, "organizationId": tender.organization("乙"), "price": "1.00"}
    assert refusal(program.post(f"{tender.url}/bids", json=again)) == PROPOSE
    for step, body in (("move", {"to": "active.evaluation"}), ("cancel", {"reason": "取消"})):
        assert refusal(program.post(f"{tender.url}/{step}", json=body)) == PROPOSE
    assert done(client.as_(Role.OFFICER).get(url))["price"] == "980000.00"
