"""The archive: a tar of `database/…`, `files/…` and, last, `manifest.json` with the hash of every member."""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
SECRET = "secret.key"  # noqa: S105  a member's name
_MEMBER = re.compile(r"database/[a-z_]+\.(sqlite3|copy)|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}|secret\.key")
_PIECE = 1024 * 1024


class ArchiveBroken(ValueError):
    """The archive is incomplete or modified, or not a bidscreen backup."""


@dataclass(slots=True)
class Manifest:
    """Contents of an archive: kind and version of the database, id of the secret, SHA-256 of each member."""

    database: str
    revision: str
    key: str
    made_at: str
    version: str
    format: int = FORMAT
    members: dict[str, str] = field(default_factory=dict)


class Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.sha256 = hashlib.sha256()

    def read(self, count: int = -1) -> bytes:
        """Read like any file."""
        piece = self._source.read(count)
        self.sha256.update(piece)
        return piece


class Pieces(io.RawIOBase):
    """An iterator of bytes as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def read(self, count: int = -1) -> bytes:
        """Read up to `count` bytes; empty at the end."""
        while count < 0 or len(self._held) < count:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        cut = len(self._held) if count < 0 else count
        given, self._held = self._held[:cut], self._held[cut:]
        return given


class Writer:
    """Adds members and, at the end, the manifest."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self.manifest = tar, manifest

    def add(self, name: str, size: int, source: IO[bytes]) -> None:
        """Add one member of `size` bytes."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        hashing = Hashing(source)
        self._tar.addfile(info, hashing)
        self.manifest.members[name] = hashing.sha256.hexdigest()

    def finish(self) -> None:
        """Write the manifest."""
        body = json.dumps(asdict(self.manifest), indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(body), 0o600
        self._tar.addfile(info, io.BytesIO(body))


def verified(path: Path) -> Manifest:
    """Read the whole archive and check every member against the manifest; raises ArchiveBroken."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(path, "r|") as tar:
            for info in tar:
                member = tar.extractfile(info)
                if member is None or manifest is not None:
                    raise ArchiveBroken("it contains an unexpected member")
                if info.name == MANIFEST:
                    manifest = json.loads(member.read())
                else:
                    found[_known(info.name)] = _hash(member)
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise ArchiveBroken(str(error) or "it cannot be read") from error
    return _compared(manifest, found)


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the members of a verified archive except the manifest, in order."""
    with tarfile.open(path, "r|") as tar:
        for info in tar:
            member = tar.extractfile(info)
            if member is not None and info.name != MANIFEST:
                yield _known(info.name), member


def _known(name: str) -> str:
    if not _MEMBER.fullmatch(name):
        raise ArchiveBroken("it contains an unexpected member")
    return name


def _hash(member: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := member.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _compared(manifest: dict[str, Any] | None, found: dict[str, str]) -> Manifest:
    if manifest is None:
        raise ArchiveBroken("it is truncated: the manifest is missing")
    if manifest.get("format") != FORMAT:
        raise ArchiveBroken("its format belongs to another version of bidscreen")
    try:
        whole = Manifest(**manifest)
    except TypeError as error:
        raise ArchiveBroken("its manifest cannot be read") from error
    if whole.members != found:
        raise ArchiveBroken("its members do not match its manifest")
    return whole
