"""Composition root: the only module that names concrete adapters."""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy import Engine

import app.entrypoints.features  # noqa: F401  wherever there is a platform, every table is known
from app.administration.backup.restoring import is_unfinished, record_restore
from app.entrypoints import instance
from app.platform.audit.folder_sink import FolderSink
from app.platform.audit.object_sink import ObjectSink
from app.platform.audit.seen import last_seen
from app.platform.audit.signing import PURPOSE, Signer, SigningKeyUnusable
from app.platform.audit.sinks import CheckpointSink
from app.platform.audit.syslog_sink import SyslogSink
from app.platform.clock import WatchedClock
from app.platform.database.engine import make_engine
from app.platform.database.key_sources import (
    EnvironmentSource,
    FileSource,
    KeyService,
    KeySource,
    SecretUnavailable,
    ServiceSource,
)
from app.platform.database.keys import CannotDecrypt, Keyring
from app.platform.database.migrate import OtherLayout, upgrade
from app.platform.database.sealed import data_keys_of
from app.platform.database.session import make_session
from app.platform.files.object_store import ObjectFileStore
from app.platform.jobs.queue import EmbeddedQueue
from app.platform.settings import Settings, wrong_settings
from app.platform.unit_of_work import JobQueue, Platform
from app.platform.web.concurrency import threads_of

SECRET_FILE = "secret.key"  # noqa: S105  its name, not the secret


def from_environment(*, announced: bool = True, **given: Any) -> Platform:
    """Return the platform of a command, on a migrated database; `announced`: names the instance on standard error.

    Ends the process with status 2 if the settings are invalid or it is not clear which instance is meant.
    """
    try:
        settings = Settings(**given)
        instance.require_clear(settings)
        is_new = settings.embedded and not instance.exists(settings.data_dir)
        platform = build(settings)
        _require_restored(platform)
        upgrade(platform.engine)
        _resume(platform)
        record_restore(platform)
    except (
        ValidationError,
        SettingsError,
        instance.InstanceUnclear,
        SecretUnavailable,
        SigningKeyUnusable,
        CannotDecrypt,
    ) as error:
        sys.stderr.write(f"{wrong_settings(error) or error}\n")
        raise SystemExit(2) from None
    except OtherLayout as error:
        sys.stderr.write(f"bidscreen: the database of {instance.described(settings)}: {error}\n")
        raise SystemExit(1) from None
    if announced:
        sys.stderr.write(f"instance: {instance.described(settings)}{' (new)' if is_new else ''}\n")
    return platform


def _require_restored(platform: Platform) -> None:
    """Let no command work on half of a restored instance."""
    if is_unfinished(platform):
        place = instance.described(platform.settings)
        raise instance.InstanceUnclear(f"the restore into {place} did not finish: run `bidscreen restore` again")


def _resume(platform: Platform) -> None:
    """Let no clock set back over a restart reopen a deadline."""
    if platform.watch is not None:
        with make_session(platform.readers, platform.clock()) as session:
            platform.watch.resume(last_seen(session))


def build(settings: Settings) -> Platform:
    """Return the platform that the settings describe; touches the disk only for the data directory and the key file."""
    _private_directory(settings)
    current, *former = key_source(settings).secrets()
    keyring = Keyring(current, former)
    pool = threads_of(settings) + settings.threads // 2 + 2 * settings.jobs
    clock = WatchedClock()
    engine = make_engine(
        settings.database,
        keyring,
        pool_size=pool,
        key_seconds=settings.data_key_seconds,
        statement_seconds=settings.statement_seconds,
    )
    return Platform(
        settings=settings,
        engine=engine,
        keyring=keyring,
        files=ObjectFileStore(settings.files, limit=settings.max_upload_bytes, keys=data_keys_of(engine.dialect)),
        queue=_queue(settings, engine),
        clock=clock,
        watch=clock,
        signer=_signer(settings, keyring),
        sinks=tuple(map(sink_at, settings.checkpoint_sinks)),
    )


def _queue(settings: Settings, engine: Engine) -> JobQueue:
    if settings.embedded:
        return EmbeddedQueue()
    from app.platform.jobs.shared_carrier import SharedQueue  # noqa: PLC0415  only PostgreSQL needs procrastinate

    return SharedQueue(engine)


def _private_directory(settings: Settings) -> None:
    """Restrict the data directory to its owner; a directory that contains no instance is left unchanged."""
    directory = settings.data_dir
    if settings.embedded and not directory.exists():
        directory.mkdir(parents=True, mode=0o700)
    elif any((directory / name).exists() for name in (SECRET_FILE, "bidscreen.db")):
        state = directory.stat()
        if state.st_uid == os.getuid() and state.st_mode & 0o077:
            directory.chmod(0o700)


def sink_at(url: str) -> CheckpointSink:
    """Return the checkpoint sink at an address (`file:`, `syslog…:`, or an object store)."""
    if url.startswith("syslog"):
        return SyslogSink(url)
    return FolderSink(Path(unquote(urlparse(url).path))) if url.startswith("file:") else ObjectSink(url)


def _signer(settings: Settings, keyring: Keyring) -> Signer:
    file = settings.audit_key_file
    return Signer(keyring.key(PURPOSE)) if file is None else Signer.from_file(file)


def key_file(settings: Settings) -> Path | None:
    """Return the path of the secret, if it comes from a plain file."""
    source = key_source(settings)
    return source.path if isinstance(source, FileSource) else None


def key_source(settings: Settings) -> KeySource:
    """Return the configured source of secrets. Default: the environment, else, on SQLite, a file (created on first use, mode 0600).

    On PostgreSQL several machines share the database, so a key generated on one of them would lock out the others.
    """
    source = settings.key_source or ("environment" if settings.secret_key else "file")
    if source == "service":
        token = settings.key_service_token.get_secret_value() if settings.key_service_token else None
        wrapped = settings.secret_key_file or settings.data_dir / f"{SECRET_FILE}.wrapped"
        return ServiceSource(wrapped, KeyService(settings.key_service_url, token))
    if settings.secret_key is not None and source == "environment":
        former = [key.get_secret_value() for key in settings.previous_secret_keys]
        return EnvironmentSource(settings.secret_key.get_secret_value(), former)
    if not settings.embedded and settings.secret_key_file is None:
        raise SecretUnavailable("BIDSCREEN_SECRET_KEY must be set when the database is PostgreSQL")
    return FileSource(settings.secret_key_file or settings.data_dir / SECRET_FILE)
