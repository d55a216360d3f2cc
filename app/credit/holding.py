"""Snapshots open for searching: files checked, rebuilt from the kept raw file where they are damaged, mapped once a process."""

import json
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from app.credit.entries import BadRow
from app.credit.importer import Library
from app.credit.lexicon import lexicon
from app.credit.manifest import SnapshotDamaged, check
from app.credit.mapped import MappedSnapshot
from app.credit.mapping import ColumnMapping
from app.credit.tables import CreditSnapshot
from app.files.store import FileStore
from app.problems import Problem
from app.settings import Settings
from app.work import UnitOfWork

_MOST_OPEN = 32
_open: OrderedDict[Path, MappedSnapshot] = OrderedDict()
_lock = threading.Lock()


class SnapshotUnusable(Problem):
    """The files of a snapshot are damaged and what the raw file gives is not what was recorded."""

    code, title, status = "credit_snapshot_damaged", "The files of this credit list snapshot are damaged", 500


def library(settings: Settings) -> Library:
    """Where this instance keeps the files of snapshots."""
    return Library(settings.data_dir / "credit")


def opened(work: UnitOfWork, snapshot: CreditSnapshot) -> MappedSnapshot:
    """A ready snapshot, open for searching."""
    assert snapshot.content_sha256 is not None
    own = library(work.settings)
    place = own.path(snapshot.content_sha256)
    with _lock:
        if (found := _open.get(place)) is None:
            _make_sure(work.files, own, snapshot, place)
            found = _open[place] = MappedSnapshot(place, lexicon())
            while len(_open) > _MOST_OPEN:
                _open.popitem(last=False)
        _open.move_to_end(place)
    return found


def bad_rows(work: UnitOfWork, snapshot: CreditSnapshot) -> Iterator[BadRow]:
    """The rows of a ready snapshot's file that were not imported, in the order of the file."""
    opened(work, snapshot)  # checks the files
    report = library(work.settings).path(snapshot.content_sha256 or "") / "bad_rows"
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            yield BadRow(**json.loads(line))


def _make_sure(files: FileStore, own: Library, snapshot: CreditSnapshot, place: Path) -> None:
    content = snapshot.content_sha256 or ""
    try:
        check(place, content)
    except SnapshotDamaged:
        rebuilt = rebuild(files, own, snapshot)
        if rebuilt != content:
            raise SnapshotUnusable from None


def rebuild(files: FileStore, own: Library, snapshot: CreditSnapshot) -> str:
    """Import the kept raw file again; the hash of what comes out."""
    with raw_file(files, snapshot.sha256) as raw:
        return own.take(Path(raw.name), mapping_of(snapshot)).manifest.content_sha256


def raw_file(files: FileStore, sha256: str) -> "tempfile._TemporaryFileWrapper[bytes]":
    """A copy of a kept file on this machine, gone when it is closed."""
    copy = tempfile.NamedTemporaryFile(prefix="bidscreen-list-")  # noqa: SIM115 - the caller closes it
    for piece in files.stream(sha256):
        copy.write(piece)
    copy.flush()
    return copy


def mapping_of(snapshot: CreditSnapshot) -> ColumnMapping:
    """The mapping that a snapshot was imported by."""
    return ColumnMapping.from_json(snapshot.mapping)
