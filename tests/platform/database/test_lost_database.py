"""A PostgreSQL that is away: every request is answered 503 with `Retry-After`, and served again once it is back."""

import pytest
from sqlalchemy import create_engine, text

from app.entrypoints.bootstrap import build
from app.platform.access.roles import Role
from app.platform.database.migrate import upgrade
from app.platform.settings import Settings
from tests.conftest import SECRET, USUAL, Api

NEW = {"name": "苏州市某某社会工作服务社"}


@pytest.fixture
def database(new_database):
    return new_database()


@pytest.fixture
def service(database, tmp_path):
    platform = build(Settings(data_dir=tmp_path, database_url=database, secret_key=SECRET, **USUAL))
    upgrade(platform.engine)
    with Api(platform) as api:
        yield api


def allow(server, database, allowed):
    """Let the database accept connections or not; those it has are ended with it."""
    name = database.partition("?")[0].rpartition("/")[2]
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}"))
        end = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(end, {"name": name})
    admin.dispose()


def test_requests_wait_for_the_database_and_none_is_answered_500(service, database, postgresql_server):
    officer = service.as_(Role.OFFICER)
    assert officer.post("/api/v1/organizations", json=NEW).status_code == 201
    allow(postgresql_server, database, False)
    answers = [
        *(officer.get("/api/v1/organizations") for _ in range(3)),
        *(officer.post("/api/v1/organizations", json=NEW) for _ in range(3)),
        service.anonymous.get("/api/v1/health"),
        service.anonymous.get("/api/v1/health/ready"),
    ]
    assert service.anonymous.get("/api/v1/health/live").status_code == 200
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(503, "busy")}
    assert all(one.headers["retry-after"] for one in answers)
    allow(postgresql_server, database, True)
    assert officer.post("/api/v1/organizations", json=NEW).status_code == 201
    assert len(officer.get("/api/v1/organizations").json()["items"]) == 2


def test_connections_that_were_cut_are_replaced(service, database, postgresql_server):
    officer = service.as_(Role.OFFICER)
    assert officer.get("/api/v1/organizations").status_code == 200
    allow(postgresql_server, database, True)  # cuts them, and no more
    assert officer.get("/api/v1/organizations").status_code == 200
