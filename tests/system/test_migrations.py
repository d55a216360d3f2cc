"""Migrations produce the declared tables, and a killed one leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from hashlib import sha256
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from typer.testing import CliRunner

from app.entrypoints.bootstrap import build
from app.entrypoints.cli.main import cli
from app.platform.database import migrate
from app.platform.database.base import metadata
from app.platform.settings import Settings
from tests.making.warm import warm

SECRET = "only-for-tests-only-for-tests-only-for-tests"


def test_migrations_are_the_tables(platform):
    with platform.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [
            difference
            for difference in compare_metadata(context, metadata)
            if not any(other in str(difference) for other in ("sample_types", "procrastinate_"))
        ]
    assert found == [], "run `make migration`"


def test_the_tables_of_the_job_carrier_are_those_of_the_installed_release():
    """A release of procrastinate with another schema fails here until a migration follows it."""
    initial = (migrate.migrations() / "versions" / "0001_initial.py").read_text("utf-8")
    assert sha256(migrate.carrier_schema().encode()).hexdigest() in initial


def test_migrating_again_changes_nothing(platform):
    assert migrate.upgrade(platform.engine) == migrate.newest()
    with platform.engine.connect() as connection:
        assert migrate.current(connection) == migrate.newest()


@pytest.fixture
def empty(database_kind, tmp_path, request):
    url = "" if database_kind == "sqlite" else request.getfixturevalue("new_database")()
    return Settings(data_dir=tmp_path / "data", database_url=url, secret_key=SECRET)


def migrated():
    """Migrate by the folder in the first word: what each process of these tests does."""
    migrate.migrations = lambda: Path(sys.argv[1])
    migrate.upgrade(build(Settings()).engine)


def migrating(settings, directory):
    """How to start such a process."""
    environment = {
        **os.environ,
        "BIDSCREEN_DATA_DIR": str(settings.data_dir),
        "BIDSCREEN_DATABASE_URL": settings.database_url,
        "BIDSCREEN_SECRET_KEY": SECRET,
    }
    return {"words": [directory], "env": environment, "entry": "tests.system.test_migrations:migrated"}


def run(settings, directory):
    how = migrating(settings, directory)
    return warm().run(*how.pop("words"), **how)


def second_migration(directory, last_words):
    source = f"""
        import os, signal
        import sqlalchemy as sa
        from alembic import op
        revision, down_revision = "9999", "{migrate.newest()}"
        def upgrade():
            op.create_table("half_way", sa.Column("id", sa.Integer(), primary_key=True))
            op.add_column("api_key", sa.Column("added", sa.Integer()))
            with op.batch_alter_table("api_key") as batch:
                batch.alter_column("name", type_=sa.String(300))
            op.execute("UPDATE audit_head SET sequence = sequence + 1")
            {last_words}
    """
    (directory / "versions" / "9999_half_way.py").write_text(textwrap.dedent(source))


def test_a_killed_migration_leaves_nothing_and_can_be_run_again(empty, tmp_path):
    directory = tmp_path / "migrations"
    shutil.copytree(migrate.migrations(), directory, ignore=shutil.ignore_patterns("__pycache__"))
    assert run(empty, directory).returncode == 0
    second_migration(directory, "os.kill(os.getpid(), signal.SIGKILL)")
    assert run(empty, directory).returncode == -signal.SIGKILL

    engine = build(empty).engine
    with engine.connect() as connection:
        assert migrate.current(connection) == migrate.newest()
        assert not inspect(connection).has_table("half_way")
        assert "added" not in [column["name"] for column in inspect(connection).get_columns("api_key")]
    engine.dispose()

    second_migration(directory, "pass")
    finished = run(empty, directory)
    assert finished.returncode == 0, finished.stderr
    with engine.connect() as connection:
        assert migrate.current(connection) == "9999"
        assert inspect(connection).has_table("half_way")
    engine.dispose()


def test_two_processes_migrate_at_once(empty):
    how = migrating(empty, migrate.migrations())
    words = how.pop("words")
    processes = [warm().start(*words, stderr=subprocess.PIPE, **how) for _ in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors


def test_down_and_up_again(empty):
    """The carrier's types and functions are no tables: a way down that leaves them bars the way up."""
    engine = build(empty).engine
    assert migrate.upgrade(engine) == migrate.newest()
    with engine.connect() as connection:
        command.downgrade(migrate.config(connection), "base")
        connection.commit()
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    assert migrate.upgrade(engine) == migrate.newest()
    engine.dispose()


@pytest.mark.sqlite_only
def test_the_migrations_are_found(database_kind):
    assert (migrate.migrations() / "env.py").is_file()
    assert Path(migrate.migrations() / "versions").is_dir()


@pytest.fixture
def older(empty):
    """An instance whose tables another version made."""
    made = build(empty)
    migrate.upgrade(made.engine)
    with made.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    made.engine.dispose()
    return empty


def test_the_revision_names_the_layout_so_that_another_one_is_never_taken_for_it():
    source = (migrate.migrations() / "versions" / "0001_initial.py").read_text("utf-8")
    digest = sha256(source.replace(f"revision = '{migrate.newest()}'", "revision = '0001'", 1).encode()).hexdigest()
    assert migrate.newest() == f"0001_{digest[:12]}", "run `make migration`"


@pytest.mark.parametrize("words", [("users", "list"), ("migrate",), ("serve", "--port", "0"), ("check",)], ids=" ".join)
def test_a_command_on_tables_of_another_version_says_in_one_line_what_to_do(older, words, monkeypatch):
    environment = {
        "BIDSCREEN_DATA_DIR": str(older.data_dir), "BIDSCREEN_DATABASE_URL": older.database_url,
        "BIDSCREEN_SECRET_KEY": SECRET,
    }  # fmt: skip
    done = CliRunner().invoke(cli, list(words), env=environment)
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert "its tables have layout 0001, this version needs" in line and "bidscreen init DIR" in line


def test_a_service_whose_tables_are_exchanged_is_not_ready(client):
    health = client.anonymous.get("/api/v1/health")
    assert health.status_code == 200
    with client.platform.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.anonymous.get("/api/v1/health")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_layout")
