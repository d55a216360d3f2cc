"""A list file given on the command line: read, indexed, and named by its hash."""

from dataclasses import dataclass
from pathlib import Path

from app.core.canonical import sha256_hex
from app.core.credit import ListEntry
from app.credit.entries import BadRow, read_entries
from app.credit.index import SnapshotIndex


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list read from a file: snapshot id `sha256:…`, its index, the rows that were not imported."""

    snapshot: str
    index: SnapshotIndex
    bad_rows: tuple[BadRow, ...]


def read_list_file(path: Path) -> ListFile:
    """Read a list; ListUnreadable or OSError where it is none."""
    data = path.read_bytes()
    rows = list(read_entries(data))
    bad = tuple(row for row in rows if isinstance(row, BadRow))
    index = SnapshotIndex(row for row in rows if isinstance(row, ListEntry))
    return ListFile(f"sha256:{sha256_hex(data)}", index, bad)
