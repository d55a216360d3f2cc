"""The job that computes a tender's leads: it computes missing fingerprints, then compares everything."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from app.core.integrity.assess import integrity_leads
from app.evidence.reading.isolation.pool import shared
from app.examination.integrity.collect import METHOD, Kept, documents_of, missing_fingerprints, tender_facts
from app.examination.integrity.service import store
from app.examination.integrity.tables import DocumentFingerprint
from app.platform.files.store import FileCorrupt, FileMissing, FileStore
from app.platform.jobs.run import JobRun
from app.platform.unit_of_work import UnitOfWork

BATCH = 16
AT_ONCE = 2  # by default the number of children of a kind in the pool


def run_compute(run: JobRun) -> dict[str, Any]:
    """Compute and store the leads; a resumed run continues with the files that still lack a fingerprint."""
    tender_id = str(run.payload["tender"])
    with _reading(run) as work:
        waiting = missing_fingerprints(work, documents_of(work, tender_id))
    total = len(waiting) + 1
    for start in range(0, len(waiting), BATCH):
        _take_fingerprints(run, waiting[start : start + BATCH], min(start + BATCH, len(waiting)), total)
    with _reading(run) as work:
        facts = tender_facts(work, tender_id)
    leads = integrity_leads(facts)  # computed outside the transaction, so that no lock is held
    with run.chunk(done=total, total=total, checkpoint={}) as work:
        return dict(store(work, tender_id, leads))


@contextmanager
def _reading(run: JobRun) -> Iterator[UnitOfWork]:
    work = UnitOfWork(run.platform, run.principal, run.job_id, reading=True)
    try:
        yield work
    finally:
        work.close()


def _take_fingerprints(run: JobRun, files: Sequence[Kept], done: int, total: int) -> None:
    with ThreadPoolExecutor(AT_ONCE, "fingerprint-reader") as threads:
        taken = list(threads.map(lambda one: _fingerprint(run.platform.files, one), files))
    with run.chunk(done=done, total=total, checkpoint={}) as work:
        for one, fingerprint in zip(files, taken, strict=True):
            row = work.session.get(DocumentFingerprint, (one.scope, one.sha256))
            if row is None:
                row = DocumentFingerprint(scope=one.scope, sha256=one.sha256)
                work.session.add(row)
            row.method, row.fingerprint = METHOD, fingerprint


def _fingerprint(files: FileStore, one: Kept) -> dict[str, Any]:
    """Compute the fingerprint of a file; {} where its bytes cannot be found or read: it is then compared by its hash
    alone.
    """
    try:
        data = files.read(one.sha256, one.scope)
    except (FileMissing, FileCorrupt):
        return {}
    return shared().fingerprint(data, "")
