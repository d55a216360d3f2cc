"""Instances at the points of a procedure where something is about to happen, built once and copied for each round."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from app.administration.backup.making import back_up
from app.entrypoints.bootstrap import build
from app.platform.access.roles import Role
from app.platform.database.migrate import upgrade
from app.platform.settings import Settings
from proof.databases import Server
from proof.instances import SECRET, Instance
from tests.conftest import Api
from tests.making.dossiers import dossier
from tests.making.procedure import done, split
from tests.making.sealed import DEADLINE, PUBLISHED, Bidder, Sealed, with_clock

FILE = "姓名,身份证号码,用工形式\n员工一,110101199003070732,全职\n"  # an invented number, as the tests use
LISTED = "name,uscc,kind,from,to,reason,document\n苏州某某建设有限公司,91320508MJ5300303H,barring,2025-03-01,,x,1\n"


@dataclass
class World:
    """One instance that is not running, and what an act on it needs: keys, ids, envelopes."""

    instance: Instance
    facts: dict[str, Any] = field(default_factory=dict)


class OneOfficer(Sealed):
    """A tender whose acts need no second person: each act of the proofs is one request."""

    rules = {"approvals": []}


class Built:
    """What is being built: the service in this process, and the tender in it."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.tender = OneOfficer(api)
        self.bidders = [self.tender.bidder(f"机构{number}") for number in range(3)]
        self.late = self.tender.bidder("机构9")
        for number, bidder in enumerate(self.bidders):
            content = bidder.seal(price=f"{950_000 + number}.00").envelope
            done(bidder.submit(content))
        self._upload(self.bidders[0])

    def _upload(self, bidder: Bidder) -> None:
        form = {"organizationId": bidder.id, "kind": "roster"}
        done(bidder.client.post("/api/v1/documents", files=[("files", ("r.csv", FILE.encode()))], data=form))
        self.api.run_jobs()

    def opened(self) -> None:
        """Close, and open."""
        self.closed()
        self.record = {line["organization"]: line["bid"] for line in done(self.tender.open())["record"]}

    def closed(self) -> None:
        """Close the bidding."""
        self.tender.clock.at(0)
        done(self.tender.close())

    def evaluated(self) -> None:
        """Qualify all bids and begin the evaluation."""
        self.opened()
        self.bids = [{"id": self.record[one.id], "organizationId": one.id} for one in self.bidders]
        for bid in self.bids:
            done(self.tender.qualify(bid))
        self.tender.evaluation()

    def ranked(self) -> None:
        """Rank, and compute a scenario."""
        self.evaluated()
        self.tender.ranked(self.bids, ("90", "80", "70"))
        self.scenario = done(self.tender.scenario(rule="sequential"))["id"]

    def awarded(self) -> None:
        """Decide on the award."""
        self.ranked()
        self.awards = done(self.tender.decide(self.scenario))["items"]

    def facts(self) -> dict[str, Any]:
        """Return what acts need."""
        tender, api = self.tender, self.api
        late = self.late.seal(price="940000.00").envelope
        found: dict[str, Any] = {
            "tender": tender.id, "lot": tender.lot, "late": self.late.id, "envelope": late, "open": tender.key(),
            "public_key": tender.ceremony.public_key, "officer": api.key(Role.OFFICER, days=300),
            "auditor": api.key(Role.AUDITOR, days=300),
            "admin": api.key(Role.ADMIN, days=300), "first": self.bidders[0].id,
            "late_key": api.key(Role.BIDDER, self.late.id, days=300),
            "first_key": api.key(Role.BIDDER, self.bidders[0].id, days=300),
            "first_envelope": self.bidders[0].envelopes()[0]["id"],
            "dossier": dossier(1, "苏州市某某社会工作服务社"), "other": [one.id for one in self.bidders],
        }  # fmt: skip
        for name in ("scenario", "bids", "awards"):
            found[name] = getattr(self, name, None)
        if found["bids"]:
            found["scores"] = {
                bid["id"]: split(total) for bid, total in zip(found["bids"], ("90", "80", "70"), strict=True)
            }
        return found


STAGES: dict[str, tuple[Callable[[Built], None], datetime]] = {
    "tendering": (lambda built: None, DEADLINE - timedelta(hours=1)),
    "closed": (Built.closed, DEADLINE + timedelta(hours=1)),
    "opened": (Built.opened, DEADLINE + timedelta(hours=2)),
    "evaluation": (Built.evaluated, DEADLINE + timedelta(hours=3)),
    "ranked": (Built.ranked, DEADLINE + timedelta(hours=4)),
    "awarded": (Built.awarded, DEADLINE + timedelta(hours=5)),
}


class Worlds:
    """The worlds of one kind of database, each built when it is first asked for."""

    def __init__(self, folder: Path, server: Server | None) -> None:
        self.folder, self.server = folder, server
        self._built: dict[str, World] = {}
        self._copies = 0

    def __getitem__(self, stage: str) -> World:
        if stage not in self._built:
            self._built[stage] = self._build(stage)
        return self._built[stage]

    def copy(self, stage: str, now: datetime | None = None, **extra: str) -> World:
        """Return a copy of a world for one round."""
        world = self[stage]
        self._copies += 1
        return World(world.instance.copy(self.folder / f"{stage}-{self._copies}", now, **extra), world.facts)

    def empty(self, **extra: str) -> Instance:
        """Return an instance without database and without files."""
        self._copies += 1
        url = self.server.new() if self.server else ""
        return Instance(self.folder / f"empty-{self._copies}", self.server, url, None, extra)

    @cached_property
    def archive(self) -> Path:
        """A backup of the world that was awarded, with what its restore must bring back."""
        target = self.folder / "awarded.tar"
        platform = build(settings_of(self["awarded"].instance))
        back_up(platform, target)
        platform.engine.dispose()
        return target

    def _build(self, stage: str) -> World:
        act, now = STAGES[stage]
        instance = Instance(self.folder / stage, self.server, self.server.new() if self.server else "", now)
        instance.folder.mkdir(mode=0o700)
        platform = replace(with_clock(build(settings_of(instance)))[0], watch=None)
        upgrade(platform.engine)
        platform.clock.now = PUBLISHED
        with Api(platform) as api:
            built = Built(api)
            act(built)
            facts = built.facts()
        platform.engine.dispose()
        return World(instance, facts)


def settings_of(instance: Instance) -> Settings:
    """Return the settings for building an instance in this process."""
    return Settings(
        data_dir=instance.folder, database_url=instance.url, secret_key=SECRET, jobs=0, threads=4,
        audit_checkpoint_seconds=0, trusted_hosts=["testserver"],
    )  # fmt: skip


def now() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def as_json(value: object) -> str:
    """Return a value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
