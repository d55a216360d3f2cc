"""A list handed in over HTTP: the file is kept as it came, then read whole or not at all."""

from pathlib import Path
from typing import BinaryIO

from app.credit.entries import ListUnreadable
from app.credit.holding import library, raw_file
from app.credit.service import Origin, begin, complete, fail, same_before
from app.credit.tables import CreditSnapshot
from app.work import UnitOfWork


def take(work: UnitOfWork, origin: Origin, file: BinaryIO) -> CreditSnapshot:
    """The snapshot made of a file: ready, or failed with the reason; the snapshot before it then stays in force.

    The same content of the same list and day is the snapshot that is there already.
    """
    stored = work.files.put(file)
    with raw_file(work.files, stored.sha256) as copy:
        try:
            imported = library(work.settings).take(Path(copy.name), origin.mapping)
        except ListUnreadable as error:
            return fail(work, begin(work, origin, stored.sha256, stored.size), str(error))
    earlier = same_before(work, origin, imported.manifest.content_sha256)
    if earlier is not None:
        return earlier
    return complete(work, begin(work, origin, stored.sha256, stored.size), imported)
