"""Measure how long others wait while a service is attacked: `python benchmarks/under_attack.py [SECONDS]`.

Starts a service of its own on this machine's loopback, with data in a temporary directory. During each attack an officer
who attacks nothing asks for `/health`, reads a list and writes an organization, one after the other; printed are the 50th
and 99th percentile and the longest of their waits, in milliseconds.
"""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create
from app.bidders.organizations import registry
from app.bidders.organizations.schemas import OrganizationIn
from app.entrypoints.bootstrap import build
from app.platform.access.roles import SYSTEM, Role
from app.platform.database.migrate import upgrade
from app.platform.settings import Settings
from app.sample.write import make_sample

SECRET = "only-for-measuring-only-for-measuring-only"
Send = Callable[[], None]


def request(port: int, method: str, path: str, key: str = "", body: bytes = b"", kind: str = "application/json") -> int:
    """Send a request on a connection of its own; return the status, 0 if the connection ended."""
    head = (
        f"{method} /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    )
    head += f"Content-Type: {kind}\r\n" + (f"Authorization: Bearer {key}\r\n" if key else "") + "\r\n"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=120) as line:
        with contextlib.suppress(OSError):
            line.sendall(head.encode() + body)
        answer = line.recv(4096)
        while piece := line.recv(65536):
            answer = answer or piece
        return int(answer[9:12]) if answer else 0
    return 0


def ranking(bids: int) -> bytes:
    """A preview of one lot with so many bids of five members' scores."""
    factors = [{"id": "plan", "points": "90", "objective": False, "technical": True}]
    scheme = {"price": {"points": "10", "formula": "lowest_price"}, "factors": factors, "rounding": {"places": 2}}
    scheme |= {"minBidders": 3, "tieBreak": ["price", "technical", "lot_draw"], "drawSeed": None}
    offers = [
        {"id": f"b{one}", "price": f"{900_000 + one}", "qualified": True, "deduction": "0", "offered": None}
        | {"scores": {member: {"plan": str(one % 90)} for member in ("a", "b", "c", "d", "e")}}
        for one in range(bids)
    ]
    return json.dumps({"lot": {"id": "L", "ceiling": "2000000"}, "scheme": scheme, "bids": offers}).encode()


def form(name: str, content: bytes) -> tuple[bytes, str]:
    """A form with one file."""
    head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


@dataclass(frozen=True)
class Target:
    """What the attacking bidder has: its key, its organization, a document of its own and a file to upload."""

    bidder: str
    organization: str
    document: str
    papers: bytes


def attacks(port: int, target: Target) -> Iterator[tuple[str, int, Send]]:
    """The attacks: name, connections at once, what each sends."""
    bidder = target.bidder
    login = b'{"login": "' + b"x" * (8 * 2**20 - 40) + b'"}'
    yield "anonymous logins of 8 MiB", 8, lambda: request(port, "POST", "sessions", body=login) and None
    names = json.dumps({f"n{one}": 1 for one in range(600_000)}).encode()
    yield "objects of 600,000 members", 8, lambda: request(port, "POST", "rankings/preview", bidder, names) and None
    numbers = b'{"lines": [' + b"1," * (4 * 2**20 - 8) + b"1]}"
    path = f"organizations/{target.organization}/roster"
    yield "rosters of four million wrong lines", 8, lambda: request(port, "PUT", path, bidder, numbers) and None
    preview = ranking(6_000)
    yield (
        f"ranking previews of {len(preview) / 2**20:.1f} MiB",
        10,
        lambda: request(port, "POST", "rankings/preview", bidder, preview) and None,
    )
    picture = f"documents/{target.document}/pages/1.png?width=2400"
    yield "page pictures", 10, lambda: request(port, "GET", picture, bidder) and None
    upload, kind = form("a.pdf", target.papers)
    yield "uploads that are read", 24, lambda: request(port, "POST", "documents", bidder, upload, kind) and None


def waits(port: int, officer: str, until: float) -> dict[str, list[float]]:
    """How long each request of somebody else took, in milliseconds."""
    body = json.dumps({"name": "苏州市某某社会工作服务社"}).encode()
    asked = {"health": ("GET", "health", "", b""), "read": ("GET", "organizations", officer, b"")}
    asked["write"] = ("POST", "organizations", officer, body)
    took: dict[str, list[float]] = {name: [] for name in asked}
    while time.perf_counter() < until:
        for name, (method, path, key, content) in asked.items():
            began = time.perf_counter()
            status = request(port, method, path, key, content)
            took[name].append((time.perf_counter() - began) * 1000 if 200 <= status < 300 else float("inf"))
            time.sleep(0.01)
    return took


def attacked(port: int, officer: str, seconds: float, connections: int, send: Send) -> dict[str, list[float]]:
    """The waits while an attack runs."""
    over = threading.Event()

    def attack() -> None:
        while not over.is_set():
            send()

    threads = [threading.Thread(target=attack, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    took = waits(port, officer, time.perf_counter() + seconds)
    over.set()
    for thread in threads:
        thread.join(60)
    return took


@contextlib.contextmanager
def served(data: Path) -> Iterator[str]:
    """Run `bidscreen serve` during the block; yields its address."""
    own = {
        "DATA_DIR": str(data),
        "PORT": "0",
        "SECRET_KEY": SECRET,
        "LOG_LEVEL": "WARNING",
        "LOGIN_RATE": "9999/second",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BIDSCREEN_")}
    environment |= {f"BIDSCREEN_{name}": value for name, value in own.items()}
    command = [sys.executable, "-m", "app", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        yield process.stdout.readline().decode().split()[-1]
        process.terminate()


def tell(name: str, took: dict[str, list[float]]) -> None:
    """Print a line for each kind of request."""
    for kind, values in took.items():
        last = statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]
        print(
            f"{name:40} {kind:7} {len(values):5} {statistics.median(values):8.0f} {last:8.0f} {max(values):8.0f}",
            flush=True,
        )


def main(seconds: float) -> None:
    """Measure without an attack, then under each."""
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        sample = make_sample().files
        papers = next(content for name, content in sample.items() if name.endswith("insurance.pdf"))
        platform = build(Settings(data_dir=data / "instance", secret_key=SECRET, login_rate="9999/second"))
        upgrade(platform.engine)
        with platform.work(SYSTEM) as work:
            organization = registry.create(work, OrganizationIn(name="苏州市甲社会工作服务社")).id
            officer = create(work, "officer", Binding(Role.OFFICER))[1]
            bidder = create(work, "bidder", Binding(Role.BIDDER, organization))[1]
        platform.engine.dispose()
        with served(data / "instance") as address:
            port = urlsplit(address).port or 0
            upload, kind = form("a.pdf", papers)
            request(port, "POST", "documents", bidder, upload, kind)
            time.sleep(5)
            headers = {"Authorization": f"Bearer {bidder}"}
            listed = httpx2.get(f"{address}/api/v1/documents", headers=headers, trust_env=False).json()
            target = Target(bidder, organization, listed["items"][0]["id"], papers)
            print(f"{'attack':40} {'request':7} {'count':>5} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}")
            tell("none", waits(port, officer, time.perf_counter() + seconds))
            for name, connections, send in attacks(port, target):
                tell(name, attacked(port, officer, seconds, connections, send))


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 10.0)
