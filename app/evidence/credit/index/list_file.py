"""A list file given on the command line: read, indexed, and named by its hash."""

from dataclasses import dataclass
from pathlib import Path

from app.core.credit.credit_record import ListEntry
from app.evidence.credit.index.in_memory import SnapshotIndex
from app.evidence.credit.lists.entries import BadRow, ListUnreadable, entries
from app.evidence.credit.lists.sources import examine, read_rows


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list read from a file: snapshot id `sha256:…`, its index, the rows that were not imported."""

    snapshot: str
    index: SnapshotIndex
    bad_rows: tuple[BadRow, ...]


def read_list_file(path: Path) -> ListFile:
    """Read a list; ListUnreadable or OSError where it is none."""
    examined = examine(path)
    rows = list(entries(read_rows(path, examined)))
    bad = tuple(row for row in rows if isinstance(row, BadRow))
    if bad and len(bad) == len(rows):  # with an empty list in force everybody would be clear
        raise ListUnreadable(f"none of its {len(bad)} rows can be read (line {bad[0].line}: {bad[0].reason})")
    index = SnapshotIndex(row for row in rows if isinstance(row, ListEntry))
    return ListFile(f"sha256:{examined.sha256}", index, bad)
