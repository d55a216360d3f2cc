"""Kill the service, its worker or the whole group at the n-th call to the kernel, or at any time; start again; compare.

python -m proof.kills [--rounds N] [--databases sqlite,postgresql] [--only ACT,…] [--seed S]
"""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx2

from app.platform.files.object_store import ObjectFileStore
from proof.acts import ACTS, Act, Ledger, world_of
from proof.boundary import Boundary, Call
from proof.commands import COMMANDS, Command
from proof.databases import servers, workshop
from proof.instances import READY, Instance, NotReady, kill_group
from proof.outcome import Outcome
from proof.worlds import Worlds
from tests.making.warm import Started

VICTIMS = ("service", "service", "worker", "group")
LATE = "after everything"
RANDOM_SHARE = 0.25  # of the kills at any time instead of at a call


class Killer:
    """Counts the calls of a process and kills it before the n-th, or right after it."""

    def __init__(self, point: int, *, after: bool, group: bool) -> None:
        self.point, self.after, self.group = point, after, group
        self.counted, self.armed, self.where = 0, False, ""
        self.started: Started | None = None

    def __call__(self, call: Call) -> int:
        """Count; kill if it is the one."""
        if self.armed:
            self.counted += 1
            if self.counted == self.point:
                self.where = f"{'after' if self.after else 'before'} {call.name} {self.point}"
                if self.after:
                    threading.Timer(random.random() / 500, self.kill).start()
                else:
                    self.kill()
        return 0

    def kill(self) -> None:
        """End the process, or its group."""
        if self.started is None:
            return
        if self.group:
            kill_group(self.started)
        else:
            with suppress(ProcessLookupError):
                os.kill(self.started.pid, signal.SIGKILL)


class Round:
    """One kill, and what is found afterwards."""

    def __init__(self, worlds: Worlds, outcome: Outcome, chance: random.Random, database: str) -> None:
        self.worlds, self.outcome, self.chance, self.database = worlds, outcome, chance, database

    def run(self, act: Act, point: int, victim: str) -> int:
        """Kill during an act over HTTP; returns how many calls were counted."""
        world, ledger = world_of(act, self.worlds), Ledger()
        at_random = self.chance.random() < RANDOM_SHARE and point > 0
        killer = Killer(0 if at_random else point, after=self.chance.random() < 0.5, group=victim == "group")
        boundary = Boundary(killer)
        told = f"{self.database} {act.name} {victim}"
        with world.instance as instance:
            try:
                alone = {"BIDSCREEN_JOBS": "0"} if victim == "worker" else {}
                service = instance.start("serve", boundary=None if victim == "worker" else boundary, **alone)
                worker = instance.start("worker", boundary=boundary) if victim == "worker" else None
                killer.started, killer.armed = worker or service, True
                if at_random:
                    threading.Timer(self.chance.random() * 0.2, killer.kill).start()
                self._act(act, instance, world.facts, ledger)
                self._settle(instance, world.facts, killer)
                told += f" {killer.where or 'at random'}"
                self.outcome.figures["in flight"] += killer.where != LATE and point > 0
                instance.end()
                self._afterwards(act, instance, world.facts, ledger, told)
            except (NotReady, httpx2.HTTPError, AssertionError) as error:
                self.outcome.breach(f"{told}: {type(error).__name__} {str(error)[:300]}")
            finally:
                boundary.close()
        world.instance.remove()
        return killer.counted

    def _act(self, act: Act, instance: Instance, facts: dict, ledger: Ledger) -> None:
        try:
            answer = act.send(instance, facts)
        except httpx2.TransportError:
            return
        if self.outcome.require(answer.status_code < 300, f"{act.name}: {answer.status_code} {answer.text[:200]}"):
            act.note(facts, answer.json(), ledger)

    def _settle(self, instance: Instance, facts: dict, killer: Killer) -> None:
        """Wait until the process is dead, or the jobs have ended."""
        until = time.monotonic() + 3
        while killer.started.poll() is None and time.monotonic() < until:
            with suppress(httpx2.TransportError), instance.client(facts["officer"], timeout=3) as client:
                states = {one["state"] for one in client.get("/jobs?limit=100").json().get("items", [])}
                if not states & {"queued", "running"}:
                    break
            time.sleep(0.05)
        if killer.started.poll() is None:
            killer.where = killer.where or LATE
            killer.kill()
            killer.started.wait(10)

    def _afterwards(self, act: Act, instance: Instance, facts: dict, ledger: Ledger, told: str) -> None:
        began = time.monotonic()
        instance.start("serve")
        seconds = time.monotonic() - began
        self.outcome.highest("ready again within s", seconds)
        self.outcome.require(seconds <= READY, f"{told}: ready after {seconds:.1f} s")
        ledger.verify(instance, self.outcome, told)
        before = act.count(instance, facts)
        self.outcome.require(before in (0, 1), f"{told}: half a state, {before}")
        self.outcome.require(before == 1 or not ledger.reads, f"{told}: acknowledged and not there")
        again = act.send(instance, facts)  # the same key: done now, or the stored answer
        self.outcome.require(again.status_code < 300, f"{told}: repeated: {again.status_code} {again.text[:200]}")
        if again.status_code < 300:
            act.note(facts, again.json(), ledger)
        self.outcome.require(act.count(instance, facts) == 1, f"{told}: done {act.count(instance, facts)} times")
        self._jobs_end(instance, facts, told)
        ledger.verify(instance, self.outcome, told)
        instance.end(signal.SIGTERM)
        self.holds(instance, told)

    def _jobs_end(self, instance: Instance, facts: dict, told: str) -> None:
        until = time.monotonic() + 20
        while True:
            with instance.client(facts["officer"]) as client:
                jobs = client.get("/jobs?limit=100").raise_for_status().json()["items"]
            waiting = [one for one in jobs if one["state"] in ("queued", "running")]
            if not waiting:
                break
            if time.monotonic() > until:
                self.outcome.breach(f"{told}: jobs did not end: {waiting[:2]}")
                return
            time.sleep(0.1)
        failed = [one for one in jobs if one["state"] != "succeeded"]
        logged = [line for line in instance.log().splitlines() if failed and '"event": "job failed"' in line]
        self.outcome.require(not failed, f"{told}: jobs failed: {failed[:2]} {logged[:1]}")

    def holds(self, instance: Instance, told: str) -> None:
        """`bidscreen check` holds, and nothing half written is left among the files."""
        done = instance.run("check")
        broken = "" if done.returncode == 0 else done.stdout[-400:] + done.stderr[-400:]
        self.outcome.require(done.returncode == 0, f"{told}: check: {broken}")
        if (instance.folder / "files").exists():
            files = ObjectFileStore((instance.folder / "files").as_uri(), limit=1, keys=None)
            self.outcome.figures["unfinished files cleared"] += files.clear_unfinished(0)  # as the daily duty does
        strange = [one.name for one in (instance.folder / "files").rglob("*") if one.is_file() and not _is_address(one)]
        self.outcome.require(not strange, f"{told}: left among the files: {strange[:3]}")

    def run_command(self, command: Command, point: int) -> int:
        """Kill a command; repeat it; compare."""
        case = command.prepare(self.worlds)
        at_random = self.chance.random() < RANDOM_SHARE and point > 0
        killer = Killer(0 if at_random else point, after=self.chance.random() < 0.5, group=True)
        killer.armed = True
        boundary = Boundary(killer)
        told = f"{self.database} {command.name}"
        with case.instance as instance:
            try:
                started = killer.started = instance.start(*case.words, boundary=boundary, **case.extra)
                if at_random:
                    threading.Timer(self.chance.random() * 0.5, killer.kill).start()
                out, _ = started.communicate(timeout=120)
                instance.running.clear()
                ended = started.returncode == 0
                self.outcome.figures["in flight"] += not ended
                told += f" {killer.where or ('to its end' if ended else 'at random')}"
                self.outcome.require(
                    ended or killer.where or at_random, f"{told}: status {started.returncode} {out[-300:]}"
                )
                for fault in command.verify(case, ended):
                    self.outcome.breach(f"{told}: {fault}")
                self.holds(instance, told)
            except (NotReady, AssertionError, httpx2.HTTPError) as error:
                self.outcome.breach(f"{told}: {type(error).__name__} {str(error)[:300]}")
            finally:
                boundary.close()
        case.instance.remove()
        return killer.counted


def _is_address(file: Path) -> bool:
    return len(file.name) == 64 and set(file.name) <= set("0123456789abcdef")


def plan(names: list[str], rounds: int) -> list[str]:
    """Spread the rounds over the acts, in turn."""
    return [names[number % len(names)] for number in range(rounds)]


def points(counted: int, rounds: int) -> Callable[[int], int]:
    """Return the point of the i-th round of an act: every one if there are rounds enough, else spread over them."""
    if rounds >= counted:
        return lambda number: number % max(1, counted) + 1
    return lambda number: 1 + (number * counted + counted // 2) // rounds


def main(words: list[str] | None = None) -> int:
    """Run the proof."""
    parser = argparse.ArgumentParser(prog="proof.kills")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--only", default=",".join([*ACTS, *COMMANDS]))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(words)
    outcome, names, chance = Outcome("kills"), given.only.split(","), random.Random(given.seed)
    databases = given.databases.split(",")
    with workshop() as folder, servers(databases, folder) as made:
        for database, server in made.items():
            (place := folder / database).mkdir()
            worlds = Worlds(place, server)
            kill = Round(worlds, outcome, chance, database)
            each = max(1, given.rounds // len(databases) // len(names))
            for name in names:
                counted = _one(kill, name, 0, "service")
                choose = points(counted, each)
                outcome.figures[f"points on {database}"] += counted
                for number in range(each):
                    _one(kill, name, choose(number), VICTIMS[number % len(VICTIMS)])
                    outcome.figures["kills"] += 1
    return outcome.end()


def _one(kill: Round, name: str, point: int, victim: str) -> int:
    if name in ACTS:
        return kill.run(ACTS[name], point, "service" if victim == "worker" and name != "upload" else victim)
    return kill.run_command(COMMANDS[name], point)


if __name__ == "__main__":
    sys.exit(main())
