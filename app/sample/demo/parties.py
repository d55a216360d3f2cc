"""The participants of the demo, each with its own key, and the state of the demo."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.sample.demo.client import DemoClient
from app.sample.demo.clock import FILE, instant, turn
from app.sample.write import Sample

KEY_FILE = "demo.key"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Folders:
    """The demo's directories: the service's data, and files that custodians and bidders keep on their own machines."""

    out: Path

    @property
    def data(self) -> Path:
        """The service's data directory."""
        return (self.out / "data").absolute()

    @property
    def offline(self) -> Path:
        """Return the directory of key files, ceremony and envelopes, none of which the service has."""
        return (self.out / "offline").absolute()


@dataclass(slots=True)
class Demo:
    """The clients, and ids by the sample's own names."""

    sample: Sample
    folders: Folders
    address: str
    admin: DemoClient
    officer: DemoClient
    auditor: DemoClient
    tell: Say
    stack: ExitStack
    members: dict[str, DemoClient] = field(default_factory=dict)
    member_ids: dict[str, str] = field(default_factory=dict)
    bidders: dict[str, DemoClient] = field(default_factory=dict)
    day: str = ""
    tender: str = ""
    opening_key: str = ""
    colleague: str = ""  # login data of the second officer
    lots: dict[str, Any] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    screenings: dict[str, Any] = field(default_factory=dict)
    bids: dict[str, Any] = field(default_factory=dict)
    rankings: list[Any] = field(default_factory=list)
    scenario: Any = None
    awards: dict[str, Any] = field(default_factory=dict)
    contracts: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The tender's address."""
        return f"/tenders/{self.tender}"

    def at(self, time: str) -> None:
        """Turn the service's clock to a time in China, `2026-05-20 09:30`."""
        turn(self.folders.data / FILE, instant(time))
        self.day = time

    def say(self, text: str) -> None:
        """Print a line of progress with the service's time."""
        self.tell(f"{self.day:<16}  {text}")

    def client(self, role: str, name: str, **bound: Any) -> tuple[DemoClient, str, str]:
        """Return a client with a new key of that role, the key, and its id; `bound`: the role's binding."""
        made = self.admin.post("/api-keys", {"name": name, "role": role, **bound})
        client = self.with_key(made["key"])
        client.colleague = self.officer.colleague
        return client, made["key"], made["id"]

    def with_key(self, key: str) -> DemoClient:
        """Return a client with that key."""
        return self.stack.enter_context(DemoClient(self.address, key))

    def bid_of(self, lot: str, bidder: str) -> Any:
        """Return the bid of a bidder for a lot, by the sample's names."""
        return self.bids[f"{lot}-{bidder}"]


@contextmanager
def parties(sample: Sample, folders: Folders, address: str, admin_key: str, tell: Say) -> Iterator[Demo]:
    """Create keys for the officer and the auditor; the officer's is saved, since this is the demo."""
    with ExitStack() as stack:
        admin = stack.enter_context(DemoClient(address, admin_key))
        demo = Demo(sample, folders, address, admin, admin, admin, tell, stack)
        demo.officer, key, _ = demo.client("officer", "demo officer")
        demo.auditor, _, _ = demo.client("auditor", "demo auditor")
        file = folders.out / KEY_FILE
        file.touch(mode=0o600)
        file.write_text(f"{key}\n", "ascii")
        tell(f"officer's key, also in {file}: {key}")
        yield demo
