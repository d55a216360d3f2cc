"""Restore into an empty instance; existing data is never overwritten."""

from pathlib import Path
from typing import IO, Any

from sqlalchemy import inspect

from app.administration.backup.archive import SECRET, Manifest, members, verified
from app.platform.audit.events import Event
from app.platform.database.base import metadata
from app.platform.database.key_sources import replace_file
from app.platform.database.migrate import newest, upgrade
from app.platform.settings import Settings
from app.platform.unit_of_work import Platform

_PIECE = 1024 * 1024


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
    """Restore everything; returns the number of files. The platform must not have been started. Raises CannotRestore."""
    if bytes.fromhex(manifest.key) not in platform.keyring.known:
        raise CannotRestore(f"the secret with the id {manifest.key} is required to decrypt the backup")
    if next(iter(platform.files.objects()), None) is not None:
        raise CannotRestore("the file store is not empty")
    if platform.engine.dialect.name == "postgresql":
        _empty_database(platform)
    files = 0
    for name, member in members(archive):
        place, _, rest = name.partition("/")
        if place == "files":
            platform.files.take_back(rest, iter(lambda source=member: source.read(_PIECE), b""))  # type: ignore[misc]
            files += 1
        elif place == "database":
            _take_database(platform, rest, member)
    return files


def record_restore(platform: Platform, manifest: Manifest, files: int) -> None:
    """Record the restore, on a platform built from the restored data, since its keys are those of the backup."""
    with platform.work() as work:
        after = {"madeAt": manifest.made_at, "files": files}
        work.record(Event.ADMIN_INSTANCE_RESTORE, subject="instance", after=after)


def _empty_database(platform: Platform) -> None:
    with platform.engine.connect() as connection:
        if inspect(connection).get_table_names():
            raise CannotRestore("the database already exists")
    upgrade(platform.engine)
    with platform.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def _take_database(platform: Platform, name: str, member: IO[bytes]) -> None:
    if platform.engine.dialect.name == "sqlite":
        _write(_file(platform.settings), member)
        return
    table = metadata.tables[name.removesuffix(".copy")]
    with platform.engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" FROM STDIN') as rows:
            while piece := member.read(_PIECE):
                rows.write(piece)


def _file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix("sqlite:///"))


def _write(path: Path, member: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o600)
        while piece := member.read(_PIECE):
            file.write(piece)
