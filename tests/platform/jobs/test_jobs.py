"""Jobs: the row is the source of truth; a killed worker's job resumes after its last chunk."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.administration.api_keys.tables import ApiKey
from app.platform.access.roles import Principal, Role
from app.platform.audit.tables import AuditEvent
from app.platform.database.identifiers import new_id
from app.platform.jobs.enqueue import enqueue as enqueue_job
from app.platform.jobs.kinds import JobKind
from app.platform.jobs.lease import LeaseLost, Reach, take
from app.platform.jobs.run import JobRun
from app.platform.jobs.tables import Job
from app.platform.jobs.worker import Worker, Workers
from app.platform.problems import Conflict

OFFICER = Principal(new_id("key"), Role.OFFICER)


def write_numbers(run):
    """Store one row for each number, three per chunk."""
    numbers = run.payload["numbers"]
    for start in range(run.checkpoint.get("next", 0), len(numbers), 3):
        with run.chunk(done=start + 3, total=len(numbers), checkpoint={"next": start + 3}) as work:
            for number in numbers[start : start + 3]:
                work.session.add(
                    ApiKey(
                        name=str(number),
                        prefix=f"n{number}",
                        secret_hash="",
                        role="auditor",
                        lots=[],
                        scopes=[],
                        created_by="x",
                    )
                )
        if run.payload.get("dieAfter") == start:
            os.kill(os.getpid(), signal.SIGKILL)
    return {"written": len(numbers)}


def refuse(run):
    raise Conflict("the tender is closed")


def crash(run):
    raise ValueError("secret 110101199003070732")


KINDS = {"numbers": JobKind(write_numbers), "refuse": JobKind(refuse), "crash": JobKind(crash)}


def enqueue(platform, kind="numbers", principal=OFFICER, **payload):
    with platform.work(principal) as work:
        return enqueue_job(work, kind, {"numbers": list(range(8)), **payload}).id


def job(platform, job_id):
    with platform.work() as work:
        return work.get(Job, job_id)


def names(platform):
    with platform.work() as work:
        return sorted(int(name) for name in work.session.scalars(select(ApiKey.name)))


def test_a_job_is_carried_out_once(platform):
    job_id = enqueue(platform)
    worker = Worker(platform, KINDS)
    assert [worker.run_one(), worker.run_one()] == [True, False]
    found = job(platform, job_id)
    assert (found.state, found.done, found.total, found.result) == ("succeeded", 8, 8, {"written": 8})
    assert found.lease_owner is None
    assert names(platform) == list(range(8))


def test_the_oldest_comes_first(platform):
    first, second = enqueue(platform), enqueue(platform)
    with platform.work() as work:
        assert take(work.session, "w", work.now, 30).id == first
    with platform.work() as work:
        assert take(work.session, "w", work.now, 30).id == second
    with platform.work() as work:
        assert take(work.session, "w", work.now, 30) is None


@pytest.mark.parametrize(
    ("kind", "code", "detail"),
    [
        ("refuse", "conflict", "the tender is closed"),
        ("crash", "internal", "search the log"),
        ("what", "unknown_job", "no handler"),
    ],
)
def test_a_failure_is_written_down(platform, kind, code, detail):
    job_id = enqueue(platform, kind)
    Worker(platform, KINDS).run_one()
    found = job(platform, job_id)
    assert (found.state, found.error_code) == ("failed", code)
    assert detail in found.error_detail
    assert "1101" not in found.error_detail
    with platform.work() as work:
        assert "worker:job:fail" in set(work.session.scalars(select(AuditEvent.event)))


def test_a_silent_worker_loses_its_job_and_cannot_write_any_more(platform):
    job_id = enqueue(platform)
    with platform.work() as work:
        late = JobRun(platform, take(work.session, "late", work.now - timedelta(seconds=60), 30), "late")
    assert Worker(platform, KINDS).run_one()
    with pytest.raises(LeaseLost), late.chunk(done=1, total=1, checkpoint={}) as work:
        work.session.add(
            ApiKey(name="99", prefix="late", secret_hash="", role="auditor", lots=[], scopes=[], created_by="x")
        )
    assert names(platform) == list(range(8))
    assert job(platform, job_id).attempts == 2


def test_a_job_that_kills_its_workers_is_given_up(platform):
    job_id = enqueue(platform)
    for attempt in range(platform.settings.job_attempts + 1):
        with platform.work() as work:
            assert take(work.session, "dead", work.now - timedelta(seconds=900 - 60 * attempt), 30)
    Worker(platform, KINDS).run_one()
    found = job(platform, job_id)
    assert (found.state, found.error_code) == ("dead", "too_many_attempts")


def test_a_chunk_commits_with_its_checkpoint_or_not_at_all(platform):
    job_id = enqueue(platform)
    with platform.work() as work:
        run = JobRun(platform, take(work.session, "w", work.now, 30), "w")
    with pytest.raises(ValueError, match="half"), run.chunk(done=3, total=8, checkpoint={"next": 3}) as work:
        work.session.add(
            ApiKey(name="1", prefix="p", secret_hash="", role="auditor", lots=[], scopes=[], created_by="x")
        )
        work.session.flush()
        raise ValueError("half way")
    assert names(platform) == []
    assert job(platform, job_id).checkpoint == {}


KILLED = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.platform.jobs.test_jobs import KINDS
from app.entrypoints.bootstrap import build
from app.platform.jobs.worker import Worker
from app.platform.settings import Settings
Worker(build(Settings()), KINDS).run_one()
"""


def test_a_killed_process_loses_no_chunk_and_repeats_none(platform):
    job_id = enqueue(platform, dieAfter=3)
    settings = platform.settings
    environment = {
        **os.environ,
        "BIDSCREEN_DATA_DIR": str(settings.data_dir),
        "BIDSCREEN_DATABASE_URL": settings.database_url,
        "BIDSCREEN_SECRET_KEY": settings.secret_key.get_secret_value(),
        "BIDSCREEN_JOB_LEASE_SECONDS": "2",
    }
    killed = subprocess.run([sys.executable, "-c", KILLED, str(Path.cwd())], env=environment, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    found = job(platform, job_id)
    assert (found.state, found.done, found.checkpoint) == ("running", 6, {"next": 6})

    until = time.monotonic() + 20
    while not Worker(platform, KINDS).run_one():
        assert time.monotonic() < until, "the lease of the dead never ended"
        time.sleep(0.2)
    assert job(platform, job_id).state == "succeeded"
    assert names(platform) == list(range(8))


def test_embedded_workers_are_woken_by_the_commit(platform):
    workers = Workers(platform, KINDS, 2)
    workers.start()
    try:
        job_ids = [enqueue(platform, numbers=[], kind="numbers") for _ in range(6)]
        until = time.monotonic() + 10
        while any(job(platform, job_id).state != "succeeded" for job_id in job_ids):
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        workers.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "job-worker"]


def test_a_long_job_keeps_its_lease(platform):
    short = platform.settings.model_copy(update={"job_lease_seconds": 2})
    patient = dataclasses.replace(platform, settings=short)
    job_id = enqueue(platform, "slow")
    taken_over = []

    def slow(run):
        time.sleep(3)
        with platform.work() as work:
            taken_over.append(take(work.session, "thief", work.now, 2))

    Worker(patient, {"slow": JobKind(slow)}).run_one()
    assert taken_over == [None]
    assert job(platform, job_id).state == "succeeded"


def test_progress_over_http(client):
    job_id = enqueue(client.platform)
    officer = client.as_(Role.OFFICER)
    assert officer.get(f"/api/v1/jobs/{job_id}").json()["state"] == "queued"
    Worker(client.platform, KINDS).run_one()
    found = officer.get(f"/api/v1/jobs/{job_id}").json()
    assert (found["state"], found["done"], found["total"]) == ("succeeded", 8, 8)
    events = officer.get(f"/api/v1/jobs/{job_id}/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    assert "event: job" in events.text
    assert '"state":"succeeded"' in events.text


def test_events_follow_the_job_to_its_end(client):
    job_id = enqueue(client.platform)
    later = threading.Timer(0.7, Worker(client.platform, KINDS).run_one)
    later.start()
    events = client.as_(Role.OFFICER).get(f"/api/v1/jobs/{job_id}/events").text
    later.join()
    assert events.index('"state":"queued"') < events.index('"state":"succeeded"')


def test_a_bidder_sees_its_own_jobs_only(client):
    own, other = new_id("org"), new_id("org")
    job_id = enqueue(client.platform, principal=Principal(new_id("key"), Role.BIDDER, own))
    assert client.as_(Role.BIDDER, own).get(f"/api/v1/jobs/{job_id}").status_code == 200
    strange = client.as_(Role.BIDDER, other).get(f"/api/v1/jobs/{job_id}")
    missing = client.as_(Role.BIDDER, other).get(f"/api/v1/jobs/{new_id('job')}")
    assert strange.status_code == missing.status_code == 404
    assert {k: v for k, v in strange.json().items() if k != "requestId"} == {
        k: v for k, v in missing.json().items() if k != "requestId"
    }
    assert client.as_(Role.BIDDER, other).get(f"/api/v1/jobs/{job_id}/events").status_code == 404


def test_jobs_are_listed_newest_first_and_a_bidders_own_alone(client):
    own = new_id("org")
    first = enqueue(client.platform)
    second = enqueue(client.platform, principal=Principal(new_id("key"), Role.BIDDER, own))
    listed = client.as_(Role.OFFICER).get("/api/v1/jobs", params={"state": "queued"}).json()["items"]
    assert [one["id"] for one in listed] == sorted([first, second], reverse=True)
    assert [one["id"] for one in client.as_(Role.BIDDER, own).get("/api/v1/jobs").json()["items"]] == [second]
    Worker(client.platform, KINDS).run_one()
    succeeded = client.as_(Role.OFFICER).get("/api/v1/jobs", params={"state": "succeeded"}).json()["items"]
    assert [one["state"] for one in succeeded] == ["succeeded"]
    assert client.as_(Role.OFFICER).get("/api/v1/jobs", params={"state": "lost"}).status_code == 422


def bidder(number):
    return Principal(new_id("key"), Role.BIDDER, f"org_{number:026}")


def taken(platform, *, each=None):
    """The holder of the next job, which is taken; None if there is none."""
    with platform.work() as work:
        job = take(work.session, "w", work.now, 30, Reach(each=each))
        return job and job.organization_id


def test_bidders_take_turns(platform):
    """Five jobs of one bidder come first: the single job of another is the second to run."""
    one, other, third = (bidder(number) for number in (1, 2, 3))
    for _ in range(5):
        enqueue(platform, principal=one)
    enqueue(platform, principal=other)
    enqueue(platform, principal=third)
    order = [taken(platform) for _ in range(7)]
    assert order == [one.organization_id, other.organization_id, third.organization_id, *[one.organization_id] * 4]


def test_who_was_served_longest_ago_comes_first(platform):
    one, other, order = bidder(1), bidder(2), []
    worker = Worker(platform, {"note": JobKind(lambda run: order.append(run.payload["place"]))})
    for place, principal in enumerate((one, one, one, other, other)):
        enqueue(platform, "note", principal, place=place)
    while worker.run_one():
        pass
    assert order == [0, 3, 1, 4, 2]


def test_one_worker_is_kept_for_other_bidders(platform):
    one, other = bidder(1), bidder(2)
    for _ in range(3):
        enqueue(platform, principal=one)
    assert [taken(platform, each=1) for _ in range(2)] == [one.organization_id, None]
    enqueue(platform, principal=other)
    enqueue(platform)
    assert [taken(platform, each=1) for _ in range(3)] == [other.organization_id, None, None]


def test_a_long_job_steps_aside_for_another_holder_s(platform):
    """It goes on from its last checkpoint, and the attempt does not count."""
    ran = []

    def step(run):
        for number in range(run.checkpoint.get("next", 0), 3):
            ran.append((run.payload["who"], number))
            with run.chunk(done=number + 1, total=3, checkpoint={"next": number + 1}):
                pass
            run.step_aside()

    worker = Worker(platform, {"step": JobKind(step)})
    jobs = [enqueue(platform, "step", bidder(1), who="long"), enqueue(platform, "step", bidder(2), who="short")]
    while worker.run_one():
        pass
    assert ran == [("long", 0), ("short", 0), ("long", 1), ("short", 1), ("long", 2), ("short", 2)]
    assert [(job(platform, one).state, job(platform, one).attempts) for one in jobs] == [("succeeded", 1)] * 2
