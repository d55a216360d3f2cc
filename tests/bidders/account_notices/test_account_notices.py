"""Admins cannot act as a bidder, see no prices, and whoever they act for is informed."""

import pytest

from app.platform.access.roles import Role
from tests.conftest import Api
from tests.making.people import ACCOUNT, entered, make, settled
from tests.making.procedure import Procedure, done, refusal
from tests.making.sealed import Sealed, with_clock

KEYS, OWN, USERS, TRAIL = "/api/v1/api-keys", f"{ACCOUNT}/api-keys", "/api/v1/users", "/api/v1/audit"


def kinds(person):
    return [one["kind"] for one in done(person.get(ACCOUNT))["notices"]]


def test_a_bidder_s_keys_are_made_in_its_own_login(client):
    own, other = (Procedure(client).organization(name) for name in ("甲", "乙"))
    body = {"name": "代投", "role": "bidder", "organizationId": own}
    assert refusal(client.as_(Role.ADMIN).post(KEYS, json=body)) == (403, "bidder_makes_keys")
    _, person = settled(client, "jia", "bidder", organizationId=own)
    _, rival = settled(client, "yi", "bidder", organizationId=other)
    assert refusal(client.as_(Role.ADMIN).post(OWN, json={"name": "a"})) == (403, "forbidden")
    assert refusal(client.as_(Role.BIDDER, own).post(OWN, json={"name": "a"})) == (403, "forbidden"), "a key makes none"
    made = done(person.post(OWN, json={"name": "投标软件"}))
    assert (made["role"], made["organizationId"]) == ("bidder", own)
    program = client.with_key(made["key"])
    assert program.get(f"/api/v1/organizations/{own}").status_code == 200
    assert program.get(f"/api/v1/organizations/{other}").status_code == 404
    assert made["id"] in [one["id"] for one in done(person.get(OWN))["items"]]
    assert done(rival.get(OWN))["items"] == []
    assert refusal(rival.delete(f"{OWN}/{made['id']}")) == (404, "not_found")
    assert done(person.delete(f"{OWN}/{made['id']}"))["disabledAt"] is not None
    assert program.get(f"/api/v1/organizations/{own}").status_code == 401
    assert kinds(person)[0] == "key_created", "the organization's accounts are informed of its own keys, too"


def test_a_reset_login_informs_its_owner(client):
    own = Procedure(client).organization()
    made, person = settled(client, "jia", "bidder", organizationId=own)
    _, colleague = settled(client, "yi", "bidder", organizationId=own)
    before = kinds(colleague)
    given = done(client.as_(Role.ADMIN).post(f"{USERS}/{made['id']}/reset"))["password"]
    assert person.get(ACCOUNT).status_code == 401
    impostor = entered(client, "jia", given)  # the admin knows the password that it gave out
    assert done(impostor.get(ACCOUNT))["notices"][0]["kind"] == "login_reset"
    notice = done(colleague.get(ACCOUNT))["notices"][0]
    assert (notice["kind"], notice["subjectId"]) == ("login_reset", made["id"])
    assert kinds(colleague) == ["login_reset", *before]
    assert impostor.delete(f"{ACCOUNT}/notices/{notice['id']}").status_code == 404


def test_another_account_or_key_is_shown_at_the_next_login(client):
    own = Procedure(client).organization()
    _, bidder = settled(client, "jia", "bidder", organizationId=own)
    _, officer = settled(client, "ban", "officer")
    added = make(client, "yi", "bidder", organizationId=own)
    key = done(client.as_(Role.ADMIN).post(KEYS, json={"name": "脚本", "role": "officer"}))
    answer = done(bidder.get(ACCOUNT))["notices"][0]
    assert (answer["kind"], answer["subjectId"]) == ("account_created", added["id"])
    answer = done(officer.get(ACCOUNT))["notices"][0]
    assert (answer["kind"], answer["subjectId"], answer["subjectName"]) == ("key_created", key["id"], "脚本")
    assert "key_created" not in kinds(bidder), "another role's key is no business of a bidder"


def test_a_changed_account_informs_those_it_acted_for(client):
    own, other = (Procedure(client).organization(name) for name in ("甲", "乙"))
    made, _ = settled(client, "jia", "bidder", organizationId=own)
    _, here = settled(client, "yi", "bidder", organizationId=own)
    _, there = settled(client, "bing", "bidder", organizationId=other)
    admin, url = client.as_(Role.ADMIN), f"{USERS}/{made['id']}"
    tag = admin.get(url).headers["etag"]
    done(admin.patch(url, json={"organizationId": other}, headers={"If-Match": tag}))
    assert (kinds(here)[0], kinds(there)[0]) == ("account_changed", "account_changed")


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


def test_admins_read_no_price_in_the_trail(api):
    tender = Sealed(api)
    tender.decided()
    prices = ("950000", "950001", "950002")
    admin, auditor = api.as_(Role.ADMIN), api.as_(Role.AUDITOR)
    assert all(price in auditor.get(f"{TRAIL}?chain={tender.id}&limit=200").text for price in prices)
    read = admin.get(f"{TRAIL}?limit=200").text
    assert "admin:api_key:create" in read and not any(price in read for price in prices)
    assert refusal(admin.get(f"{TRAIL}?chain={tender.id}")) == (403, "trail_of_tenders")
    subject = tender.bids[0]["id"]
    assert done(admin.get(f"{TRAIL}?subject={subject}"))["items"] == []
    assert done(admin.get(f"{TRAIL}?chain=instance"))["items"]
