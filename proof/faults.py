"""Fail the n-th call to the kernel of each kind until the act succeeds; fill the disk; stop the database; spoil the store.

    python -m proof.faults [--most N] [--databases sqlite,postgresql] [--acts ACT,…] [--down SECONDS]

Each answer must be 503 or 507 with `Retry-After` and a code, reads go on, nothing is half done, and the act succeeds as
soon as the fault is gone.
"""

import argparse
import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from proof.acts import ACTS, Act, Ledger, upload
from proof.boundary import Boundary, Call
from proof.databases import Server, servers, workshop
from proof.inside import JUMP
from proof.instances import Instance, NotReady
from proof.outcome import Outcome
from proof.store import serving
from proof.worlds import FILE, World, Worlds
from tests.making.sealed import DEADLINE

FILES = {  # calls on files below the data directory
    "write": (errno.ENOSPC, errno.EIO), "pwrite64": (errno.ENOSPC, errno.EIO), "fsync": (errno.EIO,),
    "fdatasync": (errno.EIO,), "pread64": (errno.EIO,), "ftruncate": (errno.EIO,), "rename": (errno.EIO,),
    "linkat": (errno.ENOSPC,), "link": (errno.ENOSPC,), "mkdir": (errno.ENOSPC,), "openat": (errno.EMFILE,),
}  # fmt: skip
SOCKETS = {"sendto": (errno.ECONNRESET,), "connect": (errno.ECONNREFUSED,)}  # those to PostgreSQL
PASSING = {503, 507}


class Fault:
    """Fails the n-th call of a kind, on files of the instance or on connections to the database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name, self.errno, self.point = str(folder), "", 0, 0
        self.counted, self.fired = 0, False
        self._sockets: set[str] = set()

    def arm(self, name: str, number: int, point: int) -> None:
        """Fail the `point`-th call from now on."""
        self.counted, self.fired = 0, False
        self.name, self.errno, self.point = name, number, point

    def disarm(self) -> None:
        """Let everything pass."""
        self.name = ""

    def __call__(self, call: Call) -> int:
        """Count, and fail if it is the one."""
        if call.name == "connect":
            self._sockets.add(call.file())
        if call.name != self.name or not self._concerns(call):
            return 0
        self.counted += 1
        if self.counted != self.point:
            return 0
        self.fired = True
        if self.name == "sendto":
            call.cut()
            return 0
        return self.errno

    def _concerns(self, call: Call) -> bool:
        if call.name in ("rename", "link", "mkdir"):
            return call.path(0).startswith(self.folder)
        if call.name in ("openat", "linkat"):
            return call.path(1).startswith(self.folder)
        file = call.file()
        return file in self._sockets if call.name in SOCKETS else file.startswith(self.folder)


@dataclass
class Starved:
    """A running service whose calls can be failed, on a copy of a world."""

    world: World
    fault: Fault
    boundary: Boundary

    @property
    def instance(self) -> Instance:
        """Return the instance."""
        return self.world.instance


class Faults:
    """The proof on one database."""

    def __init__(self, worlds: Worlds, outcome: Outcome, database: str, most: int) -> None:
        self.worlds, self.outcome, self.database, self.most = worlds, outcome, database, most

    @contextmanager
    def starved(self, act: Act, names: frozenset[str]) -> Iterator[Starved]:
        """Start the service on a copy of the act's world, behind a boundary."""
        world = self.worlds.copy(act.stage)
        world.instance.extra.update({"BIDSCREEN_JOBS": "0"})
        fault = Fault(world.instance.folder)
        boundary = Boundary(fault, names)
        with world.instance as instance:
            instance.start("serve", boundary=boundary)
            yield Starved(world, fault, boundary)
        boundary.close()
        world.instance.remove()

    def every(self, act: Act) -> None:
        """Fail every call of every kind during one act."""
        kinds = {**FILES, **(SOCKETS if self.worlds.server else {})}
        for name, numbers in kinds.items():
            for number in numbers:
                self._kind(act, name, number)

    def _kind(self, act: Act, name: str, number: int) -> None:
        point = 1
        while point <= self.most:
            with self.starved(act, frozenset({name, "connect"})) as held:
                point = self._until_done(act, held, name, number, point)
                self._settled(act, held, f"{self.database} {act.name} {name} {errno.errorcode[number]}")
            if not held.fault.fired:
                return

    def _until_done(self, act: Act, held: Starved, name: str, number: int, point: int) -> int:
        """Fail one call after the other until the act succeeds; returns the next point."""
        while point <= self.most:
            held.fault.arm(name, number, point)
            answer = self._sent(act, held)
            held.fault.disarm()
            told = f"{self.database} {act.name} {name} {point} {errno.errorcode[number]}"
            if answer is None:
                self.outcome.breach(f"{told}: no answer: {held.instance.log()[-300:]}")
                return point + 1
            self.outcome.figures["faults"] += held.fault.fired
            point += 1
            if answer.status_code < 300:
                return point
            self._passing(answer, told)
            self._reads(held, told)
        return point

    def _passing(self, answer: httpx2.Response, told: str) -> None:
        good = answer.status_code in PASSING and "retry-after" in answer.headers and answer.json().get("code")
        self.outcome.require(good, f"{told}: {answer.status_code} {answer.text[:160]}")

    def _sent(self, act: Act, held: Starved) -> httpx2.Response | None:
        began = time.monotonic()
        try:
            return act.send(held.instance, held.world.facts)
        except httpx2.TransportError:
            return None
        finally:
            self.outcome.highest("slowest answer s", time.monotonic() - began)

    def _reads(self, held: Starved, told: str) -> None:
        with held.instance.client(held.world.facts["officer"]) as client:
            answer = client.get(f"/tenders/{held.world.facts['tender']}")
        self.outcome.require(
            answer.status_code == 200, f"{told}: a read afterwards: {answer.status_code} {answer.text[:100]}"
        )

    def _settled(self, act: Act, held: Starved, told: str) -> None:
        """Without the fault the act succeeds, once; everything holds."""
        ledger, facts = Ledger(), held.world.facts
        answer = act.send(held.instance, facts)
        if self.outcome.require(
            answer.status_code < 300, f"{told}: without it: {answer.status_code} {answer.text[:200]}"
        ):
            act.note(facts, answer.json(), ledger)
            ledger.verify(held.instance, self.outcome, told)
            self.outcome.require(
                act.count(held.instance, facts) == 1, f"{told}: done {act.count(held.instance, facts)} times"
            )
        held.instance.end(15)
        checked = held.instance.run("check")
        self.outcome.require(checked.returncode == 0, f"{told}: check {checked.stdout[-300:]} {checked.stderr[-200:]}")

    def outage(self, act: Act, told: str, world: World, broken: Callable[[], None], mended: Callable[[], None]) -> None:
        """Break something, act, mend it, act again: refused as passing, then done, without a hand."""
        instance, facts = world.instance, world.facts
        broken()
        began = time.monotonic()
        try:
            answer = act.send(instance, facts)
        except httpx2.TransportError as error:
            self.outcome.breach(f"{told}: {error!r}")
            mended()
            return
        self.outcome.highest("slowest answer s", time.monotonic() - began)
        self.outcome.figures["outages"] += 1
        if answer.status_code >= 300:
            self._passing(answer, told)
        else:
            self.outcome.figures["outages that did not matter"] += 1
        mended()
        until, last = time.monotonic() + 15, None
        while time.monotonic() < until:
            with suppress(httpx2.TransportError):
                last = act.send(instance, facts)
                if last.status_code < 300:
                    break
            time.sleep(0.2)
        if self.outcome.require(
            last is not None and last.status_code < 300, f"{told}: not after it: {last and last.text[:200]}"
        ):
            self.outcome.highest("done again after s", time.monotonic() - until + 15)
            act.note(facts, last.json(), ledger := Ledger())
            ledger.verify(instance, self.outcome, told)
            self.outcome.require(act.count(instance, facts) == 1, f"{told}: done {act.count(instance, facts)} times")


def full_disk(faults: Faults, folder: Path) -> None:
    """A file system of 24 MiB that is filled to the brim."""
    if faults.worlds.server is not None:
        return
    (small := folder / "small").mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(small)], check=False).returncode:
        print("a full disk: skipped, file systems cannot be mounted here", file=sys.stderr)
        return
    try:
        for name in ("upload", "envelope", "opening", "award"):
            act, filler = ACTS[name], small / "filler"
            world = faults.worlds.copy(act.stage)
            there = world.instance.copy(small / name)
            there.extra["BIDSCREEN_JOBS"] = "0"
            there.extra["TMPDIR"] = str(small)
            with there:
                there.start("serve")
                faults.outage(act, f"full disk {name}", World(there, world.facts), partial(fill, filler), filler.unlink)
            there.remove()
            world.instance.remove()
    finally:
        subprocess.run(["umount", "-l", str(small)], check=False)


def fill(file: Path) -> None:
    """Write until there is no room."""
    with suppress(OSError), file.open("wb", buffering=0) as sink:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    sink.write(b"\0" * size)


def stopped_database(faults: Faults, seconds: float) -> None:
    """PostgreSQL is ended, stays away, and is started."""
    server = faults.worlds.server
    if server is None:
        return
    for name in ("upload", "opening", "award"):
        world = faults.worlds.copy(ACTS[name].stage)
        with world.instance as instance:
            instance.start("serve")
            faults.outage(
                ACTS[name], f"PostgreSQL stopped {name}", world, lambda: stop(server, seconds), lambda: start(server)
            )
            health = httpx2.get(f"{instance.address}/api/v1/health", trust_env=False)
            faults.outcome.require(health.status_code == 200, f"PostgreSQL stopped {name}: health {health.status_code}")
        world.instance.remove()


def stop(server: Server, seconds: float) -> None:
    """End it, and let it stay away."""
    os.kill(int((server.folder / "data" / "postmaster.pid").read_text().split()[0]), 2)
    until = time.monotonic() + 30
    while (server.folder / "data" / "postmaster.pid").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(seconds)


def start(server: Server) -> None:
    """Start it again."""
    server.server.ensure_postgres_running()


def spoilt_store(faults: Faults, *, patient: bool) -> None:
    """An object store that answers 500, ends the connection, is slow, sends half of a file, or (`patient`) says nothing."""
    with serving() as store:
        for mode in ("500", "gone", "slow", *(("silent",) if patient else ())):
            world = faults.worlds.copy("tendering", **store.environment, BIDSCREEN_JOBS="1")
            with world.instance as instance:
                instance.start("serve")
                faults.outage(
                    ACTS["upload"],
                    f"store {mode}",
                    world,
                    lambda mode=mode: _mode(store, mode),
                    lambda: _mode(store, "fine"),
                )
            world.instance.remove()
        world = faults.worlds.copy("tendering", **store.environment, BIDSCREEN_JOBS="0")
        with world.instance as instance:
            instance.start("serve")
            document = upload(instance, world.facts).json()["documents"][0]["id"]
            with instance.client(world.facts["first_key"]) as client:
                _mode(store, "half")
                halves = _read(client, document)
                _mode(store, "fine")
                faults.outcome.require(halves != FILE.encode() * 40, "store half: half of a file passed for the whole")
                faults.outcome.require(
                    _read(client, document) == FILE.encode() * 40, "store half: not readable afterwards"
                )
                faults.outcome.figures["outages"] += 1
        world.instance.remove()


def _mode(store: Any, mode: str) -> None:
    store.mode = mode


def _read(client: httpx2.Client, document: str) -> bytes | None:
    """The content, or None where it is refused or breaks off."""
    with suppress(httpx2.TransportError):
        answer = client.get(f"/documents/{document}/content")
        return answer.content if answer.status_code == 200 else None
    return None


def clock_jumps(faults: Faults, folder: Path) -> None:
    """A clock that jumps neither passes a deadline nor opens it again."""
    for stage, seconds, accepted in (("tendering", 7 * 86400, True), ("closed", -7 * 86400, False)):
        jump = folder / f"jump-{stage}"
        jump.write_text("0", "utf-8")
        world = faults.worlds.copy(stage, **{JUMP: str(jump)})
        with world.instance as instance:
            instance.start("serve")
            jump.write_text(str(seconds), "utf-8")
            answer = ACTS["envelope"].send(instance, world.facts)
            told = f"clock {seconds:+} s at {DEADLINE:%H:%M} {stage}"
            faults.outcome.require(
                (answer.status_code < 300) is accepted, f"{told}: {answer.status_code} {answer.text[:160]}"
            )
            faults.outcome.figures["clock jumps"] += 1
            instance.end(15)
            jump.write_text("0", "utf-8")
            checked = instance.run("check")
            faults.outcome.require(checked.returncode == 0, f"{told}: check {checked.stdout[-300:]}")
        world.instance.remove()


def main(words: list[str] | None = None) -> int:
    """Run the proof."""
    parser = argparse.ArgumentParser(prog="proof.faults")
    parser.add_argument("--most", type=int, default=100_000, help="calls of one kind and act to fail")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--acts", default=",".join(ACTS))
    parser.add_argument("--down", type=float, default=60, help="seconds of an outage of PostgreSQL; 0: no outages")
    given = parser.parse_args(words)
    outcome = Outcome("faults")
    with workshop() as folder, servers(given.databases.split(","), folder) as made:
        for database, server in made.items():
            (place := folder / database).mkdir()
            faults = Faults(Worlds(place, server), outcome, database, given.most)
            scenes = [partial(faults.every, ACTS[one]) for one in given.acts.split(",")]
            scenes += [partial(full_disk, faults, place), partial(clock_jumps, faults, place)]
            if given.down:
                scenes += [
                    partial(stopped_database, faults, given.down),
                    partial(spoilt_store, faults, patient=given.down >= 10),
                ]
            for scene in scenes:
                try:
                    scene()
                except (NotReady, httpx2.HTTPError, AssertionError) as error:
                    outcome.breach(f"{database}: {type(error).__name__} {str(error)[:300]}")
    return outcome.end()


if __name__ == "__main__":
    sys.exit(main())
