"""Two or more at once: exactly one wins, the others are refused with a reason, and what is there is what was answered.

    python -m proof.races [--rounds N] [--databases sqlite,postgresql] [--only RACE,…]

Each race has a world of its own; a round prepares something, sends all its requests from as many threads at once, and
judges the answers. The deadline race sends each request at a chosen millisecond around the deadline.
"""

import argparse
import itertools
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx2

from proof.databases import servers, workshop
from proof.instances import Instance, NotReady
from proof.outcome import Outcome
from proof.worlds import World, Worlds
from tests.making.sealed import DEADLINE

Answer = httpx2.Response
REFUSED = {409, 412, 422}
THREADS = 4


class Race:
    """A world that is served, with clients that are kept, and threads that begin together."""

    def __init__(self, worlds: Worlds, stage: str, outcome: Outcome, told: str, now: datetime | None = None) -> None:
        self.world: World = worlds.copy(stage, now)
        self.instance, self.facts = self.world.instance, self.world.facts
        self.outcome, self.told = outcome, told
        self.instance.extra["BIDSCREEN_QUOTA_ENVELOPES"] = "1000000"
        self.instance.start("serve")
        self._clients: dict[tuple[str, int], httpx2.Client] = {}
        self._pool = ThreadPoolExecutor(THREADS)
        self._gate = threading.Barrier(THREADS)
        self.numbers = itertools.count()

    def client(self, key: str, thread: int = 0) -> httpx2.Client:
        """Return a client that is kept for a thread."""
        if (key, thread) not in self._clients:
            self._clients[key, thread] = self.instance.client(key)
        return self._clients[key, thread]

    def at_once(self, *calls: Callable[[int], Answer]) -> list[Answer]:
        """Send the requests at once, each by a thread of its own."""
        self._gate = threading.Barrier(len(calls))

        def go(number: int, call: Callable[[int], Answer]) -> Answer:
            self._gate.wait()
            return call(number)

        return [one.result() for one in [self._pool.submit(go, *both) for both in enumerate(calls)]]

    def judge(self, answers: list[Answer], winners: int, what: str) -> None:
        """So many win; the others are refused with a reason."""
        self.outcome.figures[self.told] += 1
        won = [one for one in answers if one.status_code < 300]
        lost = [one for one in answers if one.status_code >= 300]
        good = all(one.status_code in REFUSED and one.json().get("code") for one in lost)
        seen = [(one.status_code, one.text[:120]) for one in answers]
        self.outcome.require(len(won) == winners and good, f"{self.told}: {what}: {seen}")

    def end(self) -> None:
        """Check what is there, and remove it."""
        self._pool.shutdown()
        for client in self._clients.values():
            client.close()
        self.instance.end(15)
        checked = self.instance.run("check")
        self.outcome.require(
            checked.returncode == 0, f"{self.told}: check {checked.stdout[-300:]} {checked.stderr[-200:]}"
        )
        self.instance.remove()


def _submit(race: Race, key: str, idempotency: str, content: bytes | None = None) -> Callable[[int], Answer]:
    path, form = f"/tenders/{race.facts['tender']}/envelopes", {"lotId": race.facts["lot"]}
    files = {"file": ("bid.age", content or race.facts["envelope"], "application/octet-stream")}
    headers = {"Idempotency-Key": idempotency}
    return lambda thread: race.client(key, thread).post(path, files=files, data=form, headers=headers)


def _standing(race: Race) -> list[dict[str, Any]]:
    listed = race.client(race.facts["late_key"]).get(f"/tenders/{race.facts['tender']}/envelopes?limit=100")
    return [one for one in listed.json()["items"] if one["state"] == "sealed"]


def equal_keys(race: Race) -> None:
    """Four submissions with one key: one envelope, and equal answers or a refusal while the first is under way."""
    name = f"equal-{next(race.numbers)}"
    answers = race.at_once(*[_submit(race, race.facts["late_key"], name) for _ in range(THREADS)])
    good = [one for one in answers if one.status_code < 300]
    race.outcome.figures[race.told] += 1
    bodies = {one.text for one in good}
    other = [one for one in answers if one.status_code >= 300 and one.status_code not in REFUSED]
    race.outcome.require(
        len(bodies) == 1 and not other, f"{race.told}: {[(one.status_code, one.text[:90]) for one in answers]}"
    )
    race.outcome.require(len(_standing(race)) == 1, f"{race.told}: {len(_standing(race))} envelopes stand")


def different_keys(race: Race) -> None:
    """Four submissions with different keys: each is accepted and replaces the one before; one stands."""
    number = next(race.numbers)
    answers = race.at_once(
        *[_submit(race, race.facts["late_key"], f"different-{number}-{one}") for one in range(THREADS)]
    )
    won = sum(one.status_code < 300 for one in answers)
    race.judge(answers, won, "submitted")
    race.outcome.require(
        won >= 1 and len(_standing(race)) == 1, f"{race.told}: {won} accepted, {len(_standing(race))} stand"
    )


def lost_update(race: Race) -> None:
    """Four changes of one version: one wins, three meet 412, and what is there is the winner's."""
    officer = race.facts["officer"]
    path = f"/organizations/{race.facts['late']}"
    tag = race.client(officer).get(path).headers["etag"]
    number = next(race.numbers)

    def change(one: int) -> Callable[[int], Answer]:
        body = {"name": f"机构{number}-{one}"}
        return lambda thread: race.client(officer, thread).patch(path, json=body, headers={"If-Match": tag})

    answers = race.at_once(*[change(one) for one in range(THREADS)])
    race.judge(answers, 1, "changed")
    kept = race.client(officer).get(path).json()["name"]
    race.outcome.require(kept in [one.json().get("name") for one in answers], f"{race.told}: kept {kept}")


def double_award(race: Race) -> None:
    """Two decisions on the awards of one scenario: one wins; it is cancelled for the next round."""
    officer, path = race.facts["officer"], f"/tenders/{race.facts['tender']}/awards"
    body = {"scenario": race.facts["scenario"]}
    answers = race.at_once(*[lambda thread: race.client(officer, thread).post(path, json=body)] * 2)
    race.judge(answers, 1, "decided")
    won = next((one for one in answers if one.status_code < 300), None)
    for award in won.json()["items"] if won else ():
        tag = {"If-Match": f'"{award["version"]}"'}
        gone = {"state": "cancelled", "reason": "重审"}
        back = race.client(officer).patch(f"{path}/{award['id']}", json=gone, headers=tag)
        race.outcome.require(back.status_code == 200, f"{race.told}: cancelled {back.status_code} {back.text[:120]}")


def two_openings(race: Race) -> None:
    """Two custodians' keys at once: one opening, one record."""
    officer, path = race.facts["officer"], f"/tenders/{race.facts['tender']}/opening"
    answers = race.at_once(*[lambda thread: race.client(officer, thread).post(path, json=race.facts["open"])] * 2)
    race.judge(answers, 1, "opened")


def withdraw_against_close(race: Race) -> None:
    """An envelope is withdrawn while the bidding is closed: withdrawn and not in the list, or refused and in it."""
    tender, who = race.facts["tender"], race.facts["first_key"]
    envelope, instant = race.facts["first_envelope"], race.instance.now
    assert instant is not None
    for thread in range(2):
        race.client(who, thread).get(f"/tenders/{tender}")
        race.client(race.facts["officer"], thread).get(f"/tenders/{tender}")
    wait = (DEADLINE - instant).total_seconds() - (time.monotonic() - race.started)
    time.sleep(max(0.0, wait - random.random() / 25))

    def withdraw(thread: int) -> Answer:
        return race.client(who, thread).post(f"/tenders/{tender}/envelopes/{envelope}/withdraw")

    def close(thread: int) -> Answer:
        answer = race.client(race.facts["officer"], thread).post(f"/tenders/{tender}/opening/close")
        while answer.status_code == 409 and answer.json()["code"] == "bidding_open":
            answer = race.client(race.facts["officer"], thread).post(f"/tenders/{tender}/opening/close")
        return answer

    gone, closed = race.at_once(withdraw, close)
    race.judge([gone, closed], 2 if gone.status_code < 300 else 1, "closed")
    listed = len(closed.json().get("envelopes", []))
    expected = 2 if gone.status_code < 300 else 3
    race.outcome.figures["withdrawn in time"] += expected == 2
    race.outcome.require(listed == expected, f"{race.told}: {gone.status_code}, {listed} listed")


def around_the_deadline(race: Race) -> None:
    """Submissions some milliseconds around the deadline: accepted exactly where the receipt is before it."""
    instant = race.instance.now
    assert instant is not None
    start = race.started + (DEADLINE - instant).total_seconds()
    offsets = [one / 1000 for one in (-60, -40, -25, -15, -10, -7, -5, -4, -3, -2, -1, 0, 1, 2, 5, 10)]

    def burst(thread: int) -> list[Answer]:
        sent = []
        race.client(race.facts["late_key"], thread).get(f"/tenders/{race.facts['tender']}")
        for offset in offsets[thread::THREADS]:
            time.sleep(max(0.0, start + offset - time.monotonic()))
            sent.append(_submit(race, race.facts["late_key"], f"ms-{next(race.numbers)}")(thread))
        return sent

    found = list(itertools.chain(*race._pool.map(burst, range(THREADS))))
    for answer in found:
        race.outcome.figures[race.told] += 1
        body = answer.json()
        if answer.status_code < 300:
            received = datetime.fromisoformat(body["receivedAt"])
            race.outcome.figures["accepted around it"] += 1
            race.outcome.require(received < DEADLINE, f"{race.told}: accepted at {received}")
        else:
            code = body.get("code")
            race.outcome.require(code == "bidding_closed", f"{race.told}: {answer.status_code} {code}")


def two_workers(race: Race) -> None:
    """Four processes' workers and one job each time: it is carried out once."""
    officer = race.facts["officer"]
    body = {
        "dossiers": [{"name": str(one), "dossier": race.facts["dossier"]} for one in range(2)],
        "asOf": "2026-05-20",
    }
    answer = race.client(officer).post("/screenings/batch", json=body)
    race.outcome.figures[race.told] += 1
    if not race.outcome.require(answer.status_code == 202, f"{race.told}: {answer.status_code} {answer.text[:120]}"):
        return
    job, until = answer.json()["id"], time.monotonic() + 20
    while (found := race.client(officer).get(f"/jobs/{job}").json())["state"] in ("queued", "running"):
        if time.monotonic() > until:
            race.outcome.breach(f"{race.told}: the job did not end")
            return
        time.sleep(0.01)
    batch = found["result"]["batch"]
    made = race.client(officer).get(f"/screenings?batch={batch}&limit=100").json()["items"]
    race.outcome.require(
        found["state"] == "succeeded" and len(made) == 2, f"{race.told}: {found['state']}, {len(made)} made"
    )


def two_migrations(worlds: Worlds, outcome: Outcome, told: str) -> None:
    """Two processes migrate an empty database: both succeed, on one set of tables."""
    instance = worlds.empty()
    instance.folder.mkdir()
    started = [instance.start("migrate") for _ in range(2)]
    for one in started:
        one.communicate(timeout=60)
    outcome.figures[told] += 1
    outcome.require([one.returncode for one in started] == [0, 0], f"{told}: {instance.log()[-300:]}")
    checked = instance.run("check")
    outcome.require(checked.returncode == 0, f"{told}: check {checked.stdout[-200:]} {checked.stderr[-200:]}")
    instance.running.clear()
    instance.remove()


MANY = {  # races with many rounds on one world
    "double submit, equal keys": (equal_keys, "tendering"), "double submit, different keys": (different_keys, "tendering"),
    "lost update": (lost_update, "tendering"), "double award": (double_award, "ranked"),
    "two workers": (two_workers, "opened"),
}  # fmt: skip
ONCE = {  # races whose world is used up: a copy for each round
    "two openings": (two_openings, "closed", None), "withdraw against close": (withdraw_against_close, "tendering", 4.0),
    "around the deadline": (around_the_deadline, "tendering", 4.0),
}  # fmt: skip


def _many(worlds: Worlds, outcome: Outcome, name: str, database: str, rounds: int) -> None:
    play, stage = MANY[name]
    race = Race(worlds, stage, outcome, f"{name} on {database}")
    if play is two_workers:
        race.instance.start("worker")
        race.instance.start("worker")
    for _ in range(rounds):
        play(race)
    race.end()


def _once(worlds: Worlds, outcome: Outcome, name: str, database: str, rounds: int) -> None:
    play, stage, before = ONCE[name]
    each = 16 if play is around_the_deadline else 1
    for _ in range(max(1, rounds // each)):
        began = time.monotonic()
        now = DEADLINE - timedelta(seconds=before) if before else None
        race = Race(worlds, stage, outcome, f"{name} on {database}", now)
        race.started = began_at(race.instance, began)
        play(race)
        race.end()


def began_at(instance: Instance, began: float) -> float:
    """Return the monotonic time at which the instance's clock showed `now`."""
    assert instance.now is not None
    shown = datetime.now(DEADLINE.tzinfo) + timedelta(seconds=instance.offset)
    return time.monotonic() - (shown - instance.now).total_seconds() if began else began


def main(words: list[str] | None = None) -> int:
    """Run the proof."""
    names = [*MANY, *ONCE, "two migrations"]
    parser = argparse.ArgumentParser(prog="proof.races")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--only", default=",".join(names))
    parser.add_argument("--worlds", type=int, default=0, help="rounds of races that need a world each (default: all)")
    given = parser.parse_args(words)
    outcome, few = Outcome("races"), given.worlds or given.rounds
    chosen = [name for name in names if any(one in name for one in given.only.split(","))]
    with workshop() as folder, servers(given.databases.split(","), folder) as made:
        for database, server in made.items():
            (place := folder / database).mkdir()
            worlds = Worlds(place, server)
            for name in chosen:
                try:
                    if name in MANY:
                        _many(worlds, outcome, name, database, given.rounds)
                    elif name in ONCE:
                        _once(worlds, outcome, name, database, few)
                    else:
                        for _ in range(few):
                            two_migrations(worlds, outcome, f"{name} on {database}")
                except (NotReady, httpx2.HTTPError) as error:
                    outcome.breach(f"{name} on {database}: {type(error).__name__} {str(error)[:200]}")
    return outcome.end()


if __name__ == "__main__":
    sys.exit(main())
