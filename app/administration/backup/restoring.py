"""Restore into an empty instance; existing data is never overwritten.

The database appears last and at once, so an interrupted restore is never taken for an instance: no command works on it
until the restore has been repeated.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, inspect, text

from app.administration.backup.archive import SECRET, Manifest, members, verified
from app.platform.audit.events import Event
from app.platform.database.base import metadata
from app.platform.database.key_sources import replace_file
from app.platform.database.migrate import newest, upgrade
from app.platform.settings import Settings
from app.platform.unit_of_work import Platform

_PIECE = 1024 * 1024
_MARK = "restore.unfinished"  # a file of the data directory, until the restore is in the trail
_PENDING = "restore_unfinished"  # a table on PostgreSQL, until the rows are there


class CannotRestore(Exception):
    """The archive does not match this instance, or the instance is not empty."""


def inspected(archive: Path, settings: Settings) -> Manifest:
    """Return the manifest of a complete archive for the configured database. Raises ArchiveBroken, CannotRestore."""
    manifest = verified(archive)
    kind = "sqlite" if settings.embedded else "postgresql"
    if manifest.database != kind:
        raise CannotRestore(f"the backup is of a {manifest.database} database, this instance has {kind}")
    if not settings.embedded and manifest.revision != newest():
        raise CannotRestore(
            f"the backup is of database version {manifest.revision}, this is {newest()}: restore with that version of bidscreen"
        )
    if settings.embedded and _file(settings).exists():
        raise CannotRestore("the database already exists")
    return manifest


def place_secret(archive: Path, manifest: Manifest, file: Path | None) -> None:
    """Write the secret's file if it is missing and the backup contains it. Raises CannotRestore."""
    if file is None or file.exists():
        return
    secret = _secret_in(archive)
    if secret is None:
        raise CannotRestore(f"put the secret with the id {manifest.key} into {file} first")
    replace_file(file, secret.splitlines())


def _secret_in(archive: Path) -> str | None:
    for name, member in members(archive):
        if name == SECRET:
            return member.read().decode().strip()
    return None


def restore(platform: Platform, archive: Path, manifest: Manifest) -> int:
    """Restore everything, first the files; returns their number. The platform must not have been started. Raises CannotRestore.

    An interrupted restore is repeated: what it left is written again.
    """
    if bytes.fromhex(manifest.key) not in platform.keyring.known:
        raise CannotRestore(f"the secret with the id {manifest.key} is required to decrypt the backup")
    mark = platform.settings.data_dir / _MARK
    if not mark.exists() and next(iter(platform.files.objects()), None) is not None:
        raise CannotRestore("the file store is not empty")
    if not platform.settings.embedded:
        _empty_database(platform)
    files = sum(name.startswith("files/") for name in manifest.members)
    _write(mark, [json.dumps({"madeAt": manifest.made_at, "files": files}).encode()])
    for name, member in members(archive):
        place, _, rest = name.partition("/")
        if place == "files":
            platform.files.take_back(rest, _pieces(member))
    if platform.settings.embedded:
        _place_database(platform.settings, archive)
    else:
        _fill_database(platform, archive)
    return files


def is_unfinished(platform: Platform) -> bool:
    """Whether a restore into this instance was interrupted before its database was there."""
    if platform.settings.embedded:
        return (platform.settings.data_dir / _MARK).exists() and not _file(platform.settings).exists()
    with platform.engine.connect() as connection:
        return inspect(connection).has_table(_PENDING)


def record_restore(platform: Platform) -> None:
    """Record a restore that is not in the trail yet, on a platform built from the restored data, since its keys are those of
    the backup.
    """
    mark = platform.settings.data_dir / _MARK
    if not mark.exists():
        return
    with platform.work() as work:
        work.record(Event.ADMIN_INSTANCE_RESTORE, subject="instance", after=json.loads(mark.read_bytes()))
    mark.unlink(missing_ok=True)


def _empty_database(platform: Platform) -> None:
    with platform.engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        if tables and _PENDING not in tables:
            raise CannotRestore("the database already exists")
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {_PENDING} (since timestamptz DEFAULT now())"))
    upgrade(platform.engine)


def _fill_database(platform: Platform, archive: Path) -> None:
    """Write all rows in one transaction."""
    with platform.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for name, member in members(archive):
            if name.startswith("database/"):
                _copy(connection, name.removeprefix("database/").removesuffix(".copy"), member)
        connection.execute(text(f"DROP TABLE {_PENDING}"))


def _copy(connection: Connection, name: str, member: IO[bytes]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{metadata.tables[name].name}" FROM STDIN') as rows:
        for piece in _pieces(member):
            rows.write(piece)


def _place_database(settings: Settings, archive: Path) -> None:
    """Write the file under another name, and give it its name once it is whole."""
    for name, member in members(archive):
        if name.startswith("database/"):
            draft = _file(settings).with_name(f"{_file(settings).name}.partial")
            _write(draft, _pieces(member))
            draft.replace(_file(settings))
            _sync(draft.parent)


def _file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix("sqlite:///"))


def _pieces(member: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: member.read(_PIECE), b"")


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
