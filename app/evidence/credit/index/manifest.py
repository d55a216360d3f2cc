"""The manifest of a snapshot's files: their names, sizes and hashes; its own hash identifies the content."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from app.core.values.canonical import canonical_json, sha256_hex

VERSION = "credit-import-4"  # change this when the same file would give other index files
FILES = (
    "rows",
    "row_ends",
    "bad_rows",
    "traits",
    "code_index",
    "code_index_table",
    "code_texts",
    "name_index",
    "name_index_table",
    "statistics",
    "core_hashes",
    "core_counts",
)
_MANIFEST = "manifest.json"
_CHECKED = "checked.json"


class SnapshotDamaged(Exception):
    """Files of a snapshot are missing, or differ from those that were written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a finished import; `content_sha256` is the same whenever the same version imports the same file.

    `bad_rows` were lost; `unread_rows` are kept, though something in them could not be read.
    """

    content_sha256: str
    rows: int
    bad_rows: int
    unread_rows: int
    size: int


def write_manifest(directory: Path, rows: int, bad_rows: int, unread_rows: int) -> Manifest:
    """Hash every file and write the manifest, the last file of an import."""
    files = {name: {"bytes": (directory / name).stat().st_size, "sha256": _hash(directory / name)} for name in FILES}
    counts = {"rows": rows, "badRows": bad_rows, "unreadRows": unread_rows}
    data = canonical_json({"version": VERSION, **counts, "files": files})
    (directory / _MANIFEST).write_bytes(data)
    return _manifest(data)


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest; SnapshotDamaged where there is none."""
    try:
        return _manifest((directory / _MANIFEST).read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        raise SnapshotDamaged(f"{directory.name}: the manifest is missing or damaged") from None


def check(directory: Path, content_sha256: str) -> Manifest:
    """Refuse files that are not those of the manifest, or a manifest that is not the recorded one.

    Every byte is hashed; a record of verified files, by size and modification time, saves the next process the work.
    """
    manifest = read_manifest(directory)
    if manifest.content_sha256 != content_sha256:
        raise SnapshotDamaged(f"{directory.name}: the manifest is not the one that was recorded")
    stamp = {name: _stamp(directory / name) for name in FILES}
    if _stamp_before(directory) != {**stamp, "content": content_sha256}:
        recorded = json.loads((directory / _MANIFEST).read_bytes())["files"]
        for name in FILES:
            if _hash(directory / name) != recorded[name]["sha256"]:
                raise SnapshotDamaged(f"{directory.name}: {name} is damaged")
        (directory / _CHECKED).write_text(json.dumps({**stamp, "content": content_sha256}))
    return manifest


def _manifest(data: bytes) -> Manifest:
    content = json.loads(data)
    size = sum(file["bytes"] for file in content["files"].values())
    return Manifest(sha256_hex(data), content["rows"], content["badRows"], content["unreadRows"], size)


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise SnapshotDamaged(f"{path.parent.name}: {path.name} is missing") from None


def _stamp(path: Path) -> list[int]:
    try:
        found = path.stat()
    except OSError:
        raise SnapshotDamaged(f"{path.parent.name}: {path.name} is missing") from None
    return [found.st_size, found.st_mtime_ns]


def _stamp_before(directory: Path) -> object:
    try:
        return json.loads((directory / _CHECKED).read_text())
    except (OSError, ValueError):
        return None
