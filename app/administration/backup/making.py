"""Backup of a running service: first a snapshot of the database, then the files.

Files are written before the rows that refer to them and never change, so files copied after the snapshot are complete.
"""

import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from app.administration.backup.archive import SECRET, Manifest, Pieces, Writer
from app.core.values.engine_version import ENGINE_VERSION
from app.platform.audit.events import Event
from app.platform.database.base import metadata
from app.platform.database.engine import without_limit
from app.platform.database.migrate import newest
from app.platform.unit_of_work import Platform


def back_up(platform: Platform, target: Path, secret: str | None = None) -> Manifest:
    """Write the archive atomically with mode 0600; `secret` is included only if given.

    OSError if it cannot be written.
    """
    draft, beside = target.with_name(f".{target.name}.partial"), target.with_name(f".{target.name}.database")
    shutil.rmtree(beside, ignore_errors=True)  # of a backup to this target that was killed
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            writer = Writer(tar, _manifest(platform))
            _database(platform, writer, beside)
            for path, size in platform.files.objects():
                writer.add(f"files/{path}", size, Pieces(platform.files.ciphertext(path)))  # type: ignore[arg-type]
            if secret is not None:
                body = f"{secret}\n".encode()
                writer.add(SECRET, len(body), io.BytesIO(body))
            writer.finish()
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    with platform.work() as work:
        after = {"members": len(writer.manifest.members), "secret": secret is not None}
        work.record(Event.ADMIN_INSTANCE_BACKUP, subject="instance", after=after)
    return writer.manifest


def _manifest(platform: Platform) -> Manifest:
    return Manifest(
        database=platform.engine.dialect.name,
        revision=str(newest()),
        key=platform.keyring.current.hex(),
        made_at=platform.clock().isoformat(),
        version=ENGINE_VERSION,
    )


def _database(platform: Platform, writer: Writer, beside: Path) -> None:
    if platform.engine.dialect.name == "sqlite":
        beside.mkdir(mode=0o700)
        try:
            copy = beside / "database.sqlite3"
            with platform.single_reads.connect() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
            with copy.open("rb") as source:
                writer.add("database/database.sqlite3", copy.stat().st_size, source)
        finally:
            shutil.rmtree(beside)
        return
    with platform.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        without_limit(connection)
        driver: Any = connection.connection.driver_connection
        for table in metadata.sorted_tables:
            with _copied(driver, table.name, beside.parent) as (source, size):
                writer.add(f"database/{table.name}.copy", size, source)


@contextmanager
def _copied(driver: Any, table: str, beside: Path) -> Iterator[tuple[IO[bytes], int]]:
    """Yield a table in PostgreSQL's COPY text."""
    with tempfile.TemporaryFile(dir=beside) as file:
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
            for piece in rows:
                file.write(piece)
        size = file.tell()
        file.seek(0)
        yield file, size
