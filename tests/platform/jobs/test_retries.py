"""Passing failures are tried again after a pause until the job is dead; ended jobs can be run again, live ones cancelled."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.exceptions import GenericError
from sqlalchemy import select, update
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from app.platform.access.roles import Role
from app.platform.audit.tables import AuditEvent
from app.platform.database.identifiers import new_id
from app.platform.jobs.kinds import JobKind
from app.platform.jobs.lease import LeaseLost, take
from app.platform.jobs.outcome import FIRST_PAUSE, LONGEST_PAUSE, pause
from app.platform.jobs.run import JobRun
from app.platform.jobs.tables import Job
from app.platform.jobs.worker import Worker
from app.platform.problems import Conflict
from tests.platform.jobs.test_jobs import enqueue, job


class Store:
    """A store that is away for the first `away` calls."""

    def __init__(self, away):
        self.away, self.calls = away, 0

    def read(self, run):
        self.calls += 1
        if self.calls <= self.away:
            raise GenericError("Generic S3 error: error sending request")
        return {"calls": self.calls}


def let_the_pause_pass(platform):
    with platform.work() as work:
        work.session.execute(update(Job).where(Job.state == "queued").values(due_at=None))


def run_out(platform, worker):
    """Run until nothing is left, passing over every pause."""
    while worker.run_one():
        let_the_pause_pass(platform)


@given(st.integers(1, 100), st.floats(0, 1))
def test_pauses_double_within_their_bounds(failures, jitter):
    whole = pause(failures, 0)
    assert FIRST_PAUSE <= whole <= LONGEST_PAUSE
    assert whole == LONGEST_PAUSE or pause(failures + 1, 0) in {2 * whole, LONGEST_PAUSE}
    assert whole / 2 <= pause(failures, jitter) <= whole


def test_the_default_attempts_bridge_an_outage_of_a_minute(platform):
    shortest = sum((pause(one, 1) for one in range(1, platform.settings.job_attempts)), timedelta())
    assert shortest >= timedelta(minutes=2)


def test_a_passing_failure_is_tried_again_after_a_pause(platform):
    store = Store(away=1)
    worker = Worker(platform, {"read": JobKind(store.read)})
    job_id = enqueue(platform, "read")
    assert worker.run_one()
    waiting = job(platform, job_id)
    assert (waiting.state, waiting.error_code, waiting.finished_at) == ("queued", "store_unavailable", None)
    assert waiting.due_at > platform.clock()
    assert not worker.run_one(), "it ran before its pause was over"
    let_the_pause_pass(platform)
    assert worker.run_one()
    done = job(platform, job_id)
    assert (done.state, done.result, done.error_code, done.attempts) == ("succeeded", {"calls": 2}, None, 2)


def test_without_progress_a_job_is_dead_after_so_many_attempts(platform):
    store = Store(away=1000)
    job_id = enqueue(platform, "read")
    run_out(platform, Worker(platform, {"read": JobKind(store.read)}))
    found = job(platform, job_id)
    assert (found.state, found.error_code, store.calls) == ("dead", "store_unavailable", platform.settings.job_attempts)
    assert found.finished_at is not None
    with platform.work() as work:
        of_job = select(AuditEvent.event).where(AuditEvent.subject_id == job_id).order_by(AuditEvent.sequence)
        events = list(work.session.scalars(of_job))
    assert events == ["client:job:enqueue", "worker:job:fail"], "attempts in between are no decisions"


def test_progress_starts_the_count_anew(platform):
    """A long job that meets a failure in each chunk is not dead: it gets on."""
    chunks = 3 * platform.settings.job_attempts

    def halting(run):
        start = run.checkpoint.get("next", 0)
        if start < chunks:
            with run.chunk(done=start + 1, total=chunks, checkpoint={"next": start + 1}):
                pass
            raise GenericError("error sending request")

    job_id = enqueue(platform, "halting")
    run_out(platform, Worker(platform, {"halting": JobKind(halting)}))
    assert (job(platform, job_id).state, job(platform, job_id).attempts) == ("succeeded", chunks + 1)


def test_what_a_repetition_does_not_mend_fails_at_once(platform):
    def refuse(_run):
        raise Conflict("the tender is closed")

    job_id = enqueue(platform, "refuse")
    Worker(platform, {"refuse": JobKind(refuse)}).run_one()
    assert (job(platform, job_id).state, job(platform, job_id).attempts) == ("failed", 1)


@pytest.fixture
def numbers(monkeypatch):
    """A kind that keeps its objects: `abandoned` and `restored` list the payloads."""
    kept = {"abandoned": [], "restored": []}
    kind = JobKind(
        lambda _run: {},
        lambda _work, payload: kept["abandoned"].append(payload["numbers"]),
        lambda _work, payload: kept["restored"].append(payload["numbers"]),
    )
    monkeypatch.setattr("app.platform.jobs.kinds.KINDS", {"test.numbers": kind})
    return kept, {"test.numbers": kind}


def ended(platform, state="dead", kind="test.numbers"):
    job_id = enqueue(platform, kind, numbers=[1])
    with platform.work() as work:
        values = {"state": state, "error_code": "store_unavailable", "finished_at": work.now, "failures": 8}
        work.session.execute(update(Job).where(Job.id == job_id).values(values))
    return job_id


@pytest.mark.parametrize("state", ["failed", "dead", "cancelled"])
def test_an_ended_job_is_run_again(client, numbers, state):
    kept, kinds = numbers
    job_id = ended(client.platform, state)
    answer = client.as_(Role.OFFICER).post(f"/api/v1/jobs/{job_id}/retry")
    assert (answer.status_code, answer.json()["state"], answer.json()["error"]) == (200, "queued", None)
    assert kept["restored"] == [[1]]
    assert Worker(client.platform, kinds).run_one()
    assert job(client.platform, job_id).state == "succeeded"
    again = client.as_(Role.OFFICER).post(f"/api/v1/jobs/{job_id}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "job_state")


def test_a_waiting_job_is_cancelled_and_its_objects_are_told(client, numbers):
    kept, kinds = numbers
    job_id = enqueue(client.platform, "test.numbers", numbers=[1])
    answer = client.as_(Role.ADMIN).post(f"/api/v1/jobs/{job_id}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert kept["abandoned"] == [[1]]
    assert not Worker(client.platform, kinds).run_one()
    assert client.as_(Role.ADMIN).post(f"/api/v1/jobs/{job_id}/cancel").json()["code"] == "job_state"


def test_a_running_job_that_was_cancelled_commits_nothing_more(client):
    job_id = enqueue(client.platform)
    with client.platform.work() as work:
        run = JobRun(client.platform, take(work.session, "w", work.now, 30), "w")
    assert client.as_(Role.OFFICER).post(f"/api/v1/jobs/{job_id}/cancel").status_code == 200
    with pytest.raises(LeaseLost), run.chunk(done=1, total=1, checkpoint={"next": 1}):
        pass
    assert job(client.platform, job_id).checkpoint == {}


def test_a_bidder_runs_no_job_again(client):
    job_id = ended(client.platform)
    for step in ("retry", "cancel"):
        assert client.as_(Role.BIDDER).post(f"/api/v1/jobs/{job_id}/{step}").status_code == 403
    assert client.as_(Role.OFFICER).post(f"/api/v1/jobs/{new_id('job')}/retry").status_code == 404


def test_jobs_are_listed_by_state_and_kind(client):
    dead, failed = ended(client.platform), ended(client.platform, "failed", "test.other")
    officer = client.as_(Role.OFFICER)

    def listed(**asked):
        return [one["id"] for one in officer.get("/api/v1/jobs", params=asked).json()["items"]]

    assert listed(state="dead") == [dead]
    assert listed(kind="test.other") == [failed]
    assert listed(state="dead", kind="test.other") == []
    assert officer.get("/api/v1/jobs", params={"kind": "no kind"}).status_code == 422


@pytest.fixture
def command(platform, monkeypatch):
    """The command line on the platform of this test."""
    monkeypatch.setattr("app.entrypoints.bootstrap.from_environment", lambda **_: platform)

    def run(*arguments):
        result = CliRunner().invoke(cli, ["jobs", *arguments])
        return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]

    return run


def test_the_command_line_lists_and_runs_again(platform, command, numbers):
    first, second, third = ended(platform), ended(platform), ended(platform, "failed", "test.other")
    assert [one["id"] for one in command("list", "--state", "dead")[1]] == [second, first]
    assert command("retry", first) == (0, [{"id": first, "state": "queued"}])
    assert command("retry", first) == (3, [{"id": first, "error": "job_state"}])
    assert command("retry", "--all", "--kind", "test.other") == (0, [{"id": third, "state": "queued"}])
    assert command("retry", "--all") == (0, [{"id": second, "state": "queued"}])
    assert command("retry", "--all") == (0, [])
    assert command("cancel", second) == (0, [{"id": second, "state": "cancelled"}])
    assert command("retry")[0] == 2
