"""Upload every file of a folder under every claimed type, screen with it, and watch the service meanwhile.

    python -m proof.files [--corpus DIR] [--kinds KIND,…] [--hostile] [--mutations N] [--seed S]

`--hostile`: the files of `tests/making/corpus/hostile.py`; `--mutations`: so many damaged copies of the sample tender's own
files. Each file must end as extracted, needs_review, rejected or refused, with a telling code, within a time and a memory.
"""

import argparse
import contextlib
import itertools
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from proof.boundary import Boundary, Call
from proof.databases import workshop
from proof.instances import Instance, NotReady
from proof.outcome import Outcome
from proof.worlds import Worlds
from tests.making.corpus import hostile

KINDS = ("registration_certificate", "social_worker_certificate", "social_insurance", "audit_report", "annual_check",
         "declaration", "roster", "other")  # fmt: skip
ENDED = {"extracted", "needs_review", "rejected"}
BATCH = 20
SECONDS, MEMORY_MIB = 90.0, 1100  # two readers at once: 60 s of recognition each, and the wait for one another
SLOWEST_HEALTH = 0.5
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
TABLES = (".xlsx", ".xls", ".csv", ".ods")


class Watched:
    """What the service and its readers may not do: connect anywhere, or write outside their places."""

    def __init__(self, outcome: Outcome, places: list[str]) -> None:
        self.outcome, self.seen = outcome, set[str]()
        self.places = (*places, "/dev/null", "/proc/self/", "/dev/shm/")

    def __call__(self, call: Call) -> int:
        """Let it pass, and note a breach."""
        if call.name == "connect":
            if call.address() == "/var/run/nscd/socket":  # the C library asks for a name of this machine
                return 0
            self._note(f"connects to {call.address()}")
        elif call.arguments[2] & _WRITING:
            path = call.path(1)
            cached = "/__pycache__/" in path  # of the code itself, by whichever process is the first
            if path.startswith("/") and not path.startswith(self.places) and not cached:
                self._note(f"writes to {path}")
        return 0

    def _note(self, what: str) -> None:
        if what not in self.seen:
            self.seen.add(what)
            self.outcome.breach(what)


class Watch(threading.Thread):
    """Asks for the health every 100 ms and measures the memory of the group of processes."""

    def __init__(self, instance: Instance, outcome: Outcome) -> None:
        super().__init__(daemon=True)
        self.instance, self.outcome, self.ended = instance, outcome, threading.Event()

    def run(self) -> None:
        """Until `ended`."""
        with httpx2.Client(trust_env=False, timeout=10) as client:
            for number in itertools.count():
                began = time.monotonic()
                try:
                    status = client.get(f"{self.instance.address}/api/v1/health").status_code
                except httpx2.TransportError as error:
                    status = repr(error)
                seconds = time.monotonic() - began
                self.outcome.figures["health probes"] += 1
                self.outcome.highest("slowest health s", seconds)
                self.outcome.require(
                    status == 200 and seconds <= SLOWEST_HEALTH, f"health: {status} after {seconds:.2f} s"
                )
                if number % 5 == 0:
                    self._measure()
                if self.ended.wait(max(0.0, 0.1 - seconds)):
                    return

    def _measure(self) -> None:
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
                if int(fields[2]) == self.instance.running[0].pid and int(folder.name) != self.instance.running[0].pid:
                    mebibytes = int(fields[21]) * 4096 / (1 << 20)
                    self.outcome.highest("largest reader MiB", mebibytes)
                    self.outcome.require(mebibytes <= MEMORY_MIB, f"a reader has {mebibytes:.0f} MiB")


class Uploads:
    """One organization that files are uploaded for."""

    def __init__(self, instance: Instance, facts: dict[str, Any], outcome: Outcome) -> None:
        self.instance, self.outcome = instance, outcome
        self.tender, self.organization = facts["tender"], facts["first"]
        self.client = instance.client(facts["officer"], timeout=120)

    def batch(self, files: list[tuple[str, bytes]], kind: str) -> None:
        """Upload some files, wait for their end, judge each."""
        began, form = time.monotonic(), {"organizationId": self.organization, "kind": kind}
        answer = self.client.post("/documents", files=[("files", one) for one in files], data=form)
        if answer.status_code != 202:
            if len(files) > 1:
                for one in files:  # one file is refused with its pointer; the others must not suffer
                    self.batch([one], kind)
                return
            good = 400 <= answer.status_code < 500 and answer.json().get("code")
            self.outcome.figures["refused"] += 1
            self.outcome.require(good, f"{files[0][0]} as {kind}: {answer.status_code} {answer.text[:120]}")
            return
        for row, (name, _) in zip(answer.json()["documents"], files, strict=True):
            self._judge(row["id"], name, kind, began)
        self.outcome.highest("longest batch s", time.monotonic() - began)

    def _judge(self, document: str, name: str, kind: str, began: float) -> None:
        while (found := self.client.get(f"/documents/{document}").json())["state"] not in ENDED:
            if time.monotonic() - began > SECONDS * BATCH / 2:
                self.outcome.breach(f"{name} as {kind}: still {found['state']}")
                return
            time.sleep(0.05)
        codes = [one["code"] for one in found.get("reasons", [])]
        self.outcome.figures[found["state"]] += 1
        telling = found["state"] == "extracted" or (codes and set(codes) != {"reader_failed"})
        self.outcome.require(telling, f"{name} as {kind}: {found['state']} {codes}")

    def tables(self, name: str, content: bytes) -> None:
        """Take the file as a roster and as a credit list too."""
        file = {"file": (name, content)}
        for path, form in (
            (f"/organizations/{self.organization}/roster", {}),
            ("/credit-lists/court-dishonest/snapshots", {"retrievedAt": "2026-05-19"}),
        ):
            answer = self.client.post(path, files=file, data=form)
            good = answer.status_code < 300 or (answer.status_code < 500 and answer.json().get("code"))
            self.outcome.figures["as table"] += 1
            self.outcome.require(good, f"{name} to {path.rpartition('/')[2]}: {answer.status_code} {answer.text[:160]}")

    def screen(self) -> None:
        """Screen the organization with everything uploaded so far."""
        body = {"tenderId": self.tender, "organizationId": self.organization, "assurance": "documented"}
        answer = self.client.post("/screenings", json=body)
        self.outcome.figures["screenings"] += 1
        self.outcome.require(answer.status_code == 201, f"screening: {answer.status_code} {answer.text[:200]}")


def mutated(files: list[tuple[str, bytes]], count: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield damaged copies: bits, blocks, cuts, repeats, pieces of other files."""
    for number in range(count):
        name, content = chance.choice(files)
        made = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            _damage(made, chance, files)
        yield f"{number}-{name}", bytes(made)


def _damage(made: bytearray, chance: random.Random, files: list[tuple[str, bytes]]) -> None:
    place, length = chance.randrange(len(made) + 1), chance.choice((1, 2, 4, 16, 256, 4096))
    match chance.randrange(7):
        case 0:
            for _ in range(chance.randint(1, 32)):
                if made:
                    made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
        case 1:
            del made[place : place + length]
        case 2:
            made[place:place] = made[place : place + length] * chance.randint(1, 8)
        case 3:
            made[place : place + length] = bytes(length)
        case 4:
            del made[place:]
        case 5:
            other = chance.choice(files)[1]
            start = chance.randrange(len(other))
            made[place : place + length] = other[start : start + length]
        case _:
            made[place : place + length] = chance.randbytes(length)


def sample_files(instance: Instance, folder: Path) -> list[tuple[str, bytes]]:
    """Return the files of the sample tender's dossiers, and its credit lists."""
    done = instance.run("sample", "--out", folder)
    assert done.returncode == 0, done.stderr
    found = sorted(one for one in folder.rglob("*") if one.is_file() and one.suffix not in (".json", ".jsonl", ".yaml"))
    return [(one.name, one.read_bytes()) for one in found if one.stat().st_size]


def main(words: list[str] | None = None) -> int:
    """Run the proof."""
    parser = argparse.ArgumentParser(prog="proof.files")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--mutations", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(words)
    outcome, chance, kinds = Outcome("files"), random.Random(given.seed), given.kinds.split(",")
    with workshop() as folder:
        (place := folder / "sqlite").mkdir()
        (temporary := folder / "temporary").mkdir()
        world = Worlds(place, None).copy(
            "tendering", TMPDIR=str(temporary), PYTHONDONTWRITEBYTECODE="1", BIDSCREEN_QUOTA_FILES="10000000"
        )
        watched = Watched(outcome, [str(folder)])
        boundary = Boundary(watched, frozenset({"connect", "openat"}))
        with world.instance as instance:
            instance.start("serve", boundary=boundary)
            watch = Watch(instance, outcome)
            watch.start()
            try:
                _feed(Uploads(instance, world.facts, outcome), given, kinds, chance, folder)
            except (NotReady, httpx2.HTTPError) as error:
                outcome.breach(f"{type(error).__name__} {str(error)[:300]}")
            watch.ended.set()
            watch.join()
            instance.end(15)
            left = [str(one.relative_to(temporary)) for one in temporary.rglob("*")]
            outcome.require(not left, f"left in the temporary folder: {left[:5]}")
            checked = instance.run("check")
            outcome.require(checked.returncode == 0, f"check {checked.stdout[-300:]}")
        boundary.close()
    return outcome.end()


def _feed(uploads: Uploads, given: argparse.Namespace, kinds: list[str], chance: random.Random, folder: Path) -> None:
    if given.corpus:
        files = [(one.name, one.read_bytes()) for one in sorted(given.corpus.rglob("*")) if one.is_file()]
        for kind in kinds:
            _all(uploads, files, kind)
    if given.hostile:
        _all(uploads, [(name, make()) for name, make in hostile.FILES.items()], kinds[0])
    if given.mutations:
        files = sample_files(uploads.instance, folder / "sample")
        _all(uploads, mutated(files, given.mutations, chance), "")


def _all(uploads: Uploads, files: Any, kind: str) -> None:
    whole = iter(files)
    while batch := list(itertools.islice(whole, BATCH)):
        uploads.batch(batch, kind or random.choice(KINDS))
        for name, content in batch:
            if name.endswith(TABLES):
                uploads.tables(name, content)
        uploads.screen()


if __name__ == "__main__":
    sys.exit(main())
