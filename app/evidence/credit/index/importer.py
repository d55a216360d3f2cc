"""Import a list file into the files of a snapshot: staged, indexed, published atomically; resumable after a kill."""

import fcntl
import json
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.core.values.canonical import canonical_json, sha256_hex
from app.evidence.credit.index.indexing import Indexing
from app.evidence.credit.index.learning import SAMPLE, learnt_words
from app.evidence.credit.index.lexicon import lexicon
from app.evidence.credit.index.manifest import (
    VERSION,
    Manifest,
    SnapshotDamaged,
    check,
    read_manifest,
    write_manifest,
)
from app.evidence.credit.index.staging import Progress, Staging
from app.evidence.credit.index.statistics import lexicon_of
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.lists.mapping import STANDARD, ColumnMapping
from app.evidence.credit.lists.sources import Examined, Row, examine, read_rows


@dataclass(frozen=True, slots=True)
class Imported:
    """A finished import: its source file and its content."""

    source: Examined
    manifest: Manifest


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """Ignore progress reports."""


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Lock so that of several concurrent imports of one file only one writes; the kernel releases the lock of a killed
    one.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Library:
    """The directory of the snapshots' files (`credit` in the data directory), each under the hash of its content."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, content_sha256: str) -> Path:
        """Return the directory of a snapshot's files."""
        return self.directory / "snapshots" / content_sha256

    def take(
        self,
        file: Path,
        mapping: ColumnMapping = STANDARD,
        progress: Progress = silent,
        *,
        allow_empty: bool = False,
    ) -> Imported:
        """Import a file; an interrupted import of the same file and mapping is resumed. ListUnreadable, OSError.

        A list without entries clears every bidder, and a failed export looks the same: it is refused unless
        `allow_empty` states that the list is empty. A file of unreadable rows is always refused, and so is a mapped
        column without a single value.
        """
        examined = examine(file)
        key = sha256_hex(canonical_json({"file": examined.sha256, "mapping": mapping, "version": VERSION}))
        directory = self.directory / "importing" / key
        with _alone(self.directory / "importing" / f"{key}.lock"):
            learnt = self._learnt(directory, read_rows(file, examined, mapping))
            with Staging(directory, lexicon_of(learnt)) as staging:
                staging.take(read_rows(file, examined, mapping), progress)
                rows, bad, unread = staging.rows, staging.bad, staging.unread
            if bad and not rows:
                raise _refused(directory, _nothing_read(directory, bad))
            if not rows and not allow_empty:
                raise _refused(
                    directory, "it holds no entry; where the list is empty, say so (--allow-empty, allowEmpty)"
                )
            if rows and (empty := mapping.must_be_filled - staging.filled):
                raise _refused(directory, _never_filled(mapping, empty))
            Indexing(directory, progress).run(staging.trades, staging.forms, learnt)
            (directory / "learnt").unlink()
            manifest = write_manifest(directory, rows, bad, unread)
            self._put_in_place(directory, manifest)
        return Imported(examined, manifest)

    @staticmethod
    def _learnt(directory: Path, rows: Iterable[Row]) -> tuple[str, ...]:
        """Return the trade words of the list; a resumed import uses those it began with."""
        kept = directory / "learnt"
        if not kept.exists():
            directory.mkdir(parents=True, exist_ok=True)
            names = (cells[0] for _, cells in islice(rows, SAMPLE) if not isinstance(cells, str))
            fresh = directory / "learnt.new"
            fresh.write_bytes(canonical_json(learnt_words(lexicon(), names)))
            fresh.replace(kept)
        return tuple(json.loads(kept.read_bytes()))

    def _put_in_place(self, directory: Path, manifest: Manifest) -> None:
        place = self.path(manifest.content_sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            check(place, manifest.content_sha256)
        except SnapshotDamaged:
            shutil.rmtree(place, ignore_errors=True)
            directory.rename(place)
        else:
            shutil.rmtree(directory)

    def manifest(self, content_sha256: str) -> Manifest:
        """Return the manifest of a snapshot."""
        return read_manifest(self.path(content_sha256))


def _nothing_read(directory: Path, bad: int) -> str:
    with (directory / "bad_rows").open(encoding="utf-8") as lines:
        first = json.loads(next(lines))
    return f"none of its {bad} rows can be imported (line {first['line']}: {first['reason']})"


def _never_filled(mapping: ColumnMapping, empty: Collection[str]) -> str:
    named = ", ".join(f"{column} ({' or '.join(mapping.columns[column])})" for column in sorted(empty))
    return f"no row fills a column that the mapping names: {named}; mayBeEmpty of the mapping allows it"


def _refused(directory: Path, reason: str) -> ListUnreadable:
    shutil.rmtree(directory)
    return ListUnreadable(reason)
