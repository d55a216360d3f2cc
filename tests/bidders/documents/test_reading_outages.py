"""Documents whose job met an outage: read once it is over, sent to manual review when the job is dead or cancelled."""

import pytest
from obstore.exceptions import GenericError
from sqlalchemy import update

from app.entrypoints.features import JOB_KINDS
from app.platform.access.roles import Role
from app.platform.files.object_store import ObjectFileStore
from app.platform.jobs.tables import Job
from app.platform.jobs.worker import Worker

BODY = b"1101 a,b\n"


@pytest.fixture
def officer(client):
    return client.as_(Role.OFFICER)


@pytest.fixture
def away(monkeypatch):
    """Take the store away; calling what this returns brings it back."""

    def fail(*_arguments, **_options):
        raise GenericError("Generic S3 error: error sending request")

    def take(name):
        with_it = getattr(ObjectFileStore, name)
        monkeypatch.setattr(ObjectFileStore, name, fail)
        return lambda: monkeypatch.setattr(ObjectFileStore, name, with_it)

    return take


def upload(officer):
    answer = officer.post("/api/v1/documents", files={"files": ("a.txt", BODY)})
    assert answer.status_code == 202
    return answer.json()["documents"][0]["id"], answer.json()["job"]["id"]


def state(officer, document):
    found = officer.get(f"/api/v1/documents/{document}").json()
    return found["state"], [one["code"] for one in found["reasons"]]


def let_the_pause_pass(client):
    with client.platform.work() as work:
        work.session.execute(update(Job).where(Job.state == "queued").values(due_at=None))


def test_a_document_is_read_once_the_store_is_back(client, officer, away):
    document, job = upload(officer)
    back = away("stream")
    assert client.run_jobs() == 1
    assert officer.get(f"/api/v1/jobs/{job}").json()["state"] == "queued"
    back()
    let_the_pause_pass(client)
    client.run_jobs()
    assert officer.get(f"/api/v1/jobs/{job}").json()["state"] == "succeeded"
    assert state(officer, document)[0] not in {"received", "processing"}


def test_a_dead_job_leaves_no_document_processing(client, officer, away):
    document, job = upload(officer)
    back = away("stream")
    for _ in range(client.platform.settings.job_attempts):
        Worker(client.platform, JOB_KINDS).run_one()
        let_the_pause_pass(client)
    assert officer.get(f"/api/v1/jobs/{job}").json()["state"] == "dead"
    assert state(officer, document) == ("needs_review", ["not_read"])
    back()
    assert officer.post(f"/api/v1/jobs/{job}/retry").status_code == 200
    assert state(officer, document) == ("received", [])
    client.run_jobs()
    assert "not_read" not in state(officer, document)[1]
    assert officer.get(f"/api/v1/jobs/{job}").json()["state"] == "succeeded"


def test_a_cancelled_job_leaves_its_documents_to_manual_review(client, officer):
    document, job = upload(officer)
    assert officer.post(f"/api/v1/jobs/{job}/cancel").json()["state"] == "cancelled"
    assert state(officer, document) == ("needs_review", ["not_read"])
    assert client.run_jobs() == 0


@pytest.mark.parametrize("call", ["put", "stream"])
def test_without_the_store_a_request_is_answered_503(client, officer, away, call):
    document, _ = upload(officer)
    away(call)
    if call == "put":
        answer = officer.post("/api/v1/documents", files={"files": ("b.txt", b"other")})
    else:
        answer = officer.get(f"/api/v1/documents/{document}/content")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert int(answer.headers["retry-after"]) > 0
