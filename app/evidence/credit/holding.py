"""Open snapshots for searching: files are verified, rebuilt from the stored raw file if damaged, and mapped once per
process.
"""

import json
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from app.evidence.credit.index.importer import Library
from app.evidence.credit.index.manifest import VERSION, SnapshotDamaged, check
from app.evidence.credit.index.on_disk import MappedSnapshot
from app.evidence.credit.lists.entries import BadRow
from app.evidence.credit.lists.mapping import ColumnMapping
from app.evidence.credit.tables import CreditSnapshot
from app.platform.files.store import FileStore
from app.platform.problems import Problem
from app.platform.settings import Settings
from app.platform.unit_of_work import UnitOfWork

_MOST_OPEN = 32
_DESCRIPTORS = Path("/proc/self/fd")
_open: OrderedDict[Path, MappedSnapshot] = OrderedDict()
_lock = threading.Lock()


class SnapshotUnusable(Problem):
    """The files of a snapshot are damaged, and importing the raw file again gives a different result."""

    code, title, status = "credit_snapshot_damaged", "The files of this credit list snapshot are damaged", 500


def library(settings: Settings) -> Library:
    """Return the directory in which this instance keeps the files of snapshots."""
    return Library(settings.data_dir / "credit")


def opened(work: UnitOfWork, snapshot: CreditSnapshot) -> MappedSnapshot:
    """Return a ready snapshot, open for searching."""
    own = library(work.settings)
    with _lock:
        content = _content(own, snapshot)
        found = _open.get(own.path(content)) if content else None
        if found is None:
            place = own.path(_make_sure(work.files, own, snapshot, content))
            found = _open[place] = MappedSnapshot(place)
            while len(_open) > _MOST_OPEN:
                _open.popitem(last=False)
        _open.move_to_end(own.path(_content(own, snapshot) or ""))
    return found


def bad_rows(work: UnitOfWork, snapshot: CreditSnapshot) -> Iterator[BadRow]:
    """Yield the rows of a ready snapshot's file that were not imported, in file order."""
    opened(work, snapshot)  # checks the files
    own = library(work.settings)
    report = own.path(_content(own, snapshot) or "") / "bad_rows"
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            yield BadRow(**json.loads(line))


def _content(own: Library, snapshot: CreditSnapshot) -> str | None:
    """Return the hash of a snapshot's files: as recorded, or as rebuilt by this version for a list imported by an
    earlier one.
    """
    if snapshot.importer_version == VERSION:
        return snapshot.content_sha256
    mark = _mark(own, snapshot)
    return mark.read_text() if mark.exists() else None


def _mark(own: Library, snapshot: CreditSnapshot) -> Path:
    return own.directory / "renewed" / f"{snapshot.content_sha256}-{VERSION}"


def _make_sure(files: FileStore, own: Library, snapshot: CreditSnapshot, content: str | None) -> str:
    """Return the hash of verified files; SnapshotUnusable where a rebuild from the raw file gives a different result."""
    with suppress(SnapshotDamaged):
        if content:
            check(own.path(content), content)
            return content
    rebuilt = rebuild(files, own, snapshot)
    if content is None:
        made = own.manifest(rebuilt)
        if (made.rows, made.bad_rows) != (snapshot.rows, snapshot.bad_rows):
            raise SnapshotUnusable
        mark = _mark(own, snapshot)
        mark.parent.mkdir(exist_ok=True)
        part = mark.with_suffix(".part")
        part.write_text(rebuilt)
        part.replace(mark)
    elif rebuilt != content:
        raise SnapshotUnusable
    return rebuilt


def rebuild(files: FileStore, own: Library, snapshot: CreditSnapshot) -> str:
    """Import the stored raw file again; return the hash of the result."""
    with raw_file(files, snapshot.sha256) as raw:
        is_empty = snapshot.rows == 0  # an empty list was accepted as such
        return own.take(raw, mapping_of(snapshot), allow_empty=is_empty).manifest.content_sha256


@contextmanager
def raw_file(files: FileStore, sha256: str) -> Iterator[Path]:
    """Yield a path to a decrypted copy of a stored file in memory; a child that inherits the descriptor
    `descriptor_of(path)` can open the same path.

    Where the system has no files in memory (only Linux has), the copy is a temporary file.
    """
    with ExitStack() as stack:
        if hasattr(os, "memfd_create"):
            copy: IO[bytes] = stack.enter_context(os.fdopen(os.memfd_create("bidscreen-list"), "wb"))
            path = Path(f"{_DESCRIPTORS}/{copy.fileno()}")
        else:
            named = stack.enter_context(tempfile.NamedTemporaryFile(prefix="bidscreen-list-"))
            copy, path = named.file, Path(named.name)
        for piece in files.stream(sha256):
            copy.write(piece)
        copy.flush()
        yield path


def descriptor_of(path: Path) -> tuple[int, ...]:
    """Return the descriptors that a child process needs to open a path from `raw_file`: one, or none for a named file."""
    return (int(path.name),) if path.parent == _DESCRIPTORS else ()


def mapping_of(snapshot: CreditSnapshot) -> ColumnMapping:
    """Return the mapping that a snapshot was imported with."""
    return ColumnMapping.from_json(snapshot.mapping)
