"""The platform's commands, as separate processes where that matters."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time

import httpx2
import pytest
from typer.testing import CliRunner

from app.entrypoints.bootstrap import build
from app.entrypoints.cli.api_keys import RoleName
from app.entrypoints.cli.main import cli
from app.platform.access import permissions
from app.platform.access.roles import Role
from app.platform.database.key_sources import SecretUnavailable
from app.platform.settings import Settings

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(tmp_path / "data"))
    for name in ("BIDSCREEN_SECRET_KEY", "BIDSCREEN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(cli, arguments)


def test_keys_are_made_listed_and_ended(run):
    made = run("api-keys", "create", "--role", "officer", "--name", "first")
    assert made.exit_code == 0, made.output
    assert re.fullmatch(r"bsk_[a-z0-9]{10}_[\w-]{43}\n", made.stdout)
    listed = [json.loads(line) for line in run("api-keys", "list").stdout.splitlines()]
    assert [(row["name"], row["role"], row["disabledAt"]) for row in listed] == [("first", "officer", None)]
    assert run("api-keys", "revoke", listed[0]["id"]).exit_code == 0
    assert json.loads(run("api-keys", "list").stdout)["disabledAt"] is not None


def test_a_bidder_key_needs_an_organization(run):
    refused = run("api-keys", "create", "--role", "bidder")
    assert refused.exit_code == 2
    assert "organization" in refused.output.lower()
    assert (
        run("api-keys", "create", "--role", "bidder", "--organization", "org_1", "--expires", "2099-01-01").exit_code
        == 0
    )


def test_an_unknown_key_cannot_be_ended(run):
    assert run("api-keys", "revoke", "key_unknown").exit_code == 2


def test_roles_are_spelled_alike():
    assert [role.value for role in RoleName] == [role.value for role in Role]
    assert set(Role) == permissions.EVERYONE


def test_the_secret_key_file_is_private(run, tmp_path):
    assert run("migrate").exit_code == 0
    mode = (tmp_path / "data" / "secret.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_postgresql_without_a_secret_key_does_not_start(tmp_path):
    with pytest.raises(SecretUnavailable):
        build(Settings(data_dir=tmp_path, database_url="postgresql://nobody@localhost/none"))


def test_wrong_settings_end_a_command_with_a_sentence(run, monkeypatch):
    monkeypatch.setenv("BIDSCREEN_SECRET_KEY", "too-short-secret")
    refused = run("migrate")
    assert refused.exit_code == 2
    assert "BIDSCREEN_SECRET_KEY" in refused.output
    assert "too-short-secret" not in refused.output
    monkeypatch.delenv("BIDSCREEN_SECRET_KEY")
    monkeypatch.setenv("BIDSCREEN_DATABASE_URL", "postgresql://nobody@localhost/none")
    assert "BIDSCREEN_SECRET_KEY must be set" in run("migrate").output


@pytest.mark.parametrize("url", ["mysql://x", "sqlite", "oracle://x"])
def test_unknown_databases_are_refused(url):
    with pytest.raises(ValueError, match="must start with"):
        Settings(database_url=url)


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="32"):
        Settings(secret_key="short")


def test_help_starts_fast_and_loads_nothing_heavy():
    watch = "import sys, runpy; sys.argv = ['bidscreen', '--help']\ntry:\n    from app.entrypoints.cli.main import main; main()\nfinally:\n"
    watch += (
        "    print(','.join(m for m in ('fastapi', 'sqlalchemy', 'pydantic') if m in sys.modules), file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, timeout=30, check=True)
    assert found.stderr.strip() == ""


def test_serve_migrates_answers_and_ends(tmp_path):
    environment = {**os.environ, "BIDSCREEN_DATA_DIR": str(tmp_path)}
    server = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = server.stdout.readline().strip().removeprefix("listening on ")
        while True:
            try:
                health = httpx2.get(f"{address}/api/v1/health", timeout=5)
                break
            except httpx2.ConnectError:
                time.sleep(0.02)
        assert health.json()["status"] == "ok"
        assert httpx2.get(f"{address}/api/v1/audit").status_code == 401
        assert "server" not in health.headers
    finally:
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=30)
    assert server.returncode in (0, -signal.SIGTERM)
    assert all(json.loads(line) for line in log.splitlines())
