"""Many writers on one chain, in threads and processes: the chain does not fork, no event is lost, checkpoints are made
meanwhile.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import select

from app.administration.trail.delivery import Delivery
from app.entrypoints.bootstrap import build
from app.platform.audit.events import Event
from app.platform.audit.export import export
from app.platform.audit.folder_sink import FolderSink
from app.platform.audit.offline.verification import verify
from app.platform.audit.offline.witness import witnessed_in
from app.platform.audit.tables import AuditEvent, AuditHead
from app.platform.database.engine import snapshot
from app.platform.database.session import make_session
from app.platform.settings import Settings
from tests.making.warm import warm

WRITERS, EACH = 2, 12


def write_as_a_process():
    """Write into two chains, in the order that the number in the first word makes different."""
    platform, writer = build(Settings()), int(sys.argv[1])
    for number in range(EACH):
        with platform.work() as work:
            for chain in ("ten_a", "ten_b")[:: 1 if writer % 2 else -1]:
                work.record(Event.OFFICER_TENDER_CHANGE, subject=f"w{writer}", tender=chain, after={"number": number})
    platform.engine.dispose()


def test_processes_and_threads_write_one_chain(platform, tmp_path):
    settings = platform.settings
    environment = {
        **os.environ,
        "BIDSCREEN_DATA_DIR": str(settings.data_dir),
        "BIDSCREEN_DATABASE_URL": settings.database_url,
        "BIDSCREEN_SECRET_KEY": settings.secret_key.get_secret_value(),
    }
    writers = [
        warm().start(writer, env=environment, entry="tests.platform.audit.test_writers:write_as_a_process")
        for writer in range(WRITERS)
    ]
    kept = replace(platform, sinks=(FolderSink(tmp_path / "sink"),))

    def write(name):
        for number in range(EACH):
            with platform.work() as work:
                work.record(Event.OFFICER_TENDER_CHANGE, subject=name, tender="ten_a", after={"number": number})
            if number % 5 == 0:
                Delivery(kept).tick(at_once=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, ("t0", "t1")))
    assert [writer.wait(timeout=120) for writer in writers] == [0] * WRITERS
    Delivery(kept).tick(at_once=True)
    with make_session(snapshot(platform.engine), platform.clock()) as session:
        lines = list(export(session, platform.signer))
        heads = {row.chain: row.sequence for row in session.scalars(select(AuditHead))}
        written = session.execute(select(AuditEvent.chain, AuditEvent.subject_id, AuditEvent.after)).all()
    assert heads == {"ten_a": (WRITERS + 2) * EACH, "ten_b": WRITERS * EACH}
    assert len({(chain, subject, after["number"]) for chain, subject, after in written}) == sum(heads.values())
    signer = platform.signer
    report = verify(lines, {signer.key_id: signer.public}, list(witnessed_in(tmp_path / "sink")))
    assert (report.breaks, report.unwitnessed, report.events) == ((), 0, sum(heads.values()))
