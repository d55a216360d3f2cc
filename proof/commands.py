"""Commands that are killed: how each is started, and what must hold afterwards, whether it ended or not."""

import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proof.instances import SECRET, Instance
from proof.worlds import LISTED, Worlds

NEW = "the-second-secret-the-second-secret-the-second"


@dataclass
class Case:
    """One run of a command on an instance of its own."""

    instance: Instance
    words: list[object]
    extra: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """A command that is killed; `verify` yields what must not be, after repeating it."""

    name: str
    prepare: Callable[[Worlds], Case]
    verify: Callable[[Case, bool], Iterator[str]]


def _import(worlds: Worlds) -> Case:
    world = worlds.copy("opened")
    file = world.instance.folder.parent / f"{world.instance.folder.name}.csv"
    file.write_text(LISTED + "".join(f"某某{n}公司,,barring,2025-03-01,,x,{n}\n" for n in range(300)), "utf-8")
    return Case(
        world.instance, ["credit", "import", "court-dishonest", file, "--retrieved-at", "2026-05-20"], facts=world.facts
    )


def _imported(case: Case, ended: bool) -> Iterator[str]:
    before = _snapshots(case)
    if ended and before != 1:
        yield f"acknowledged, but {before} snapshots are ready"
    again = case.instance.run(*case.words)
    if again.returncode:
        yield f"repeated: {again.returncode} {again.stderr[-300:]}"
    if _snapshots(case) not in (1, before + 1):
        yield f"{_snapshots(case)} snapshots are ready"
    asked = case.instance.folder.parent / f"{case.instance.folder.name}.jsonl"
    asked.write_text(json.dumps({"id": "1", "name": "", "uscc": "91320508MJ5300303H"}) + "\n", "utf-8")
    found = case.instance.run("credit", "match", "--lists", "court-dishonest", "--as-of", "2026-05-20", asked)
    if "苏州某某建设有限公司" not in found.stdout:
        yield f"not found afterwards: {found.stdout[:200]} {found.stderr[-200:]}"


def _snapshots(case: Case) -> int:
    case.instance.start("serve")
    with case.instance.client(case.facts["officer"]) as client:
        items = client.get("/credit-lists/court-dishonest/snapshots?limit=100").raise_for_status().json()["items"]
    case.instance.end()
    return sum(one["state"] == "ready" for one in items)


def _migrate(worlds: Worlds) -> Case:
    return Case(worlds.empty(), ["migrate"])


def _migrated(case: Case, ended: bool) -> Iterator[str]:
    again = case.instance.run("migrate")
    if again.returncode:
        yield f"repeated: {again.returncode} {again.stderr[-300:]}"


def _backup(worlds: Worlds) -> Case:
    world = worlds.copy("awarded")
    target = world.instance.folder.parent / f"{world.instance.folder.name}-backups" / "one.tar"
    target.parent.mkdir()
    return Case(world.instance, ["backup", target], facts={"target": target, "worlds": worlds})


def _backed_up(case: Case, ended: bool) -> Iterator[str]:
    target: Path = case.facts["target"]
    if ended and not target.exists():
        yield "acknowledged, but there is no archive"
    if target.exists():
        yield from _restorable(case, target)
    elif (again := case.instance.run("backup", target)).returncode:
        yield f"repeated: {again.returncode} {again.stderr[-300:]}"
    left = [one.name for one in target.parent.iterdir() if one != target]
    if left:
        yield f"left beside the archive: {left}"


def _restorable(case: Case, target: Path) -> Iterator[str]:
    with tarfile.open(target) as archive:
        archive.getmembers()
    other = case.facts["worlds"].empty()
    done = other.run("restore", target)
    if done.returncode:
        yield f"the archive cannot be restored: {done.stderr[-300:]}"
    elif (checked := other.run("check")).returncode:
        yield f"what was restored does not hold: {checked.stdout[-300:]}"
    other.remove()


def _restore(worlds: Worlds) -> Case:
    return Case(worlds.empty(), ["restore", worlds.archive], facts={**worlds["awarded"].facts, "worlds": worlds})


def _restored(case: Case, ended: bool) -> Iterator[str]:
    instance = case.instance
    if not ended:
        if (instance.folder / "restore.unfinished").exists() and not (instance.folder / "bidscreen.db").exists():
            first = instance.run("check")
            if first.returncode != 2 or "did not finish" not in first.stderr:
                yield f"half restored and used as if it were whole: {first.returncode} {first.stderr[-200:]}"
        again = instance.run(*case.words)
        if again.returncode and "already exists" not in again.stderr:
            yield f"repeated: {again.returncode} {again.stderr[-300:]}"
    if not _whole(case):
        yield "something is missing after the restore"


def _whole(case: Case) -> bool:
    """Whether the awards and the uploaded file are there."""
    instance, facts = case.instance, case.facts
    instance.start("serve")
    try:
        with instance.client(facts["officer"]) as client:
            awards = client.get(f"/tenders/{facts['tender']}/awards")
        with instance.client(facts["first_key"]) as client:
            listed = client.get(f"/documents?organizationId={facts['first']}")
            ids = [one["id"] for one in listed.json().get("items", [])] if listed.status_code == 200 else []
            contents = [client.get(f"/documents/{one}/content").status_code for one in ids]
        return awards.status_code == 200 and bool(awards.json()["items"]) and contents == [200]
    finally:
        instance.end()


def _rotate(worlds: Worlds) -> Case:
    world = worlds.copy("awarded")
    both = {"BIDSCREEN_SECRET_KEY": NEW, "BIDSCREEN_PREVIOUS_SECRET_KEYS": json.dumps([SECRET])}
    world.instance.extra.update(both)
    return Case(world.instance, ["secrets", "rotate"], facts=world.facts)


def _rotated(case: Case, ended: bool) -> Iterator[str]:
    if not _whole(case):
        yield "something cannot be read between the two secrets"
    again = case.instance.run("secrets", "rotate")
    if again.returncode:
        yield f"repeated: {again.returncode} {again.stderr[-300:]}"
    case.instance.extra.pop("BIDSCREEN_PREVIOUS_SECRET_KEYS")
    if not _whole(case):
        yield "something cannot be read with the new secret alone"


COMMANDS = {
    one.name: one
    for one in (
        Command("credit-import", _import, _imported),
        Command("migration", _migrate, _migrated),
        Command("backup", _backup, _backed_up),
        Command("restore", _restore, _restored),
        Command("key-rotation", _rotate, _rotated),
    )
}
