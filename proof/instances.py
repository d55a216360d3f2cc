"""An instance put to the proof: its data, its processes, what it answers."""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2

from proof.boundary import ENTRY, Boundary
from proof.databases import Server
from proof.inside import OFFSET
from tests.making.warm import Started, warm

SECRET = "only-for-proofs-only-for-proofs-only-for-proofs"
READY = 5.0
API = "/api/v1"


@dataclass
class Instance:
    """A data directory and, on PostgreSQL, a database; `now` is what its clock says when it is first asked."""

    folder: Path
    server: Server | None = None
    url: str = ""
    now: datetime | None = None
    extra: dict[str, str] = field(default_factory=dict)
    offset: float = 0.0
    running: list[Started] = field(default_factory=list)
    address: str = ""

    def __post_init__(self) -> None:
        if self.now is not None:
            self.offset = (self.now - datetime.now(UTC)).total_seconds()

    def copy(self, folder: Path, now: datetime | None = None, **extra: str) -> "Instance":
        """Return a copy of an instance that is not running."""
        shutil.copytree(self.folder, folder)
        url = self.server.new(self.url) if self.server else ""
        return Instance(folder, self.server, url, now or self.now, extra)

    def remove(self) -> None:
        """End its processes and remove its data."""
        self.end()
        if self.server is not None:
            self.server.drop(self.url)
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, boundary: Boundary | None = None) -> dict[str, str]:
        """Return the whole environment of a process of this instance."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BIDSCREEN_")}
        own = {
            "BIDSCREEN_DATA_DIR": str(self.folder), "BIDSCREEN_DATABASE_URL": self.url, "BIDSCREEN_SECRET_KEY": SECRET,
            "BIDSCREEN_PORT": "0", "BIDSCREEN_TWO_PERSONS": "[]", "BIDSCREEN_JOBS": "2", "BIDSCREEN_JOB_LEASE_SECONDS": "2",
            "BIDSCREEN_AUDIT_CHECKPOINT_SECONDS": "0", OFFSET: str(self.offset),
        }  # fmt: skip
        return {**kept, **own, **self.extra, **(boundary.environment if boundary else {})}

    def run(self, *words: object, boundary: Boundary | None = None, timeout: float = 120, **more: str) -> Any:
        """Run a command to its end."""
        environment = {**self.environment(boundary), **more}
        return warm().run(*words, env=environment, entry=ENTRY, group=True, timeout=timeout)

    def start(self, *words: object, boundary: Boundary | None = None, wait: bool = True, **more: str) -> Started:
        """Start `serve` or `worker`; wait until the service is ready."""
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        environment = {**self.environment(boundary), **more}
        started = warm().start(
            *words,
            env=environment,
            entry=ENTRY,
            group=True,
            stdout=subprocess.PIPE,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        log.close()
        self.running.append(started)
        if words[0] == "serve" and wait:
            line = started.stdout.readline()
            if not line.startswith("listening on "):
                raise NotReady(f"the service printed {line!r}: {self.log()[-600:]}")
            self.address = line.split()[-1]
            self.wait_ready()
        return started

    def log(self) -> str:
        """Return what its processes wrote."""
        file = self.folder.parent / f"{self.folder.name}.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def wait_ready(self, seconds: float = 20.0) -> None:
        """Wait until `/health` answers 200."""
        until = time.monotonic() + seconds
        while True:
            try:
                answer = httpx2.get(f"{self.address}{API}/health", timeout=5, trust_env=False)
                if answer.status_code == 200:
                    return
            except httpx2.TransportError as error:
                answer = error
            if time.monotonic() > until:
                raise NotReady(f"not ready after {seconds:.0f} s: {answer!r} {self.log()[-600:]}")
            time.sleep(0.02)

    def client(self, key: str, timeout: float = 30) -> httpx2.Client:
        """Return an HTTP client with a key."""
        headers = {"Authorization": f"Bearer {key}"}
        return httpx2.Client(base_url=f"{self.address}{API}", headers=headers, timeout=timeout, trust_env=False)

    def end(self, number: int = signal.SIGKILL) -> None:
        """End its processes, each with the group that it leads."""
        for started in self.running:
            kill_group(started, number)
        for started in self.running:
            started.wait(60)
            if started.stdout is not None:
                started.stdout.close()
        self.running.clear()

    def __enter__(self) -> "Instance":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


class NotReady(Exception):
    """A service did not become ready."""


def kill_group(started: Started, number: int = signal.SIGKILL) -> None:
    """Signal a process and those that it started, its readers."""
    try:
        os.killpg(started.pid, number)
    except ProcessLookupError:
        return
