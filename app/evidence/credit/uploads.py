"""Upload of a list over HTTP: the file is stored unchanged, then imported in full or refused."""

from typing import BinaryIO

from app.evidence.credit.holding import library, raw_file
from app.evidence.credit.jobs import KIND
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.lists.sources import is_text
from app.evidence.credit.service import ListOrigin, begin, complete, fail, same_in_force
from app.evidence.credit.tables import CreditSnapshot
from app.platform.jobs.enqueue import enqueue
from app.platform.unit_of_work import UnitOfWork

AT_ONCE = 4 * 2**20  # bytes; larger and binary files are imported by a job in a separate process


def take(work: UnitOfWork, origin: ListOrigin, file: BinaryIO) -> CreditSnapshot:
    """Return the snapshot of an uploaded file: ready, importing (by a job), or failed with the reason.

    Until it is ready, and when it fails, the previous snapshot is in force. The same content for the same list and day
    returns the existing snapshot.
    """
    stored = work.files.put(file)
    if stored.size > AT_ONCE:
        return _queued(work, begin(work, origin, stored.sha256, stored.size), allow_empty=origin.allow_empty)
    with raw_file(work.files, stored.sha256) as path:
        if not is_text(path):
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
