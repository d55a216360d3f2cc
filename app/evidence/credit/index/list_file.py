"""A list file given on the command line: imported into a temporary library, searched like a snapshot, identified by its
hash.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.evidence.credit.index.importer import Library
from app.evidence.credit.index.on_disk import MappedSnapshot
from app.evidence.credit.lists.entries import BadRow
from app.evidence.credit.lists.mapping import STANDARD, ColumnMapping


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list read from a file: snapshot id `sha256:…`, its index, the rows not read completely.

    `rows` counts entries; `lost_rows` have neither a readable name nor a readable code, so the list clears no bidder.
    """

    snapshot: str
    index: MappedSnapshot
    bad_rows: tuple[BadRow, ...]
    rows: int
    lost_rows: int


def read_list_file(path: Path, mapping: ColumnMapping = STANDARD) -> ListFile:
    """Read a list; one with a header and no rows is empty. ListUnreadable or OSError where it is not a list."""
    with tempfile.TemporaryDirectory(prefix="bidscreen-list-") as directory:
        library = Library(Path(directory))
        imported = library.take(path, mapping, allow_empty=True)
        manifest = imported.manifest
        place = library.path(manifest.content_sha256)
        with (place / "bad_rows").open(encoding="utf-8") as lines:
            bad = tuple(BadRow(**json.loads(line)) for line in lines)
        index = MappedSnapshot(place)  # its files stay mapped after the directory is deleted
    return ListFile(f"sha256:{imported.source.sha256}", index, bad, manifest.rows, manifest.bad_rows)
