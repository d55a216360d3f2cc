"""The store on obstore: a local directory or an S3-compatible bucket, by URL."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlparse

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url

from app.files.store import FileCorrupt, FileMissing, FileTooLarge, StoredFile

PIECE = 1024 * 1024
AT_ONCE = 8 * PIECE  # create-only needs the bytes in memory; past this size they go in parts


class ObjectFileStore:
    """FileStore on an object store; locally each file and its directory entry are synced before `put` returns."""

    def __init__(self, url: str, *, limit: int) -> None:
        self._limit = limit
        self._root = Path(unquote(urlparse(url).path)) if url.startswith("file:") else None
        self._store: ObjectStore = from_url(url) if self._root is None else _local(self._root)

    def put(self, source: BinaryIO, *, limit: int | None = None) -> StoredFile:
        """See FileStore.put."""
        stored = _measure(source, self._limit if limit is None else limit)
        if not self.exists(stored.sha256):
            source.seek(0)
            self._create(source, stored)
        return stored

    def read(self, sha256: str) -> bytes:
        """See FileStore.read."""
        return b"".join(self.stream(sha256))

    def stream(self, sha256: str, *, chunk: int = PIECE) -> Iterator[bytes]:
        """See FileStore.stream."""
        try:
            found = obstore.get(self._store, _path(sha256))
        except FileNotFoundError as error:
            raise FileMissing from error
        return _checked(found.stream(chunk), sha256)

    def exists(self, sha256: str) -> bool:
        """See FileStore.exists."""
        try:
            obstore.head(self._store, _path(sha256))
        except FileNotFoundError:
            return False
        return True

    def _create(self, source: BinaryIO, stored: StoredFile) -> None:
        path = _path(stored.sha256)
        if stored.size > AT_ONCE:
            # Equal path means equal bytes: two writers of one file at a time do no harm to each other.
            obstore.put(self._store, path, source, use_multipart=True)
        else:
            try:
                obstore.put(self._store, path, source.read(), mode="create")
            except AlreadyExistsError:
                return
        if self._root is not None:
            _sync(self._root / path, self._root)


def _local(root: Path) -> LocalStore:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return LocalStore(root)


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
    for piece in pieces:
        digest.update(piece)
        yield bytes(piece)
    if digest.hexdigest() != sha256:
        raise FileCorrupt(sha256)


def _path(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise FileMissing
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _sync(file: Path, root: Path) -> None:
    for path in (file, *(parent for parent in file.parents if parent.is_relative_to(root))):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
