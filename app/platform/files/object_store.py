"""The file store on obstore: a local directory or an S3-compatible bucket. It holds ciphertext only.

The address of a file is a keyed hash of its content, by a key of its scope: the store alone does not reveal which
organizations hold the same file, or whether one holds a known file.
"""

import hashlib
import hmac
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urlparse

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url

from app.platform.database.data_keys import DataKey, DataKeys, FactsErased
from app.platform.files.store import INSTANCE, FileCorrupt, FileMissing, FileTooLarge, StoredFile
from app.platform.files.stream import StreamBroken, decrypted, encrypted

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

PIECE = 1024 * 1024
AT_ONCE = 8 * PIECE  # create-only needs the bytes in memory; larger files are sent in parts
PARTS = 4  # concurrent parts; bounds the memory
# A store that is away fails a request within seconds: the caller may retry, a job is tried again later.
_RETRY: "RetryConfig" = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=10),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
}
_REMOTE = ("s3:", "s3a:", "gs:", "az:", "http:", "https:")


class ObjectFileStore:
    """FileStore on an object store; locally each file and its directory entry are synced before `put` returns."""

    def __init__(self, url: str, *, limit: int, keys: DataKeys) -> None:
        self._limit, self._keys = limit, keys
        self._root = Path(unquote(urlparse(url).path)) if url.startswith("file:") else None
        self._store: ObjectStore = _remote(url) if self._root is None else _local(self._root)

    def put(self, source: BinaryIO, *, scope: str = INSTANCE, limit: int | None = None) -> StoredFile:
        """See FileStore.put."""
        stored = _measure(source, self._limit if limit is None else limit)
        key = self._keys.for_writing(scope)
        if self._has(path := _path(stored.sha256, key)):
            self._synced(path)  # a killed process may have left it unsynced
            return stored
        source.seek(0)
        self._create(source, stored.size, path, key)
        return stored

    def read(self, sha256: str, scope: str = INSTANCE) -> bytes:
        """See FileStore.read."""
        return b"".join(self.stream(sha256, scope))

    def stream(self, sha256: str, scope: str = INSTANCE) -> Iterator[bytes]:
        """See FileStore.stream."""
        key = self._keys.for_reading(scope)
        if key is None:
            raise FileMissing
        path = _path(sha256, key)
        try:
            found = obstore.get(self._store, path)
        except FileNotFoundError as error:
            raise (FactsErased if self._keys.once_destroyed(scope) else FileMissing) from error
        return _checked(decrypted(map(bytes, found.stream(PIECE)), key.derive("files"), path), sha256)

    def exists(self, sha256: str, scope: str = INSTANCE) -> bool:
        """See FileStore.exists."""
        try:
            key = self._keys.for_reading(scope)
            return key is not None and self._has(_path(sha256, key))
        except (FactsErased, FileMissing):
            return False

    def copy(self, sha256: str, scope: str, target: DataKey) -> None:
        """See FileStore.copy."""
        pieces = self.stream(sha256, scope)
        if not self._has(path := _path(sha256, target)):
            again = encrypted(lambda _: next(pieces, b""), target.derive("files"), path)
            self._push(path, again)

    def objects(self) -> Iterator[tuple[str, int]]:
        """See FileStore.objects."""
        for batch in obstore.list(self._store):
            yield from ((one["path"], one["size"]) for one in batch)

    def ciphertext(self, address: str) -> Iterator[bytes]:
        """See FileStore.ciphertext."""
        return map(bytes, obstore.get(self._store, address).stream(PIECE))

    def clear_unfinished(self, seconds: float) -> int:
        """See FileStore.clear_unfinished; locally such a file is named ADDRESS#N."""
        if self._root is None:
            return 0
        before = time.time() - seconds
        left = [one for one in self._root.glob("??/??/*#*") if one.stat().st_mtime < before]
        for one in left:
            one.unlink(missing_ok=True)
        return len(left)

    def take_back(self, address: str, pieces: Iterator[bytes]) -> None:
        """See FileStore.take_back."""
        self._push(address, pieces)

    def _push(self, path: str, pieces: Iterator[bytes]) -> None:
        """Push the file in parts: the source must not be read while the store requests a part. A file exists once it is
        closed.
        """
        writer = obstore.open_writer(self._store, path, max_concurrency=PARTS)
        for piece in pieces:
            writer.write(piece)
        writer.close()
        self._synced(path)

    def _has(self, path: str) -> bool:
        try:
            obstore.head(self._store, path)
        except FileNotFoundError:
            return False
        return True

    def _create(self, source: BinaryIO, size: int, path: str, key: DataKey) -> None:
        pieces = encrypted(source.read, key.derive("files"), path)
        if size > AT_ONCE:
            # Equal paths mean equal content, so concurrent writers of one file are harmless.
            obstore.put(self._store, path, pieces, use_multipart=True, max_concurrency=PARTS)
        else:
            with suppress(AlreadyExistsError):
                obstore.put(self._store, path, b"".join(pieces), mode="create")
        self._synced(path)

    def _synced(self, path: str) -> None:
        if self._root is not None:
            _sync(self._root / path, self._root)


def _local(root: Path) -> LocalStore:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return LocalStore(root)


def _remote(url: str) -> ObjectStore:
    if not url.startswith(_REMOTE):
        return from_url(url)
    # Options given here override the environment's, so permission to use plain HTTP is passed on.
    plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("true", "1")
    client: ClientConfig = {"connect_timeout": "5s", "timeout": "60s", "allow_http": plain}
    return from_url(url, retry_config=_RETRY, client_options=client)


def _measure(source: BinaryIO, limit: int) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    source.seek(0)
    while piece := source.read(PIECE):
        size += len(piece)
        if size > limit:
            raise FileTooLarge(f"a file may have up to {limit} bytes")
        digest.update(piece)
    return StoredFile(digest.hexdigest(), size)


def _checked(pieces: Iterator[bytes], sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        for piece in pieces:
            digest.update(piece)
            yield piece
    except StreamBroken as error:
        raise FileCorrupt(sha256) from error
    if digest.hexdigest() != sha256:
        raise FileCorrupt(sha256)


def _path(sha256: str, key: DataKey) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise FileMissing
    address = hmac.new(key.derive("addresses"), sha256.encode(), hashlib.sha256).hexdigest()
    return f"{address[:2]}/{address[2:4]}/{address}"


def _sync(file: Path, root: Path) -> None:
    for path in (file, *(parent for parent in file.parents if parent.is_relative_to(root))):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
