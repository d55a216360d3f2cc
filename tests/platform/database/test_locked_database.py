"""A SQLite database that another writer holds: busy with a time to try again, never an internal error."""

import sqlite3

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.platform.access.roles import Role
from app.platform.web.last_use import LastUse
from tests.making.procedure import refusal


@pytest.fixture
def officer(client):
    return client.as_(Role.OFFICER)


@pytest.fixture
def held(platform):
    """Another connection that holds the write lock; the platform's own wait 50 ms for it."""
    if platform.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    event.listen(platform.engine, "checkout", lambda made, *_: made.execute("PRAGMA busy_timeout=50"))
    holder = sqlite3.connect(platform.engine.url.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield platform
    holder.rollback()
    holder.close()


def test_a_write_raises_the_error_that_the_edge_knows(held):
    with pytest.raises(OperationalError), held.engine.begin():
        pass


def test_uses_that_could_not_be_written_are_kept(held):
    uses = LastUse(held.engine, {})
    uses.note("key_1", held.clock())
    uses.write()
    assert uses.noted("key_1") is not None


def test_a_request_is_answered_busy(officer, held):
    answer = officer.post("/api/v1/organizations", json={"name": "苏州市某某社会工作服务社"})
    assert refusal(answer)[:2] == (503, "busy")
    assert answer.headers["retry-after"]
