"""A tender after its opening, with four bidders whose dossiers a test may change before the leads are computed."""

import copy

import pytest

from tests.making.dossiers import dossier
from tests.making.past import before
from tests.making.procedure import Procedure, done


class Compared(Procedure):
    """A tender whose bidders have dossiers and unrelated rosters."""

    def __init__(self, api):
        super().__init__(api, lots=2)
        self.qualification()
        self.dossiers = {}

    def bidder(self, change=lambda data: None, price="980000.00", lot=0):
        number = len(self.dossiers) + 1
        data = copy.deepcopy(dossier(number, f"苏州市第{number}社会工作服务社", first=20 * number))
        change(data)
        with before(self.api.platform, "2026-05-20T09:30:00+08:00"):
            organization = self.organization(data["organization"]["name"])
            self.put(organization, data)
        done(self.record_bid(organization, price, self.lots[lot]))
        return organization

    def put(self, organization, data):
        self.dossiers[organization] = data
        done(self.officer.put(f"/api/v1/organizations/{organization}/dossier", json=data))

    def four(self, *changes):
        """Return four bidders; the first of them changed."""
        prices = ("962341.17", "943127.58", "996733.09", "901518.33")
        nothing = [lambda data: None] * (4 - len(changes))
        return [self.bidder(change, price) for change, price in zip([*changes, *nothing], prices, strict=True)]

    def compute(self):
        job = done(self.officer.post(f"{self.url}/flags"))
        self.api.run_jobs()
        ended = done(self.officer.get(f"/api/v1/jobs/{job['id']}"))
        assert ended["state"] == "succeeded", ended
        return ended["result"]

    def flags(self, **query):
        return done(self.officer.get(f"{self.url}/flags", params=query))["items"]

    def flag(self, code):
        (found,) = self.flags(code=code)
        return found

    def dispose(self, flag, finding="dismissed", reason="两人同名同号，系录入错误，已核对原件", **other):
        body = {"finding": finding, "reason": reason, "evidenceHash": flag["evidenceHash"], **other}
        return self.officer.post(f"/api/v1/flags/{flag['id']}/dispositions", json=body)


@pytest.fixture
def tender(client):
    return Compared(client)
