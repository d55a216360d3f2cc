"""API keys are created once, shown once, and revoked immediately."""

from datetime import UTC, datetime, timedelta

import pytest

from app.administration.api_keys.tables import ApiKey
from app.platform.access.roles import Role
from app.platform.database.identifiers import new_id


def test_nothing_answers_without_a_key(client):
    for path in ("/api/v1/api-keys", "/api/v1/audit", "/api/v1/nowhere", "/metrics", "/nowhere"):
        answer = client.anonymous.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_health_and_the_description_answer_without_a_key(client):
    assert client.anonymous.get("/api/v1/health").json()["status"] == "ok"
    assert client.anonymous.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    "key", ["", "Basic eA==", "Bearer x", "Bearer bsk_aaaaaaaaaa_" + "a" * 43, "Bearer " + "é" * 9]
)
def test_wrong_keys_are_told_nothing(client, key):
    answer = client.anonymous.get("/api/v1/audit", headers={"Authorization": key.encode("latin-1")})
    assert answer.status_code == 401


def test_a_key_is_shown_once_and_only_its_hash_is_stored(client):
    admin = client.as_(Role.ADMIN)
    made = admin.post("/api/v1/api-keys", json={"name": "对接系统", "role": "officer"})
    assert made.status_code == 201
    key = made.json()["key"]
    assert made.headers["location"].endswith(made.json()["id"])
    assert client.with_key(key).get("/api/v1/api-keys").status_code == 403  # an officer cannot create keys
    listed = admin.get("/api/v1/api-keys").json()["items"]
    assert [row["name"] for row in listed] == ["test admin", "对接系统"]
    assert key not in admin.get("/api/v1/api-keys").text
    with client.platform.work() as work:
        row = work.get(ApiKey, made.json()["id"])
        assert key not in (row.prefix, row.secret_hash)
        assert len(row.secret_hash) == 64


def test_an_ended_key_ends_at_once(client):
    admin = client.as_(Role.ADMIN)
    made = admin.post("/api/v1/api-keys", json={"name": "a", "role": "auditor"}).json()
    auditor = client.with_key(made["key"])
    assert auditor.get("/api/v1/audit").status_code == 200
    assert admin.delete(f"/api/v1/api-keys/{made['id']}").json()["disabledAt"] is not None
    assert auditor.get("/api/v1/audit").status_code == 401


def test_an_expired_key_opens_nothing(client):
    client.key(Role.ADMIN)
    with client.platform.work() as work:
        for row in work.session.query(ApiKey):
            row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    made = client.key(Role.AUDITOR)
    with client.platform.work() as work:
        work.session.query(ApiKey).filter_by(role="auditor").one().expires_at = datetime.now(UTC)
    assert client.with_key(made).get("/api/v1/audit").status_code == 401


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"role": "client"}, "/scopes"),
        ({"organizationId": new_id("org")}, "/organizationId"),
        ({"expiresAt": "2001-01-01T00:00:00Z"}, "/expiresAt"),
        ({"expiresAt": "2999-13-01"}, "/expiresAt"),
        ({"role": "emperor"}, "/role"),
        ({"name": ""}, "/name"),
        ({"name": "a\u0000b"}, "/name"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_a_wrong_key_request_says_where(client, change, pointer):
    answer = client.as_(Role.ADMIN).post("/api/v1/api-keys", json={"name": "a", "role": "officer", **change})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_use_is_noted(client):
    admin = client.as_(Role.ADMIN)
    admin.get("/api/v1/api-keys")
    client.end()
    with client.platform.work() as work:
        assert work.session.query(ApiKey).one().last_used_at is not None
