"""Who takes part in the demo, each with a key of its own, and what the demo knows while it goes on."""

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
    """Where the demo writes: the service's data, and what custodians and bidders keep on machines of their own."""

    out: Path

    @property
    def data(self) -> Path:
        """The service's data directory."""
        return (self.out / "data").absolute()

    @property
    def offline(self) -> Path:
        """Key files, ceremony, envelopes: nothing in it is the service's."""
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
        """A line of progress with the service's time."""
        self.tell(f"{self.day:<16}  {text}")

    def client(self, role: str, name: str, **bound: Any) -> tuple[DemoClient, str, str]:
        """A client with a new key of that role, the key, and its id; `bound`: what the role is confined to."""
        made = self.admin.post("/api-keys", {"name": name, "role": role, **bound})
        return self.stack.enter_context(DemoClient(self.address, made["key"])), made["key"], made["id"]

    def bid_of(self, lot: str, bidder: str) -> Any:
        """The bid of a bidder for a lot, by the sample's names."""
        return self.bids[f"{lot}-{bidder}"]


@contextmanager
def parties(sample: Sample, folders: Folders, address: str, admin_key: str, tell: Say) -> Iterator[Demo]:
    """Keys for the officer and the auditor; the officer's is saved, since this is the demo."""
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
