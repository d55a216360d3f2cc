"""Puts the instance together: the one place that names concrete adapters."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from pydantic import ValidationError

from app.audit.folder_sink import FolderSink
from app.audit.object_sink import ObjectSink
from app.audit.signing import PURPOSE, Signer, SigningKeyUnusable
from app.audit.sinks import CheckpointSink
from app.audit.syslog_sink import SyslogSink
from app.clock import WatchedClock
from app.database.engine import make_engine
from app.database.keys import Keyring, read_or_create
from app.database.migrate import upgrade
from app.files.object_store import ObjectFileStore
from app.jobs.queue import EmbeddedQueue
from app.settings import Settings
from app.work import Platform

SECRET_FILE = "secret.key"  # noqa: S105  its name, not the secret


class SecretKeyMissing(Exception):
    """An instance on PostgreSQL was started without BIDSCREEN_SECRET_KEY."""


def from_environment(**given: Any) -> Platform:
    """The platform of a command, on a migrated database; ends the process with status 2 when the settings are wrong."""
    try:
        platform = build(Settings(**given))
    except (ValidationError, SecretKeyMissing, SigningKeyUnusable) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    upgrade(platform.engine)
    return platform


def build(settings: Settings) -> Platform:
    """The platform that the settings describe; touches the disk only for the data directory and the key file."""
    keyring = Keyring(secret_key(settings), [key.get_secret_value() for key in settings.previous_secret_keys])
    pool = settings.threads + settings.threads // 2 + 2 * settings.jobs
    clock = WatchedClock()
    return Platform(
        settings=settings,
        engine=make_engine(settings.database, keyring, pool_size=pool),
        keyring=keyring,
        files=ObjectFileStore(settings.files, limit=settings.max_upload_bytes),
        queue=EmbeddedQueue(),
        clock=clock,
        watch=clock,
        signer=_signer(settings, keyring),
        sinks=tuple(map(sink_at, settings.checkpoint_sinks)),
    )


def sink_at(url: str) -> CheckpointSink:
    """The sink of checkpoints at an address."""
    if url.startswith("syslog"):
        return SyslogSink(url)
    return FolderSink(Path(unquote(urlparse(url).path))) if url.startswith("file:") else ObjectSink(url)


def _signer(settings: Settings, keyring: Keyring) -> Signer:
    file = settings.audit_key_file
    return Signer(keyring.key(PURPOSE)) if file is None else Signer.from_file(file)


def secret_key(settings: Settings) -> str:
    """The given key; without one, on SQLite, the key file in the data directory (made on first use, mode 0600).

    On PostgreSQL several machines share the database, so a key made up on one of them would lock out the others.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    if not settings.embedded:
        raise SecretKeyMissing("BIDSCREEN_SECRET_KEY must be set when the database is PostgreSQL")
    return read_or_create(settings.data_dir / SECRET_FILE)
