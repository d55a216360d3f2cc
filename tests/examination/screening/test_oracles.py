"""No oracle: neither a bidder nor a program finds out, by trying, whose ID number is where."""

import pytest

from app.examination.screening.what_if import numbers_set
from app.platform.access.roles import Role
from tests.conftest import Api
from tests.making.procedure import Procedure
from tests.making.screening_input import dossier
from tests.making.sealed import with_clock

API = "/api/v1"
NUMBER = "320508199003070732"


@pytest.fixture
def tender(platform):
    with Api(with_clock(platform)[0]) as api:
        yield Procedure(api)


def test_a_bidder_reads_its_screening_once_the_bids_are_opened(tender):
    """Until then the reasons would tell which of the persons that it lists are on another roster."""
    organization = tender.organization()
    bidder = tender.api.as_(Role.BIDDER, organization)
    screening = tender.screening(organization, "needs_review")
    for path in ("", "/explanation"):
        answer = bidder.get(f"{API}/screenings/{screening}{path}")
        assert (answer.status_code, answer.json()["code"]) == (409, "screening_withheld")
    assert bidder.get(f"{API}/screenings").json()["items"] == []
    assert tender.officer.get(f"{API}/screenings/{screening}").status_code == 200
    tender.api.platform.clock.at(60)
    tender.move("active.qualification")
    assert bidder.get(f"{API}/screenings/{screening}").status_code == 200
    assert [one["id"] for one in bidder.get(f"{API}/screenings").json()["items"]] == [screening]


PATCHES = {
    "a number": ({"op": "replace", "path": "/roster/0/residentId", "value": NUMBER}, 1),
    "a line": ({"op": "add", "path": "/roster/-", "value": {"name": "张三", "residentId": NUMBER}}, 1),
    "a roster": ({"op": "replace", "path": "/roster", "value": [{"residentId": NUMBER}, {"residentId": NUMBER}]}, 2),
    "an organization": (
        {"op": "replace", "path": "/organization", "value": {"legalRepresentative": {"residentId": NUMBER}}},
        1,
    ),
    "no number": ({"op": "add", "path": "/roster/-", "value": {"name": "张三", "residentId": None}}, 0),
    "a name": ({"op": "replace", "path": "/organization/name", "value": "社工服务社"}, 0),
    "a removal": ({"op": "remove", "path": "/roster/0"}, 0),
}


@pytest.mark.parametrize(("step", "numbers"), PATCHES.values(), ids=PATCHES)
def test_numbers_that_a_step_sets_are_counted(step, numbers):
    assert numbers_set(step["path"], step.get("value")) == numbers


@pytest.mark.sqlite_only
def test_a_program_sets_no_number_and_an_officer_is_counted(client):
    officer, program = client.as_(Role.OFFICER), client.as_(Role.CLIENT)
    made = officer.post(f"{API}/screenings", json={"dossier": dossier(), "asOf": "2017-05-31"}).json()
    guess = {"screening": made["id"], "patch": [PATCHES["a number"][0]]}
    refused = program.post(f"{API}/screenings/what-if", json=guess)
    assert (refused.status_code, refused.json()["code"]) == (403, "numbers_fixed")
    assert NUMBER not in refused.text
    harmless = {"screening": made["id"], "patch": [PATCHES["a name"][0]]}
    assert program.post(f"{API}/screenings/what-if", json=harmless).status_code == 200
    assert officer.post(f"{API}/screenings/what-if", json=guess).status_code == 200
    events = client.as_(Role.AUDITOR).get(f"{API}/audit", params={"subject": made["id"]}).json()["items"]
    counted = [one["after"] for one in events if one["event"] == "officer:screening:what_if"]
    assert counted == [{"numbersChanged": 1}]
