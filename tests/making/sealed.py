"""A tender with sealed bids for tests: three custodians of whom two can open, bidders with keys, a settable clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from app.bidders.organizations import registry
from app.bidders.organizations.schemas import OrganizationIn
from app.platform.access.roles import SYSTEM, Role
from app.tendering.envelopes import age
from app.tendering.envelopes.ceremony import TenderKey, hold, peel
from app.tendering.envelopes.sealing import Offer
from app.tendering.envelopes.sealing import sealed as seal
from tests.making.procedure import SCHEME, Procedure, award, done, without_committee

DEADLINE = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)
PUBLISHED = DEADLINE - timedelta(days=21)


class Clock:
    """A clock that does not move unless set."""

    def __init__(self, now=PUBLISHED):
        self.now = now

    def __call__(self):
        return self.now

    def at(self, seconds):
        """Set the clock to this many seconds after the deadline."""
        self.now = DEADLINE + timedelta(seconds=seconds)


def with_clock(platform):
    clock = Clock()
    return replace(platform, clock=clock), clock


class Sealed(Procedure):
    """One tender with lots a, b, … whose bids are sealed."""

    practice = False
    rules: ClassVar[dict] = {}  # of the policy, instead of the preset's

    def __init__(self, api, lots=1, publish=True):
        self.api, self.clock = api, api.platform.clock
        self.officer = api.as_(Role.OFFICER)
        keys = [chr(97 + number) for number in range(lots)]
        body = {
            "title": "试点", "bidDeadline": DEADLINE.isoformat(), "scheme": SCHEME, "award": award(order=keys),
            "lots": [{"key": key, "name": f"采购单元{key}", "value": "1000000.00"} for key in keys],
            "policy": {**without_committee(), **self.rules}, "practice": self.practice,
        }  # fmt: skip
        self.id = done(self.officer.post("/api/v1/tenders", json=body))["id"]
        self.url = f"/api/v1/tenders/{self.id}"
        self.lots = [lot["id"] for lot in done(self.officer.get(f"{self.url}/lots"))["items"]]
        self.lot = self.lots[0]
        self.custodians = {name: age.new_identity() for name in ("公证处", "采购人", "代理机构")}
        self.ceremony = hold({name: pair[1] for name, pair in self.custodians.items()}, 2)
        done(self.officer.put(f"{self.url}/opening/key", json=self.ceremony.document()))
        if publish:
            done(self.officer.post(f"{self.url}/publish"))

    def bidder(self, name="苏州市某某社会工作服务社"):
        with self.api.platform.work(SYSTEM) as work:
            organization = registry.create(work, OrganizationIn(name=name)).id
        return Bidder(self, organization, self.api.as_(Role.BIDDER, organization))

    def key(self, number=0):
        """Return the tender's key, peeled by the custodians of a subset."""
        layer = self.ceremony.wraps[number]
        while not isinstance(layer, TenderKey):
            layer = peel(layer, self.custodians[layer.custodians[0]][0])
        return layer.document()

    def close(self):
        return self.officer.post(f"{self.url}/opening/close")

    def open(self, key=None):
        return self.officer.post(f"{self.url}/opening", json=key or self.key())

    def opening(self, who=None):
        return done((who or self.officer).get(f"{self.url}/opening"))

    def decided(self, totals=("90", "80", "70")):
        """Take three bidders of lot a from envelopes to an award; they are returned in rank order."""
        bidders = [self.bidder(f"机构{number}") for number in range(len(totals))]
        for number, bidder in enumerate(bidders):
            done(bidder.submit(price=f"{950_000 + number}.00"))
        self.clock.at(0)
        done(self.close())
        record = {line["organization"]: line["bid"] for line in done(self.open())["record"]}
        self.bids = [{"id": record[bidder.id], "organizationId": bidder.id} for bidder in bidders]
        for bid in self.bids:
            done(self.qualify(bid))
        self.evaluation()
        self.ranked(self.bids, totals)
        self.awards = done(self.decide(done(self.scenario(rule="sequential"))["id"]))["items"]
        self.move("active.awarded")
        return bidders


class Bidder:
    """An organization that bids."""

    def __init__(self, tender, organization, client):
        self.tender, self.id, self.client = tender, organization, client

    def seal(self, price="980000.00", lot=None, **other):
        offer = Offer(self.tender.id, lot or self.tender.lots[0], self.id, price=price)
        return seal(replace(offer, **other), self.tender.ceremony.public_key)

    def submit(self, envelope=None, lot=None, headers=None, **other):
        content = self.seal(lot=lot, **other).envelope if envelope is None else envelope
        files = {"file": ("bid.age", content, "application/octet-stream")}
        form = {"lotId": lot or self.tender.lots[0]}
        return self.client.post(f"{self.tender.url}/envelopes", files=files, data=form, headers=headers)

    def withdraw(self, envelope):
        return self.client.post(f"{self.tender.url}/envelopes/{envelope}/withdraw")

    def envelopes(self):
        return done(self.client.get(f"{self.tender.url}/envelopes"))["items"]
