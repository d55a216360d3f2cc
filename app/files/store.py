"""What the features know of file storage: bytes go in once, under their own SHA-256, and never change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from app.problems import NotFound, TooLarge


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where bytes went: their SHA-256 in hexadecimal, and their number."""

    sha256: str
    size: int


class FileTooLarge(TooLarge):
    """A file of more bytes than the setting allows."""

    code, title = "file_too_large", "The file is larger than the limit"


class FileMissing(NotFound):
    """A row names bytes that the store does not hold: a fault of the instance, to be looked into."""

    code, title = "file_missing", "The stored bytes of this file cannot be found"


class FileCorrupt(Exception):
    """Stored bytes that no longer have the hash they are stored under."""


class FileStore(Protocol):
    """A content-addressed store. `put` of bytes that are there already is no change and no error."""

    def put(self, source: BinaryIO, *, limit: int | None = None) -> StoredFile:
        """Reads the seekable source to its end and keeps it for good before returning.

        Raises FileTooLarge beyond `limit` bytes (default: the setting); then nothing was kept.
        """

    def read(self, sha256: str) -> bytes:
        """All bytes, checked against their hash. FileMissing, FileCorrupt."""

    def stream(self, sha256: str, *, chunk: int = 1024 * 1024) -> Iterator[bytes]:
        """The bytes in pieces of about `chunk`, checked at the end. FileMissing at once, FileCorrupt at the end."""

    def exists(self, sha256: str) -> bool:
        """Whether the bytes are there."""
