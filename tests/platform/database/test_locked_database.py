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


@pytest.mark.sqlite_only
def test_a_connection_that_was_opened_for_reading_alone_is_replaced(officer, platform, monkeypatch):
    """As where there were too few descriptors to open the file for writing."""
    body, database = {"name": "苏州市某某社会工作服务社"}, platform.engine.url.database
    made = sqlite3.connect
    platform.engine.dispose()
    monkeypatch.setattr(
        platform.engine.dialect.dbapi, "connect",
        lambda *_, **more: made(f"file:{database}?mode=ro", uri=True, **more),
    )  # fmt: skip
    answer = officer.post("/api/v1/organizations", json=body)
    assert refusal(answer)[:2] == (503, "busy")
    monkeypatch.setattr(platform.engine.dialect.dbapi, "connect", made)
    assert officer.post("/api/v1/organizations", json=body).status_code == 201


@pytest.mark.sqlite_only
@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR_READ])
def test_a_page_that_cannot_be_read_for_a_moment_is_no_internal_error(officer, platform, code):
    """The credential is looked up outside of the routes; SQLite calls a failed read a malformed page."""
    fault = sqlite3.DatabaseError("database disk image is malformed")
    fault.sqlite_errorcode = code
    fault.sqlite_errorname = "SQLITE_CORRUPT" if code == sqlite3.SQLITE_CORRUPT else "SQLITE_IOERR_READ"
    failing = [True]

    def fail(*_):
        if failing.pop() if failing else False:
            raise fault

    event.listen(platform.engine, "do_execute", fail)
    answer = officer.post("/api/v1/organizations", json={"name": "苏州市某某社会工作服务社"})
    assert refusal(answer)[:2] == (503, "busy")
    assert officer.post("/api/v1/organizations", json={"name": "苏州市某某社会工作服务社"}).status_code == 201


def test_a_request_is_answered_busy(officer, held):
    answer = officer.post("/api/v1/organizations", json={"name": "苏州市某某社会工作服务社"})
    assert refusal(answer)[:2] == (503, "busy")
    assert answer.headers["retry-after"]
