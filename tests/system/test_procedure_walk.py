"""Random steps of all actors, in any order, over the whole procedure: no step is half done, every invariant holds.

`make walk` takes more than 10,000 steps on each database; the suite takes a few hundred.
"""

import os
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.administration.check.rules import broken
from app.tendering.envelopes import age
from tests.conftest import Api
from tests.making.procedure import split
from tests.making.sealed import DEADLINE, PUBLISHED, Sealed, with_clock

STEPS = int(os.environ.get("TEST_WALK_STEPS", "150"))
EACH = 60  # steps of one run
CHUNK = 1200  # steps of one search, so that its memory stays small
ANSWERS = {200, 201, 202, 404, 409, 412, 422}
pick = st.integers(0, 3)


class Walk(RuleBasedStateMachine):
    """One tender with two lots and four bidders; every rule is a step of some actor, allowed or not."""

    api: Api
    taken = 0
    reached: set[str]

    @initialize(lots=st.integers(1, 2), depth=st.integers(0, 3))
    def begin(self, lots, depth):
        self.api.platform.clock.now = PUBLISHED
        self.tender = Sealed(self.api, lots=lots)
        self.bidders = [self.tender.bidder(f"机构{number}") for number in range(4)]
        for act in (self._bid_and_open, self._qualify, self._award)[:depth]:
            act()

    def _bid_and_open(self):
        """Prepare the bids: runs that begin at the deadline would hardly ever get to an award."""
        for lot in range(len(self.tender.lots)):
            self.everybody_submits(lot)
        self.the_deadline_comes()
        self.close()
        self.open(0, wrong=False)

    def _qualify(self):
        self.qualify_all()
        self.move("active.evaluation")

    def _award(self):
        for lot in range(len(self.tender.lots)):
            self.score_and_rank(lot, [80, 70, 60, 50])
        self.award("sequential")
        self.move("active.awarded")

    def went(self, answer):
        """A step succeeds or is refused with a reason; it is never half done."""
        type(self).taken += 1
        assert answer.status_code in ANSWERS, answer.text
        self.reached.add(f"{answer.request.method} {answer.request.url.path.rsplit('/', 1)[1]} {answer.status_code}")
        if answer.status_code >= 400:
            assert answer.json()["code"], answer.text
        return answer.json() if answer.status_code < 300 else None

    def items(self, path, who=None):
        answer = (who or self.tender.officer).get(f"{self.tender.url}{path}")
        return answer.json()["items"] if answer.status_code == 200 else []

    def lot(self, number):
        return self.tender.lots[number % len(self.tender.lots)]

    @rule(
        who=pick,
        lot=pick,
        price=st.sampled_from(["980000.00", "98.5万元", "950000", "一万五", "1000000.01", "900000.00", "500000.00"]),
    )
    def submit(self, who, lot, price):
        self.went(self.bidders[who].submit(lot=self.lot(lot), price=price))

    @rule(lot=pick)
    def everybody_submits(self, lot):
        for number, bidder in enumerate(self.bidders):
            self.went(bidder.submit(lot=self.lot(lot), price=f"{940_000 + number}.00"))

    @rule(who=pick, lot=pick)
    def submit_somebody_elses(self, who, lot):
        other = self.bidders[(who + 1) % 4].seal(lot=self.lot(lot)).envelope
        self.went(self.bidders[who].submit(other, lot=self.lot(lot)))

    @rule(who=pick, which=pick)
    def withdraw(self, who, which):
        own = self.bidders[who].envelopes()
        if own:
            self.went(self.bidders[who].withdraw(own[which % len(own)]["id"]))

    @rule(hours=st.sampled_from([-1, 0, 1, 24, 24 * 20]))
    def time_passes(self, hours):
        clock = self.tender.clock
        clock.now = max(clock.now, clock.now + timedelta(hours=hours))

    @rule()
    def the_deadline_comes(self):
        self.tender.clock.now = max(self.tender.clock.now, DEADLINE)

    @rule(affects=st.booleans())
    def amend(self, affects):
        self.went(
            self.tender.officer.post(f"{self.tender.url}/amendments", json={"text": "更正", "affectsBids": affects})
        )

    @rule()
    def close(self):
        self.went(self.tender.close())

    @rule(number=st.integers(0, 2), wrong=st.booleans())
    def open(self, number, wrong):
        key = self.tender.key(number)
        self.went(self.tender.open({**key, "identity": age.new_identity()[0]} if wrong else key))

    @rule(which=pick, state=st.sampled_from(["active", "active", "unsuccessful"]))
    def qualify(self, which, state):
        bids = self.items("/bids")
        if bids:
            verdict = "eligible" if state == "active" else "ineligible"
            self.went(self.tender.qualify(bids[which % len(bids)], state, verdict))

    @rule()
    def qualify_all(self):
        for bid in self.items("/bids"):
            if bid["state"] == "opened":
                self.went(self.tender.qualify(bid))

    @rule(which=pick)
    def cancel_a_qualification(self, which):
        rows = self.items("/qualifications")
        if rows:
            row = rows[which % len(rows)]
            url, tag = f"{self.tender.url}/qualifications/{row['id']}", {"If-Match": f'"{row["version"]}"'}
            self.went(self.tender.officer.patch(url, json={"state": "cancelled", "reason": "重审"}, headers=tag))

    @rule(to=st.sampled_from(["active.qualification", "active.evaluation", "active.awarded", "complete"]))
    def move(self, to):
        self.went(self.tender.officer.post(f"{self.tender.url}/move", json={"to": to}))

    @rule(lot=pick, points=st.lists(st.integers(0, 90), min_size=4, max_size=4))
    def score_and_rank(self, lot, points):
        bids = [bid for bid in self.items("/bids") if bid["lotId"] == self.lot(lot) and bid["state"] == "valid"]
        scores = {bid["id"]: split(str(total)) for bid, total in zip(bids, points, strict=False)}
        if scores:
            self.went(self.tender.record_sheet(scores, lot=self.lot(lot)))
        self.went(self.tender.rank(self.lot(lot)))

    @rule(kind=st.sampled_from(["sequential", "optimal", "independent"]))
    def award(self, kind):
        scenario = self.went(self.tender.scenario(rule=kind))
        if scenario:
            self.went(self.tender.decide(scenario["id"]))

    @rule(which=pick, falls=st.booleans())
    def cancel_an_award(self, which, falls):
        rows = self.items("/awards")
        if rows:
            row = rows[which % len(rows)]
            url, tag = f"{self.tender.url}/awards/{row['id']}", {"If-Match": f'"{row["version"]}"'}
            body = {"state": "cancelled", "reason": "放弃", "winnerFalls": falls}
            self.went(self.tender.officer.patch(url, json=body, headers=tag))

    @rule(lot=pick, agrees=st.booleans())
    def sign_the_report(self, lot, agrees):
        ranking = self.tender.officer.get(f"/api/v1/lots/{self.lot(lot)}/ranking")
        if ranking.status_code == 200:
            word = {"member": "expert-1", "agrees": agrees, "dissent": None if agrees else "评分依据不足"}
            self.went(self.tender.officer.post(f"/api/v1/rankings/{ranking.json()['id']}/signatures", json=word))

    @rule(lot=pick)
    def explain_low_prices(self, lot):
        day = self.tender.clock.now.date().isoformat()
        bids = [bid["id"] for bid in self.items("/bids") if bid["lotId"] == self.lot(lot) and bid["state"] == "valid"]
        if bids:
            asked = {"lotId": self.lot(lot), "about": "low_price", "bids": bids[:1], "question": "请说明", "dueOn": day}
            for one in (self.went(self.tender.officer.post(f"{self.tender.url}/clarifications", json=asked)) or {}).get(
                "items", []
            ):
                url = f"{self.tender.url}/clarifications/{one['id']}/answer"
                self.went(self.tender.officer.post(url, json={"answer": "成本测算"}))

    @rule(confirmed=st.booleans())
    def answer_a_corrected_price(self, confirmed):
        for row in self.items("/envelopes")[:1]:
            body = {"envelope": row["id"], "confirmed": confirmed, "answer": "确认"}
            self.went(self.tender.officer.post(f"{self.tender.url}/opening/confirmations", json=body))

    @rule(who=pick)
    def ask(self, who):
        day = self.tender.clock.now.date().isoformat()
        self.went(self.bidders[who].client.post(f"{self.tender.url}/questions", json={"text": "问", "knownOn": day}))

    @rule(upheld=st.booleans())
    def answer_questions(self, upheld):
        for row in self.items("/questions")[:2]:
            url, tag = f"{self.tender.url}/questions/{row['id']}/answer", {"If-Match": f'"{row["version"]}"'}
            self.went(self.tender.officer.post(url, json={"upheld": upheld, "answer": "答"}, headers=tag))

    @rule()
    def announce(self):
        self.went(self.tender.officer.post(f"{self.tender.url}/award-notices"))

    @rule(which=pick)
    def contract(self, which):
        rows = self.items("/awards")
        if rows:
            award, promise = rows[which % len(rows)]["id"], {"classes": ["基础"], "heads": 60}
            body = {
                "tenderId": self.tender.id,
                "award": award,
                "promise": promise,
                "teamFormedBy": "2026-06-30",
                "stationedBy": "2026-07-05",
            }
            self.went(self.tender.officer.post("/api/v1/contracts", json=body))

    @rule(state=st.sampled_from(["sign", "held", "pending", "terminated", "complete", "cancelled"]))
    def move_contracts(self, state):
        for row in self.tender.officer.get("/api/v1/contracts?limit=100").json()["items"]:
            if row["tenderId"] != self.tender.id:
                continue
            url, tag = f"/api/v1/contracts/{row['id']}", {"If-Match": f'"{row["version"]}"'}
            day = {"signedOn": self.tender.clock.now.date().isoformat()}
            path, body = ("signature", day) if state == "sign" else ("state", {"state": state, "reason": "x"})
            self.went(self.tender.officer.post(f"{url}/{path}", json=body, headers=tag))

    @precondition(lambda self: hasattr(self, "tender"))
    @invariant()
    def nothing_is_broken(self):
        with self.api.platform.work() as work:
            found = {one.id: ids for one, ids in broken(work.session, quick=True) if ids}
        assert found == {}

    def teardown(self):
        with self.api.platform.work() as work:
            found = {one.id: ids for one, ids in broken(work.session) if ids}
        assert found == {}


def test_no_sequence_of_moves_breaks_an_invariant(platform):
    with Api(with_clock(platform)[0]) as api:
        machine = type("Walked", (Walk,), {"api": api, "taken": 0, "reached": set()})
        slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
        for first in range(0, STEPS, CHUNK):
            chosen = settings(
                max_examples=max(1, min(CHUNK, STEPS - first) // EACH), stateful_step_count=EACH, deadline=None,
                suppress_health_check=slow, phases=[Phase.generate], derandomize=STEPS < CHUNK, database=None,
            )  # fmt: skip
            run_state_machine_as_test(machine, settings=chosen)
        assert machine.taken >= STEPS // 3
        if STEPS < CHUNK:  # too few steps to get far every time; `make walk` requires the whole procedure
            return
        made = {move for move in machine.reached if move.endswith(("200", "201"))}
        assert {"POST envelopes 201", "POST close 200", "POST opening 200", "POST awards 201"} <= made
