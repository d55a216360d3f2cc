"""An open-loop load: requests leave at their time, however long the ones before take; then the rush before a deadline.

    python -m proof.load [--seconds 20] [--rate 100] [--bids 2000] [--rush 60]

Latency counts from the moment at which a request should have left. A bare endpoint of the same framework is asked in the
same run, so that what the machine adds is seen.
"""

import argparse
import itertools
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from app.bidders.organizations import registry
from app.bidders.organizations.schemas import OrganizationIn
from app.entrypoints.bootstrap import build
from app.platform.access.roles import SYSTEM, Role
from app.tendering.envelopes.sealing import Offer
from app.tendering.envelopes.sealing import sealed as seal
from proof.databases import workshop
from proof.instances import API, Instance
from proof.outcome import Outcome
from proof.worlds import FILE, Worlds, settings_of
from tests.conftest import Api
from tests.making.sealed import DEADLINE, with_clock

BIDDERS = 50
THREADS = 48
BARE = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
def bare() -> dict[str, str]:
    return {"status": "ok"}
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="critical", access_log=False)
"""


def bearer(key: str) -> dict[str, str]:
    """Return the header of a key."""
    return {"Authorization": f"Bearer {key}"}


class Crowd:
    """Clients, kept per thread, of bidders and an officer; what was sent and how long it took."""

    def __init__(self, instance: Instance, facts: dict[str, Any], bidders: list[tuple[str, str]], bare: str) -> None:
        self.instance, self.facts, self.bidders, self.bare = instance, facts, bidders, bare
        self.took: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.accepted: list[tuple[str, str, str]] = []
        self._kept = threading.local()
        self._numbers = itertools.count()

    @property
    def client(self) -> httpx2.Client:
        """The client of this thread: one for all keys, since each keeps connections and certificates of its own."""
        if not hasattr(self._kept, "client"):
            self._kept.client = httpx2.Client(
                base_url=f"{self.instance.address}{API}", trust_env=False, timeout=60, verify=False
            )
        return self._kept.client

    def send(self, kind: str, due: float, call: Callable[[], httpx2.Response]) -> httpx2.Response | None:
        """Send one request at its time and note how long it took since then."""
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            answer = call()
        except httpx2.TransportError as error:
            self.errors.append(f"{kind}: {error!r}")
            return None
        self.took[kind].append(time.monotonic() - due)
        if answer.status_code >= 300:
            self.errors.append(f"{kind}: {answer.status_code} {answer.text[:120]}")
        return answer

    def read(self) -> httpx2.Response:
        """Read something."""
        facts = self.facts
        path = random.choice((
            f"/tenders/{facts['tender']}", f"/tenders/{facts['tender']}/lots", "/tenders", f"/organizations/{facts['first']}",
            f"/documents?organizationId={facts['first']}", "/policies", "/screenings?limit=20", "/health",
        ))  # fmt: skip
        return self.client.get(path, headers=bearer(facts["officer"]))

    def upload(self) -> httpx2.Response:
        """Upload a small roster of its own."""
        organization, key = random.choice(self.bidders)
        content = f"{FILE}{next(self._numbers)}\n".encode()
        form = {"organizationId": organization, "kind": "roster"}
        return self.client.post("/documents", files=[("files", ("r.csv", content))], data=form, headers=bearer(key))

    def submit(self, envelope: bytes, organization: str, key: str) -> httpx2.Response:
        """Submit an envelope."""
        files = {"file": ("bid.age", envelope, "application/octet-stream")}
        path = f"/tenders/{self.facts['tender']}/envelopes"
        answer = self.client.post(path, files=files, data={"lotId": self.facts["lot"]}, headers=bearer(key))
        if answer.status_code == 201:
            self.accepted.append((organization, answer.json()["sha256"], answer.json()["receivedAt"]))
        return answer

    def screen(self) -> httpx2.Response:
        """Screen a dossier."""
        body = {"dossier": self.facts["dossier"], "asOf": "2026-05-20"}
        return self.client.post("/screenings", json=body, headers=bearer(self.facts["officer"]))

    def ask_bare(self) -> httpx2.Response:
        """Ask the bare endpoint."""
        return self.client.get(self.bare)


def made_bidders(instance: Instance, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Make organizations with keys."""
    platform, _ = with_clock(build(settings_of(instance)))
    with Api(platform) as api:
        made = []
        for number in range(BIDDERS):
            with platform.work(SYSTEM) as work:
                organization = registry.create(work, OrganizationIn(name=f"压测机构{number}")).id
            made.append((organization, api.key(Role.BIDDER, organization, days=300)))
    platform.engine.dispose()
    return made


def envelopes(facts: dict[str, Any], bidders: list[tuple[str, str]], count: int) -> list[tuple[bytes, str, str]]:
    """Seal so many envelopes, in turn for each bidder."""
    key = facts["public_key"]
    return [
        (seal(Offer(facts["tender"], facts["lot"], organization, price=f"{900_000 + number}.00"), key).envelope, organization, credential)
        for number, (organization, credential) in zip(range(count), itertools.cycle(bidders), strict=False)
    ]  # fmt: skip


@contextmanager
def bare_endpoint() -> Any:
    """Serve the bare endpoint; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", BARE, str(port)])
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(200):
            with suppress(httpx2.TransportError):
                httpx2.get(address, trust_env=False)
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def size_of(process: int) -> tuple[float, int]:
    """Return the memory (MiB) and the open descriptors of a process."""
    pages = int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1])
    return pages * 4096 / (1 << 20), len(list(Path(f"/proc/{process}/fd").iterdir()))


def mixed(crowd: Crowd, rate: float, seconds: float, sealed: list[tuple[bytes, str, str]]) -> None:
    """70 % reads, 10 % envelopes, 10 % uploads, 10 % screenings; a tenth as many requests of the bare endpoint."""
    began, turns, envelope = time.monotonic() + 0.5, int(rate * seconds), itertools.cycle(sealed)
    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(turns):
            due = began + number / rate
            match number % 10:
                case 3:
                    pool.submit(crowd.send, "submit", due, partial(crowd.submit, *next(envelope)))
                case 6:
                    pool.submit(crowd.send, "upload", due, crowd.upload)
                case 9:
                    pool.submit(crowd.send, "screening", due, crowd.screen)
                    pool.submit(crowd.send, "bare", due, crowd.ask_bare)
                case _:
                    pool.submit(crowd.send, "read", due, crowd.read)
            time.sleep(max(0.0, due - 0.2 - time.monotonic()))


def rush(crowd: Crowd, sealed: list[tuple[bytes, str, str]], start: float, seconds: float) -> None:
    """Submit all envelopes, evenly until a second before the deadline."""
    with ThreadPoolExecutor(THREADS) as pool:
        for number, one in enumerate(sealed):
            due = start + number * (seconds - 1) / len(sealed)
            pool.submit(crowd.send, "rush", due, partial(crowd.submit, *one))
            time.sleep(max(0.0, due - 0.2 - time.monotonic()))


def main(words: list[str] | None = None) -> int:
    """Run the proof."""
    parser = argparse.ArgumentParser(prog="proof.load")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--bids", type=int, default=2000)
    parser.add_argument("--rush", type=float, default=60)
    given = parser.parse_args(words)
    outcome = Outcome("load")
    with workshop() as folder, bare_endpoint() as bare:
        worlds = Worlds(folder, None)
        many = {"BIDSCREEN_QUOTA_ENVELOPES": "1000000", "BIDSCREEN_QUOTA_FILES": "1000000", "BIDSCREEN_JOBS": "1"}
        bidders = made_bidders(worlds["tendering"].instance, worlds["tendering"].facts)
        facts = worlds["tendering"].facts
        sealed = envelopes(facts, bidders, given.bids)
        with worlds.copy("tendering", **many).instance as instance:
            service = instance.start("serve")
            crowd = Crowd(instance, facts, bidders, bare)
            mixed(crowd, given.rate, 3, sealed)  # everything is loaded, every connection made
            crowd.took.clear()
            before = size_of(service.pid)
            mixed(crowd, given.rate, given.seconds, sealed)
            after = size_of(service.pid)
            _judge(outcome, crowd)
            outcome.highest("memory drift MiB", after[0] - before[0])
            outcome.highest("descriptor drift", after[1] - before[1])
            outcome.require(after[1] - before[1] < 64, f"descriptors: {before[1]} before, {after[1]} after")
        if given.bids:
            _before_the_deadline(outcome, worlds, many, given, (bidders, sealed, bare))
    return outcome.end()


def _judge(outcome: Outcome, crowd: Crowd) -> None:
    outcome.figures["requests"] += sum(map(len, crowd.took.values()))
    for one in crowd.errors[:5]:
        outcome.breach(one)
    outcome.figures["errors"] += len(crowd.errors)
    for kind, took in sorted(crowd.took.items()):
        outcome.highest(f"{kind} p50 ms", 1000 * statistics.median(took))
        outcome.highest(f"{kind} p99 ms", 1000 * sorted(took)[int(len(took) * 0.99)])


def _before_the_deadline(
    outcome: Outcome, worlds: Worlds, many: dict[str, str], given: argparse.Namespace, made: Any
) -> None:
    bidders, sealed, bare = made
    world = worlds.copy("tendering", DEADLINE - timedelta(seconds=given.rush + 4), **many)
    with world.instance as instance:
        instance.start("serve")
        crowd = Crowd(instance, world.facts, bidders, bare)
        shown = datetime.now(DEADLINE.tzinfo) + timedelta(seconds=instance.offset)
        left = (DEADLINE - shown).total_seconds()
        rush(crowd, sealed, time.monotonic() + left - given.rush, given.rush)
        _judge(outcome, crowd)
        outcome.figures["bids before the deadline"] += len(crowd.accepted)
        shown = datetime.now(DEADLINE.tzinfo) + timedelta(seconds=instance.offset)
        time.sleep(max(0.0, (DEADLINE - shown).total_seconds() + 0.2))
        with instance.client(world.facts["officer"]) as officer:
            closed = officer.post(f"/tenders/{world.facts['tender']}/opening/close").json()
        last = {organization: sha256 for organization, sha256, _ in sorted(crowd.accepted, key=lambda one: one[2])}
        listed = {one["sha256"] for one in closed.get("envelopes", [])}
        outcome.require(
            set(last.values()) <= listed, f"{len(set(last.values()) - listed)} last envelopes are not listed"
        )
        late = [when for *_, when in crowd.accepted if datetime.fromisoformat(when) >= DEADLINE]
        outcome.require(not late, f"accepted after the deadline: {late[:3]}")
        instance.end(15)
        checked = instance.run("check")
        outcome.require(checked.returncode == 0, f"check {checked.stdout[-300:]}")


if __name__ == "__main__":
    sys.exit(main())
