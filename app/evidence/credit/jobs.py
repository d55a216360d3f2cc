"""The job that imports a large list, or one in a binary format, in a child process; a killed job resumes where it
stopped.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from app.core.values.canonical import canonical_json
from app.evidence.credit.holding import descriptor_of, library, mapping_of, raw_file
from app.evidence.credit.service import complete, fail
from app.evidence.credit.tables import CreditSnapshot
from app.platform.jobs.run import JobRun
from app.platform.unit_of_work import UnitOfWork

KIND = "credit.import"
ENDED = "the job that imports the list ended before it was imported"


class ImportBroken(Exception):
    """The child ended without an outcome; the job fails, the previous snapshot stays in force."""


def run_import(run: JobRun) -> dict[str, Any]:
    """Import the snapshot of the payload; the result states the outcome."""
    with run.platform.work(run.principal) as work:
        row = work.get(CreditSnapshot, str(run.payload["snapshot"]))
        sha256, mapping = row.sha256, mapping_of(row)
    outcome: dict[str, Any] = {}
    with raw_file(run.platform.files, sha256) as raw:
        given = canonical_json({"mapping": mapping, "allowEmpty": bool(run.payload.get("allowEmpty"))})
        for message in _child([str(library(run.platform.settings).directory), str(raw)], given, descriptor_of(raw)):
            outcome = message
            if "done" in message:
                with run.chunk(done=message["done"], total=None, checkpoint={"stage": message["stage"]}):
                    pass
    if not {"content", "fault"} & set(outcome):
        raise ImportBroken
    with run.chunk(done=1, total=1, checkpoint={"stage": "ended"}) as work:
        row = work.get(CreditSnapshot, str(run.payload["snapshot"]))
        if "fault" in outcome:
            fail(work, row, outcome["fault"])
        else:
            complete(work, row, library(work.settings).manifest(outcome["content"]))
        return {"snapshot": row.id, "state": row.state, "rows": row.rows, "badRows": row.bad_rows, "fault": row.fault}


def abandon(work: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Record that the import ended; the previous snapshot stays in force."""
    row = work.get(CreditSnapshot, str(payload["snapshot"]))
    if row.state == "importing":
        fail(work, row, ENDED)


def restore(work: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Let the snapshot wait for its import again."""
    row = work.get(CreditSnapshot, str(payload["snapshot"]))
    if row.state == "failed" and row.fault == ENDED:
        row.state, row.fault = "importing", None


def _child(arguments: list[str], given: bytes, inherited: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "app.evidence.credit.index.child", *arguments]
    with subprocess.Popen(  # noqa: S603 - own code
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=inherited
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(given)
            child.stdin.close()
            for line in child.stdout:
                yield json.loads(line)
        finally:
            child.kill()
