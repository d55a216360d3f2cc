"""Bring a tender to the state that a test needs, over HTTP; screenings are recorded with the verdict that the test
requires.
"""

from datetime import date

from app.bidders.organizations import registry
from app.bidders.organizations.schemas import OrganizationIn
from app.core.values.canonical import sha256_hex
from app.examination.screening.tables import ScreeningPolicy, ScreeningRun
from app.platform.access.roles import SYSTEM, Role
from app.tendering.policies.presets import preset_document
from tests.making.past import before

FACTORS = ("service_plan", "project_team", "management", "track_record")
SCHEME = {
    "price": {"points": "10", "formula": "lowest_price"},
    "factors": [
        {
            "id": "technical",
            "title": {"zh": "技术", "en": "Technical"},
            "points": "60",
            "objective": False,
            "technical": True,
        },
        {
            "id": "record",
            "title": {"zh": "业绩", "en": "Record"},
            "points": "30",
            "objective": True,
            "technical": False,
        },
    ],
    "rounding": {"places": 2},
    "minBidders": 3,
    "tieBreak": ["price", "technical", "lot_draw"],
    "abnormallyLowShare": "0.80",
    "legalBasis": ["财政部令第87号 第五十五条"],
}


def award(rule="sequential", limit=1, order=()):
    limits = {"maximumLotsAwardedPerSupplier": limit, "perSupplier": {}}
    return {"rule": rule, "objective": "total_score", "limits": limits, "lotOrder": list(order)}


def without_committee():
    """Return the rules of suzhou-current for a purchase that requires no committee: one sheet is enough for a ranking."""
    return {**preset_document("suzhou-current"), "committeeRequired": False}


class Procedure:
    """One tender with lots a, b, …"""

    def __init__(self, api, lots=1, scheme=SCHEME, award_rule=None, committee=False):
        self.api = api
        self.officer = api.as_(Role.OFFICER)
        keys = [chr(97 + number) for number in range(lots)]
        body = {
            "title": "试点",
            "policy": "suzhou-current" if committee else without_committee(),
            "bidDeadline": "2026-05-20T09:30:00+08:00",
            "lots": [{"key": key, "name": f"采购单元{key}", "value": "1000000.00"} for key in keys],
            "scheme": scheme,
            "award": award_rule or award(order=keys),
        }
        with before(api.platform, body["bidDeadline"]):
            self.id = done(self.officer.post("/api/v1/tenders", json=body))["id"]
            self.url = f"/api/v1/tenders/{self.id}"
            listed = done(self.officer.get(f"{self.url}/lots"))["items"]
            self.lots = [lot["id"] for lot in listed]
            self.lot = self.lots[0]
            done(self.officer.post(f"{self.url}/publish"))

    def move(self, to):
        return done(self.officer.post(f"{self.url}/move", json={"to": to}))

    def qualification(self):
        self.move("active.qualification")
        return self

    def evaluation(self):
        self.move("active.evaluation")
        return self

    def organization(self, name="苏州市某某社会工作服务社"):
        with self.api.platform.work(SYSTEM) as work:
            return registry.create(work, OrganizationIn(name=name)).id

    def screening(self, organization, verdict="eligible", tender=None):
        with self.api.platform.work(SYSTEM) as work:
            policy = sha256_hex(b"{}")
            if work.session.get(ScreeningPolicy, policy) is None:
                work.session.add(ScreeningPolicy(sha256=policy, document={}))
                work.session.flush()
            run = ScreeningRun(
                tender_id=tender or self.id,
                organization_id=organization,
                policy_id="p",
                policy_sha256=policy,
                as_of=date(2026, 5, 20),
                assurance="documented",
                verdict=verdict,
                score=100,
                engine_version="1",
                input_hash="0" * 64,
                result_hash="0" * 64,
                created_by="system",
                inputs={},
                result="{}",
            )
            work.session.add(run)
            work.session.flush()
            return run.id

    def record_bid(self, organization, price="980000.00", lot=None, **other):
        body = {"lotId": lot or self.lot, "organizationId": organization, "price": price, **other}
        return self.officer.post(f"{self.url}/bids", json=body)

    def bid(self, price="980000.00", lot=None, organization=None, **other):
        return done(self.record_bid(organization or self.organization(), price, lot, **other))

    def qualify(self, bid, state="active", verdict="eligible", **other):
        body = {"bid": bid["id"], "screening": self.screening(bid["organizationId"], verdict), "state": state, **other}
        return self.officer.post(f"{self.url}/qualifications", json=body)

    def qualified_bid(self, price="980000.00", lot=None, organization=None, **other):
        bid = self.bid(price, lot, organization, **other)
        done(self.qualify(bid))
        return bid

    def record_sheet(self, scores, member="expert-1", lot=None, **other):
        body = {"member": member, "scores": scores, **other}
        return self.officer.post(f"/api/v1/lots/{lot or self.lot}/score-sheets", json=body)

    def sheet(self, totals, member="expert-1", lot=None):
        """Return a sheet with these totals by bid: up to 60 points technical, the rest the record."""
        scores = {bid: split(total) for bid, total in totals.items()}
        return done(self.record_sheet(scores, member, lot))

    def rank(self, lot=None):
        return self.officer.post(f"/api/v1/lots/{lot or self.lot}/ranking")

    def ranked(self, bids, totals, lot=None):
        """Bring a lot with these bids to a ranking."""
        self.sheet({bid["id"]: total for bid, total in zip(bids, totals, strict=True)}, lot=lot)
        return done(self.rank(lot))

    def scenario(self, **asked):
        return self.officer.post(f"{self.url}/award-scenarios", json=asked)

    def decide(self, scenario, **other):
        return self.officer.post(f"{self.url}/awards", json={"scenario": scenario, **other})


def split(total):
    """Split a total into points of the two factors."""
    whole = float(total)
    technical = min(60.0, whole)
    return {"technical": f"{technical:.2f}", "record": f"{whole - technical:.2f}"}


def done(answer):
    """Return the body of a successful response."""
    assert answer.status_code < 300, answer.text
    return answer.json()


def refusal(answer):
    """Return status and code, and the codes and pointers of the errors."""
    body = answer.json()
    faults = [(fault["code"], fault["pointer"]) for fault in body.get("errors", [])]
    return (answer.status_code, body["code"], *faults)
