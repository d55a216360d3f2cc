"""`bidscreen credit import`: import a file as a snapshot, with progress; incomplete rows are reported by line."""

import json
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

import typer
from rich.console import Console
from rich.progress import Progress as Bar

from app.entrypoints.cli.credit_lists.options import WrongUsage, day
from app.evidence.credit.holding import library
from app.evidence.credit.index.importer import Imported, Library
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.lists.mapping import STANDARD, read_mapping_file
from app.evidence.credit.lists.sources import MOST_BYTES, examine
from app.evidence.credit.service import ListOrigin, begin, complete, fail, same_in_force
from app.evidence.credit.tables import CreditSnapshot
from app.platform.files.store import FileStore, StoredFile
from app.platform.unit_of_work import Platform

LIST_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SHOWN = 20
_REFUSED = 3


@dataclass(frozen=True, slots=True)
class ImportCommand:
    """The file and its description from the options."""

    file: Path
    origin: ListOrigin

    @classmethod
    def of(
        cls, name: str, file: Path, retrieved_at: str | None, described: tuple[str | None, str | None],
        mapping: Path | None, *, allow_empty: bool = False,
    ) -> Self:  # fmt: skip
        """Parse the options; `described` is (source, coverage). WrongUsage names the wrong option."""
        if not LIST_NAME.fullmatch(name):
            raise WrongUsage("NAME takes small letters, digits and dashes, as court-dishonest")
        try:
            columns = read_mapping_file(mapping) if mapping else STANDARD
            if not file.is_file():
                raise WrongUsage(f"{file}: there is no such file")
        except (ListUnreadable, OSError) as error:
            raise WrongUsage(str(error)) from None
        retrieved = day(retrieved_at, "--retrieved-at")
        if retrieved > day(None, ""):
            raise WrongUsage("--retrieved-at is in the future")
        source, coverage = described
        return cls(file, ListOrigin(name, retrieved, source or file.name, coverage, columns, allow_empty))

    def run(self, platform: Platform) -> int:
        """Import, print the snapshot as one JSON object, report incomplete rows on standard error; return the exit
        status.
        """
        own = library(platform.settings)
        try:
            stored = _keep(platform.files, self.file)
            with _bar() as progress:
                imported = own.take(self.file, self.origin.mapping, progress, allow_empty=self.origin.allow_empty)
        except (ListUnreadable, OSError) as error:
            self._failed(platform, error)
            return _REFUSED
        with platform.work() as work:
            row = same_in_force(work, self.origin, imported.manifest.content_sha256)
            if row is None:
                row = complete(work, begin(work, self.origin, stored.sha256, stored.size), imported.manifest)
            shown = json.dumps(_shown(row), ensure_ascii=False)
        typer.echo(shown)  # once it is stored
        _name_bad_rows(own, imported)
        return _REFUSED if imported.manifest.bad_rows or imported.manifest.unread_rows else 0

    def _failed(self, platform: Platform, error: Exception) -> None:
        reason = str(error) if isinstance(error, ListUnreadable) else "the file cannot be read"
        with platform.work() as work:
            try:
                found = examine(self.file)
                fail(work, begin(work, self.origin, found.sha256, found.size), reason)
            except (ListUnreadable, OSError):
                pass  # a file without a hash has no row in the database
        typer.echo(f"bidscreen credit import: {self.file}: {reason}; the previous snapshot stays in force", err=True)


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
        "unreadRows": row.unread_rows,
        "importerVersion": row.importer_version,
    }


def _name_bad_rows(own: Library, imported: Imported) -> None:
    manifest = imported.manifest
    report = own.path(manifest.content_sha256) / "bad_rows"
    with report.open(encoding="utf-8") as lines:
        for line in islice(lines, _SHOWN):
            row = json.loads(line)
            kept = "kept, not read completely" if row["is_kept"] else "not imported"
            typer.echo(f"warning: line {row['line']}: {kept}: {row['reason']}", err=True)
    if (more := manifest.bad_rows + manifest.unread_rows - _SHOWN) > 0:
        typer.echo(f"warning: {more} more rows not read completely: {report}", err=True)
    if manifest.bad_rows:
        typer.echo(
            f"warning: {manifest.bad_rows} rows were lost: the list clears no bidder until they are accepted "
            "(POST /credit-snapshots/{id}/accept-rows)",
            err=True,
        )


class _Shown:
    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("reading", total=None)

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        self._bar.update(self._task, description=f"{stage} {done:,}", completed=done, total=total)


class _bar:  # noqa: N801 - a context manager
    """Show progress on standard error, where it is a terminal."""

    def __enter__(self) -> _Shown:
        console = Console(stderr=True)
        self._bar = Bar(console=console, disable=not console.is_terminal, transient=True)
        self._bar.__enter__()
        return _Shown(self._bar)

    def __exit__(self, *error: object) -> None:
        self._bar.stop()
