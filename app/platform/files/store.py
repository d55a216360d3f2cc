"""What the features know of file storage: bytes go in once, under their own SHA-256, and never change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from app.platform.database.data_keys import INSTANCE, DataKey
from app.platform.problems import NotFound, TooLarge

__all__ = ["INSTANCE", "FileCorrupt", "FileMissing", "FileStore", "FileTooLarge", "StoredFile"]


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
    """A store by content, one for each scope (an organization, or the instance), encrypted under the scope's data key.

    `put` of bytes that are there already is no change and no error. Reading what was erased raises FactsErased.
    """

    def put(self, source: BinaryIO, *, scope: str = INSTANCE, limit: int | None = None) -> StoredFile:
        """Reads the seekable source to its end and keeps it for good before returning.

        Raises FileTooLarge beyond `limit` bytes (default: the setting); then nothing was kept.
        """

    def read(self, sha256: str, scope: str = INSTANCE) -> bytes:
        """All bytes, checked against their hash. FileMissing, FileCorrupt."""

    def stream(self, sha256: str, scope: str = INSTANCE) -> Iterator[bytes]:
        """The bytes in pieces, checked at the end. FileMissing at once, FileCorrupt where they are wrong."""

    def exists(self, sha256: str, scope: str = INSTANCE) -> bool:
        """Whether the bytes are there and can be read."""

    def copy(self, sha256: str, scope: str, target: DataKey) -> None:
        """Keeps the bytes under another data key too. FileMissing, FileCorrupt."""

    def objects(self) -> Iterator[tuple[str, int]]:
        """Address and size of all that is kept, as it lies there: for backups."""

    def ciphertext(self, address: str) -> Iterator[bytes]:
        """What lies under an address."""

    def take_back(self, address: str, pieces: Iterator[bytes]) -> None:
        """Puts back what `ciphertext` gave."""
