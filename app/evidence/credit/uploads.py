"""Upload of a list over HTTP: the file is stored unchanged, then imported as a whole or refused."""

from pathlib import Path
from typing import BinaryIO

from app.evidence.credit.holding import library, raw_file
from app.evidence.credit.jobs import KIND
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.lists.sources import is_text
from app.evidence.credit.service import ListOrigin, begin, complete, fail, same_in_force
from app.evidence.credit.tables import CreditSnapshot
from app.platform.jobs.enqueue import enqueue
from app.platform.unit_of_work import UnitOfWork

AT_ONCE = 4 * 2**20  # bytes; longer files, and binary ones, are imported by a job in a process of its own


def take(work: UnitOfWork, origin: ListOrigin, file: BinaryIO) -> CreditSnapshot:
    """The snapshot made of a file: ready, importing (a job has it), or failed with the reason.

    Until it is ready, and when it fails, the snapshot before it is in force. The same content of the same list and day is the
    snapshot that is there already.
    """
    stored = work.files.put(file)
    with raw_file(work.files, stored.sha256) as copy:
        path = Path(copy.name)
        if stored.size > AT_ONCE or not is_text(path):
            return _queued(work, begin(work, origin, stored.sha256, stored.size), allow_empty=origin.allow_empty)
        try:
            imported = library(work.settings).take(path, origin.mapping, allow_empty=origin.allow_empty)
        except ListUnreadable as error:
            return fail(work, begin(work, origin, stored.sha256, stored.size), str(error))
    earlier = same_in_force(work, origin, imported.manifest.content_sha256)
    if earlier is not None:
        return earlier
    return complete(work, begin(work, origin, stored.sha256, stored.size), imported.manifest)


def _queued(work: UnitOfWork, row: CreditSnapshot, *, allow_empty: bool) -> CreditSnapshot:
    row.job_id = enqueue(work, KIND, {"snapshot": row.id, "allowEmpty": allow_empty}).id
    return row
