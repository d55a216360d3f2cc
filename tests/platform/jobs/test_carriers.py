"""One contract for what carries jobs: leased rows on SQLite, procrastinate on PostgreSQL."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from obstore.exceptions import GenericError
from sqlalchemy import text, update

from app.platform.access.roles import Principal, Role
from app.platform.database.identifiers import new_id
from app.platform.jobs import outcome, service
from app.platform.jobs.enqueue import enqueue as put
from app.platform.jobs.kinds import LATER, URGENT, USUAL, JobKind
from app.platform.jobs.tables import Job
from app.platform.settings import Settings
from tests.platform.jobs.test_jobs import KINDS, enqueue, job, names

OFFICER = Principal(new_id("key"), Role.OFFICER)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"job_lease_seconds": 2, "jobs": 2})


@pytest.fixture(autouse=True)
def no_tokens_of_other_tests(platform):
    if not platform.settings.embedded:
        with platform.engine.begin() as connection:
            connection.execute(text("DELETE FROM procrastinate_jobs"))


@contextmanager
def working(platform, kinds, count=1, only=None):
    workers = platform.queue.workers(platform, kinds, count, only)
    workers.start()
    try:
        yield workers
    finally:
        workers.stop(20)


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


def is_in(platform, job_id, state):
    return lambda: job(platform, job_id).state == state


def noting(notes):
    return {kind: JobKind(lambda run: notes.append(run.payload["place"])) for kind in ("test.note", "test.other")}


def test_a_job_is_run_after_its_commit_and_never_without_it(platform):
    ran = []
    with working(platform, noting(ran)):
        with pytest.raises(ValueError, match="no"), platform.work(OFFICER) as work:
            put(work, "test.note", {"place": "rolled back"})
            raise ValueError("no")
        with platform.work(OFFICER) as work:
            kept = put(work, "test.note", {"place": "committed"}).id
            time.sleep(0.3)
            assert ran == []
        until(is_in(platform, kept, "succeeded"))
    assert ran == ["committed"]


def test_a_new_job_does_not_wait_for_the_next_look(platform):
    with working(platform, noting([])):
        first = enqueue(platform, "test.note", place=0)
        until(is_in(platform, first, "succeeded"))
        began = time.monotonic()
        for place in range(5):
            one = enqueue(platform, "test.note", place=place)
            until(is_in(platform, one, "succeeded"))
        assert time.monotonic() - began < 4, "five looks would take five seconds"


def test_a_passing_failure_is_tried_again(platform, monkeypatch):
    monkeypatch.setattr(outcome, "FIRST_PAUSE", timedelta(milliseconds=400))
    calls = []

    def halting(run):
        calls.append(time.monotonic())
        if len(calls) < 3:
            raise GenericError("error sending request")

    job_id = enqueue(platform, "halting")
    with working(platform, {"halting": JobKind(halting)}):
        until(is_in(platform, job_id, "succeeded"))
    assert len(calls) == 3
    assert calls[1] - calls[0] >= 0.2


def test_the_most_urgent_is_first(platform):
    ran = []
    for place, priority in enumerate((LATER, USUAL, URGENT)):
        with platform.work(OFFICER) as work:
            row = put(work, "test.note", {"place": place})
            row.priority = priority
    with working(platform, noting(ran)):
        until(lambda: len(ran) == 3)
    assert ran == [2, 1, 0]


def test_holders_take_turns(platform):
    ran = []
    for place, tender in enumerate(("ten_1", "ten_1", "ten_1", "ten_2")):
        with platform.work(OFFICER) as work:
            put(work, "test.note", {"place": place}, tender=tender)
    with working(platform, noting(ran)):
        until(lambda: len(ran) == 4)
    assert ran == [0, 3, 1, 2]


def test_a_worker_confined_to_kinds_leaves_the_others(platform):
    ran = []
    left, taken = enqueue(platform, "test.other", place=1), enqueue(platform, "test.note", place=2)
    with working(platform, noting(ran), only=("test.note",)):
        until(is_in(platform, taken, "succeeded"))
        time.sleep(1.2)
    assert ran == [2]
    assert job(platform, left).state == "queued"


def test_a_cancelled_job_is_not_run_and_a_retried_one_is(platform):
    ran = []
    job_id = enqueue(platform, "test.note", place=0)
    with platform.work(OFFICER) as work:
        service.cancel(work, job_id)
    other = enqueue(platform, "test.note", place=1)
    with working(platform, noting(ran)):
        until(is_in(platform, other, "succeeded"))
        assert ran == [1]
        with platform.work(OFFICER) as work:
            service.retry(work, job_id)
        until(is_in(platform, job_id, "succeeded"))
    assert ran == [1, 0]


def test_a_job_delivered_three_times_is_run_once(platform):
    ran = []
    with platform.work(OFFICER) as work:
        row = put(work, "test.note", {"place": 0})
        for _ in range(2):
            work.platform.queue.defer(work.session, row)
        job_id = row.id
    with working(platform, noting(ran), count=2):
        until(is_in(platform, job_id, "succeeded"))
        time.sleep(1.2)
    assert ran == [0]


def test_a_daily_duty_is_queued_and_run_once(platform):
    ran = []
    kinds = {"test.note": JobKind(lambda run: ran.append(run.payload["day"]), daily=True)}
    early = platform.settings.model_copy(update={"duties_at": "00:00"})
    object.__setattr__(platform, "settings", early)
    with working(platform, kinds), working(platform, kinds):
        until(lambda: ran)
        time.sleep(1)
    assert len(ran) == 1


def test_a_process_that_ends_puts_a_long_job_back_at_its_next_chunk(platform):
    reached = threading.Event()

    def long(run):
        for number in range(run.checkpoint.get("next", 0), 200):
            with run.chunk(done=number + 1, total=200, checkpoint={"next": number + 1}):
                pass
            reached.set()
            time.sleep(0.02)

    job_id = enqueue(platform, "long")
    with working(platform, {"long": JobKind(long)}) as workers:
        assert reached.wait(20)
        began = time.monotonic()
        workers.stop(20)
        assert time.monotonic() - began < 5
    found = job(platform, job_id)
    assert (found.state, found.attempts, found.lease_owner) == ("queued", 0, None)
    assert 0 < found.done < 200


DYING = """
import os, signal, sys, threading, time
sys.path.insert(0, sys.argv[1])
from tests.platform.jobs import test_jobs
from app.entrypoints.bootstrap import build
from app.platform.jobs.worker import Worker
from app.platform.settings import Settings

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "before the end":
    Worker._succeed = die
if sys.argv[2] == "after the lease":
    Worker._run = die
platform = build(Settings())
workers = platform.queue.workers(platform, test_jobs.KINDS, 1)
workers.start()
time.sleep(60)
"""


@pytest.mark.parametrize("place", ["after the lease", "between two chunks", "before the end"])
def test_a_killed_worker_s_job_is_resumed_at_its_checkpoint(platform, place):
    job_id = enqueue(platform, dieAfter=3 if place == "between two chunks" else -1)
    settings = platform.settings
    environment = {
        **os.environ,
        "BIDSCREEN_DATA_DIR": str(settings.data_dir),
        "BIDSCREEN_DATABASE_URL": settings.database_url,
        "BIDSCREEN_SECRET_KEY": settings.secret_key.get_secret_value(),
        "BIDSCREEN_JOB_LEASE_SECONDS": "2",
        "BIDSCREEN_DUTIES_AT": "23:59",
    }
    killed = subprocess.run(
        [sys.executable, "-c", DYING, str(Path.cwd()), place], env=environment, timeout=60, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert job(platform, job_id).state == "running"
    began = time.monotonic()
    with working(platform, KINDS):
        until(is_in(platform, job_id, "succeeded"), 30)
    assert time.monotonic() - began < 30
    assert names(platform) == list(range(8)), "a chunk was lost or applied twice"


class TestOnPostgresql:
    """What only the shared carrier has to bear."""

    @pytest.fixture(autouse=True)
    def only_postgresql(self, platform):
        if platform.settings.embedded:
            pytest.skip("the rows themselves are the queue")

    def test_lost_tokens_are_replaced(self, platform):
        ran = []
        job_id = enqueue(platform, "test.note", place=0)
        with platform.engine.begin() as connection:
            connection.execute(text("DELETE FROM procrastinate_jobs"))
            connection.execute(update(Job).values(created_at=platform.clock() - timedelta(minutes=1)))
        with working(platform, noting(ran)):
            until(is_in(platform, job_id, "succeeded"))
        assert ran == [0]

    def test_a_lost_connection_ends_no_worker(self, platform):
        ran = []
        with working(platform, noting(ran)):
            first = enqueue(platform, "test.note", place=0)
            until(is_in(platform, first, "succeeded"))
            with platform.engine.connect() as connection:
                others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
                end = f"SELECT pg_terminate_backend(pid) {others}"
                connection.execute(text(end))
            platform.engine.dispose()
            second = enqueue(platform, "test.note", place=1)
            until(is_in(platform, second, "succeeded"))
        assert ran == [0, 1]

    def test_no_token_is_left(self, platform):
        job_id = enqueue(platform, "test.note", place=0)
        with working(platform, noting([])):
            until(is_in(platform, job_id, "succeeded"))

            def left():
                with platform.engine.connect() as connection:
                    return connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar()

            until(lambda: left() == 0)
