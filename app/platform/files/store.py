"""Interface of file storage: content-addressed by SHA-256, written once, never changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from app.platform.database.data_keys import INSTANCE, DataKey
from app.platform.problems import NotFound, TooLarge

__all__ = ["INSTANCE", "FileCorrupt", "FileMissing", "FileStore", "FileTooLarge", "StoredFile"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file: its SHA-256 (hexadecimal) and size in bytes."""

    sha256: str
    size: int


class FileTooLarge(TooLarge):
    """A file exceeds `BIDSCREEN_MAX_UPLOAD_BYTES`."""

    code, title = "file_too_large", "File too large"


class FileMissing(NotFound):
    """A row refers to a file that is missing from the store: an error of the instance; the operator must investigate."""

    code, title = "file_missing", "Stored file missing"


class FileCorrupt(Exception):
    """Stored bytes do not match their hash."""


class FileStore(Protocol):
    """A content-addressed store per scope (an organization, or the instance), encrypted under the scope's data key.

    Putting existing bytes again changes nothing. Reading erased data raises FactsErased.
    """

    def put(self, source: BinaryIO, *, scope: str = INSTANCE, limit: int | None = None) -> StoredFile:
        """Read the seekable source to its end and store it durably before returning.

        Raises FileTooLarge beyond `limit` bytes (default: the setting); then nothing is stored.
        """

    def read(self, sha256: str, scope: str = INSTANCE) -> bytes:
        """Return all bytes, checked against their hash. Raises FileMissing, FileCorrupt."""

    def stream(self, sha256: str, scope: str = INSTANCE) -> Iterator[bytes]:
        """Return the bytes in pieces. Raises FileMissing at once, FileCorrupt at a wrong piece."""

    def exists(self, sha256: str, scope: str = INSTANCE) -> bool:
        """Whether the file exists and can be decrypted."""

    def copy(self, sha256: str, scope: str, target: DataKey) -> None:
        """Store the bytes under another data key as well. Raises FileMissing, FileCorrupt."""

    def objects(self) -> Iterator[tuple[str, int]]:
        """Address and size of every stored object, for backups."""

    def ciphertext(self, address: str) -> Iterator[bytes]:
        """Return the stored ciphertext at an address."""

    def clear_unfinished(self, seconds: float) -> int:
        """Remove what writers that were killed left more than `seconds` ago; return how many files."""

    def take_back(self, address: str, pieces: Iterator[bytes]) -> None:
        """Restore a ciphertext returned by `ciphertext`."""
