"""A screening within a tender uses the dossier as of the bid deadline (财政部令第87号 第三十三条、第五十一条)."""

import pytest

from app.core.procedure.tender_state import TenderState
from app.tendering.tenders.tables import Tender
from tests.making.dossiers import dossier
from tests.making.past import before
from tests.making.procedure import Procedure, done

DEADLINE = "2026-05-20T09:30:00+08:00"
NAME = "苏州市东渡试验社会工作服务社"


class Screened(Procedure):
    """A tender after its opening, with one bidder whose roster lacks two persons at the deadline."""

    def __init__(self, api):
        super().__init__(api)
        self.qualification()
        with before(api.platform, DEADLINE):
            self.bidder = self.organization(NAME)
            self.put(dossier(1, NAME, staff=6))

    def put(self, data):
        return done(self.officer.put(f"/api/v1/organizations/{self.bidder}/dossier", json=data))

    def screen(self):
        asked = {"tenderId": self.id, "organizationId": self.bidder, "assurance": "declared"}
        return self.officer.post("/api/v1/screenings", json={**asked, "asOf": "2017-05-31"})

    def heads(self):
        found = {one["id"]: one for one in done(self.screen())["requirements"]}
        return found["full_time_staff"]["observed"]


@pytest.fixture
def tender(client):
    return Screened(client)


def test_a_roster_that_came_late_is_not_taken(tender):
    assert tender.heads() == 6
    tender.put(dossier(1, NAME, staff=9))
    assert tender.heads() == 6


def test_a_late_roster_that_answers_a_clarification_is_taken(tender):
    bid = tender.bid(organization=tender.bidder)
    question = {
        "lotId": tender.lot, "about": "requirement", "requirement": "full_time_staff", "bids": [bid["id"]],
        "question": "请说明花名册", "dueOn": "2099-05-25",
    }  # fmt: skip
    (asked,) = done(tender.officer.post(f"{tender.url}/clarifications", json=question))["items"]
    tender.put(dossier(1, NAME, staff=9))
    late = done(tender.officer.get(f"/api/v1/organizations/{tender.bidder}/roster/versions"))["items"]
    newest = max(late, key=lambda one: one["number"])
    fact = {"text": "两名社工的合同", "basis": "public_register", "heldSince": "2026-05-01", "part": newest["id"]}
    answer = {"answer": "见所附花名册", "facts": [fact]}
    done(tender.officer.post(f"{tender.url}/clarifications/{asked['id']}/answer", json=answer))
    assert tender.heads() == 9


@pytest.mark.parametrize("state", [TenderState.AWARDED, TenderState.COMPLETE, TenderState.CANCELLED])
def test_once_awarded_only_what_if_answers(tender, client, state):
    stored = done(tender.screen())
    with client.platform.work() as work:
        work.session.get_one(Tender, tender.id).state = state.value
    refused = tender.screen()
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_phase")
    batch = tender.officer.post("/api/v1/screenings/batch", json={"tenderId": tender.id})
    assert (batch.status_code, batch.json()["code"]) == (409, "wrong_phase")
    asked = {"screening": stored["id"], "assurance": "documented"}
    assert done(tender.officer.post("/api/v1/screenings/what-if", json=asked))["screening"] == stored["id"]
