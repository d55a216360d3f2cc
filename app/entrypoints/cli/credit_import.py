"""What `bidscreen credit import` does: a file into a snapshot, with progress, bad rows named by their lines."""

import json
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

import typer
from rich.console import Console
from rich.progress import Progress as Bar

from app.entrypoints.cli.credit_options import WrongUsage, day
from app.evidence.credit.holding import library
from app.evidence.credit.index.importer import Imported, Library
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.lists.mapping import STANDARD, read_mapping_file
from app.evidence.credit.lists.sources import MOST_BYTES, examine
from app.evidence.credit.service import ListOrigin, begin, complete, fail, same_before
from app.evidence.credit.tables import CreditSnapshot
from app.platform.files.store import FileStore, StoredFile
from app.platform.unit_of_work import Platform

LIST_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SHOWN = 20
_REFUSED = 3


@dataclass(frozen=True, slots=True)
class ImportCommand:
    """A file and what is said of it."""

    file: Path
    origin: ListOrigin

    @classmethod
    def of(
        cls, name: str, file: Path, retrieved_at: str | None, coverage: str | None, source: str | None,
        mapping: Path | None,
    ) -> Self:  # fmt: skip
        """Read the options; WrongUsage says what is wrong with them."""
        if not LIST_NAME.fullmatch(name):
            raise WrongUsage("NAME takes small letters, digits and dashes, as court-dishonest")
        try:
            columns = read_mapping_file(mapping) if mapping else STANDARD
            if not file.is_file():
                raise WrongUsage(f"{file}: there is no such file")
        except (ListUnreadable, OSError) as error:
            raise WrongUsage(str(error)) from None
        return cls(file, ListOrigin(name, day(retrieved_at, "--retrieved-at"), source or file.name, coverage, columns))

    def run(self, platform: Platform) -> int:
        """Import, print the snapshot as one JSON object, name bad rows on standard error; the exit status."""
        own = library(platform.settings)
        try:
            stored = _keep(platform.files, self.file)
            with _bar() as progress:
                imported = own.take(self.file, self.origin.mapping, progress)
        except (ListUnreadable, OSError) as error:
            self._failed(platform, error)
            return _REFUSED
        with platform.work() as work:
            row = same_before(work, self.origin, imported.manifest.content_sha256)
            if row is None:
                row = complete(work, begin(work, self.origin, stored.sha256, stored.size), imported.manifest)
            typer.echo(json.dumps(_shown(row), ensure_ascii=False))
        _name_bad_rows(own, imported)
        return _REFUSED if imported.manifest.bad_rows else 0

    def _failed(self, platform: Platform, error: Exception) -> None:
        reason = str(error) if isinstance(error, ListUnreadable) else "the file cannot be read"
        with platform.work() as work:
            try:
                found = examine(self.file)
                fail(work, begin(work, self.origin, found.sha256, found.size), reason)
            except (ListUnreadable, OSError):
                pass  # a file without a hash leaves no row
        typer.echo(f"bidscreen credit import: {self.file}: {reason}; the snapshot before it stays in force", err=True)


def _keep(files: FileStore, file: Path) -> StoredFile:
    with file.open("rb") as source:
        return files.put(source, limit=MOST_BYTES)


def _shown(row: CreditSnapshot) -> dict[str, object]:
    return {
        "id": row.id,
        "list": row.list_name,
        "retrievedAt": row.retrieved_on.isoformat(),
        "source": row.source,
        "coverage": row.coverage,
        "sha256": row.sha256,
        "contentSha256": row.content_sha256,
        "rows": row.rows,
        "badRows": row.bad_rows,
        "importerVersion": row.importer_version,
    }


def _name_bad_rows(own: Library, imported: Imported) -> None:
    manifest = imported.manifest
    report = own.path(manifest.content_sha256) / "bad_rows"
    with report.open(encoding="utf-8") as lines:
        for line in islice(lines, _SHOWN):
            row = json.loads(line)
            typer.echo(f"warning: line {row['line']}: not imported: {row['reason']}", err=True)
    if manifest.bad_rows > _SHOWN:
        typer.echo(f"warning: {manifest.bad_rows - _SHOWN} more rows not imported: {report}", err=True)


class _Shown:
    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("reading", total=None)

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        self._bar.update(self._task, description=f"{stage} {done:,}", completed=done, total=total)


class _bar:  # noqa: N801 - a context manager
    """Progress on standard error, where it is a terminal."""

    def __enter__(self) -> _Shown:
        console = Console(stderr=True)
        self._bar = Bar(console=console, disable=not console.is_terminal, transient=True)
        self._bar.__enter__()
        return _Shown(self._bar)

    def __exit__(self, *error: object) -> None:
        self._bar.stop()
