"""A creating POST sent twice with one Idempotency-Key is executed once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi import Response
from sqlalchemy import func, select, update

from app.administration.api_keys.tables import ApiKey
from app.entrypoints import asgi
from app.entrypoints.features import ROUTERS
from app.platform.access import permissions
from app.platform.access.roles import Role
from app.platform.audit.tables import AuditEvent
from app.platform.jobs.enqueue import enqueue
from app.platform.jobs.tables import Job
from app.platform.unit_of_work import Work
from app.platform.web.routing import Router
from app.platform.web.schema import Input
from app.platform.web.tables import IdempotentAnswer
from app.platform.web.types import Name
from app.platform.web.uploads import Upload

router = Router(prefix="/for-tests")


class ThingIn(Input):
    name: Name


@router.post("/things", status_code=201)
def create_thing(body: ThingIn, work: Work, response: Response) -> dict[str, str]:
    job = enqueue(work, "nothing", {"name": body.name})
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return {"id": job.id, "name": body.name}


@router.post("/files", status_code=201)
def create_file(file: Upload, work: Work) -> dict[str, str]:
    stored = work.files.put(file.file)
    return {"id": enqueue(work, "nothing", {}).id, "sha256": stored.sha256}


@pytest.fixture(autouse=True)
def with_routes(monkeypatch):
    monkeypatch.setattr(asgi, "ROUTERS", (*ROUTERS, router))
    for name in ("create_thing", "create_file"):
        monkeypatch.setitem(
            permissions.PERMISSIONS, name, permissions.may({Role.OFFICER, Role.CLIENT}, "tenders:write")
        )


def count(platform, table):
    with platform.work() as work:
        return work.session.scalar(select(func.count()).select_from(table))


def post(client, body=None, key="k-1", role=Role.OFFICER):
    return client.as_(role).post(
        "/api/v1/for-tests/things", json=body or {"name": "a"}, headers={"Idempotency-Key": key}
    )


def test_the_first_answer_is_given_again(client):
    first, second = post(client), post(client)
    assert first.status_code == second.status_code == 201
    assert second.json() == first.json()
    assert second.headers["location"] == first.headers["location"]
    assert second.headers["idempotent-replayed"] == "true"
    assert count(client.platform, Job) == 1


def test_another_body_under_the_same_key_is_refused(client):
    post(client)
    answer = post(client, {"name": "b"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"


def test_another_principal_has_keys_of_its_own(client):
    assert post(client).json() != post(client, role=Role.CLIENT).json()


def test_without_a_key_each_request_counts(client):
    for _ in range(2):
        client.as_(Role.OFFICER).post("/api/v1/for-tests/things", json={"name": "a"})
    assert count(client.platform, Job) == 2


def test_a_refused_request_is_not_remembered(client):
    assert post(client, {"name": ""}).status_code == 422
    assert post(client, {"name": "a"}).status_code == 201


def test_uploads_count_by_their_content(client):
    officer = client.as_(Role.OFFICER)

    def upload(content):
        return officer.post(
            "/api/v1/for-tests/files", files={"file": ("a.pdf", content)}, headers={"Idempotency-Key": "k"}
        )

    first = upload(b"x" * 3_000_000)
    assert first.status_code == 201, first.text
    assert upload(b"x" * 3_000_000).json() == first.json()  # another boundary, the same file
    assert upload(b"y").status_code == 422


def test_a_key_is_forgotten_after_its_time(client):
    first = post(client)
    with client.platform.work() as work:
        work.session.execute(update(IdempotentAnswer).values(created_at=work.now - timedelta(hours=25)))
    assert post(client).json() != first.json()
    assert count(client.platform, IdempotentAnswer) == 1


@pytest.mark.parametrize("key", ["", "a b", "x" * 65])
def test_a_malformed_key_is_refused(client, key):
    assert post(client, key=key).json()["errors"][0]["source"] == "header"


def test_many_at_once_are_done_once(client):
    officer = client.as_(Role.OFFICER)

    def send(_):
        return officer.post("/api/v1/for-tests/things", json={"name": "a"}, headers={"Idempotency-Key": "k"})

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(24)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count(client.platform, Job) == 1
    assert count(client.platform, AuditEvent) == 2  # the key of the test and the one job


def test_a_secret_shown_once_is_not_kept(client):
    admin = client.as_(Role.ADMIN)
    request = {"json": {"name": "a", "role": "officer"}, "headers": {"Idempotency-Key": "k"}}
    made = admin.post("/api/v1/api-keys", **request)
    again = admin.post("/api/v1/api-keys", **request)
    assert (made.status_code, again.status_code) == (201, 409)
    assert again.json()["code"] == "secret_shown_once"
    assert count(client.platform, ApiKey) == 2
    with client.platform.work() as work:
        assert work.session.scalars(select(IdempotentAnswer)).one().answer is None


def test_writers_leave_threads_to_the_one_that_holds_the_lock(client):
    """More requests at once than threads: none waits for a lock whose holder waits for a thread."""
    officer = client.as_(Role.OFFICER)
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda n: officer.post("/api/v1/for-tests/things", json={"name": f"n{n}"}), range(80)))
    assert {answer.status_code for answer in answers} == {201}
    assert count(client.platform, Job) == 80
