"""A backup is a consistent snapshot, contains nothing in clear, and is restored completely or not at all."""

import itertools
import json
import tarfile
import threading

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.administration.backup import restoring
from app.administration.backup.archive import ArchiveBroken, verified
from app.administration.backup.making import back_up
from app.administration.backup.restoring import CannotRestore, inspected, record_restore, restore
from app.bidders.documents.tables import Document
from app.entrypoints.bootstrap import build
from app.entrypoints.cli.main import cli
from app.platform.access.roles import Role
from app.platform.database.migrate import upgrade
from app.platform.settings import Settings
from tests.conftest import SECRET, Api
from tests.making.dossiers import resident_id as staff_id
from tests.making.held import API, Held


@pytest.fixture
def archive(tmp_path):
    return tmp_path / "backups" / "one.tar"


@pytest.fixture
def kept(client, archive):
    """An instance with some data, and its backup."""
    held = Held(client)
    archive.parent.mkdir()
    back_up(client.platform, archive)
    return held


@pytest.fixture
def empty(settings, tmp_path, request):
    """Settings of another, empty instance with the same secret."""
    url = "" if settings.embedded else request.getfixturevalue("new_database")()
    return Settings(
        data_dir=tmp_path / "restored", database_url=url, secret_key=SECRET, jobs=0, trusted_hosts=["testserver"]
    )


def test_what_comes_back_is_what_was_there(client, kept, archive, empty):
    key = client.key(Role.OFFICER)
    back_up(client.platform, again := archive.with_name("two.tar"))
    officer = client.with_key(key)
    before = kept.answers(officer), kept.replayed(officer).json()
    bare, manifest = build(empty), inspected(again, empty)
    restore(bare, again, manifest)
    bare.engine.dispose()
    platform = build(empty)
    upgrade(platform.engine)
    record_restore(platform)
    with Api(platform) as api:
        officer = api.with_key(key)
        assert (kept.answers(officer), kept.replayed(officer).json()) == before
        events = api.as_(Role.AUDITOR).get("/api/v1/audit").text
    assert "admin:instance:restore" in events
    platform.engine.dispose()


@pytest.mark.parametrize("members", [0, 1, 2, 5])
def test_an_interrupted_restore_is_no_instance_until_it_is_repeated(client, kept, archive, empty, members, monkeypatch):
    """As a kill does it, after some members of the second pass or the first."""
    key, before = client.key(Role.OFFICER), kept.answers()
    back_up(client.platform, again := archive.with_name("two.tar"))
    manifest = inspected(again, empty)
    whole = restoring.members

    def some(path):
        yield from itertools.islice(whole(path), members)
        raise KeyboardInterrupt

    monkeypatch.setattr(restoring, "members", some)
    bare = build(empty)
    with pytest.raises(KeyboardInterrupt):
        restore(bare, again, manifest)
    assert restoring.is_unfinished(bare)
    bare.engine.dispose()
    for name in ("DATA_DIR", "DATABASE_URL"):
        monkeypatch.setenv(f"BIDSCREEN_{name}", str(getattr(empty, name.lower())))
    monkeypatch.setenv("BIDSCREEN_SECRET_KEY", SECRET)
    refused = CliRunner().invoke(cli, ["check"])
    assert (refused.exit_code, "did not finish" in refused.stderr) == (2, True), refused.output
    monkeypatch.setattr(restoring, "members", whole)
    done = CliRunner().invoke(cli, ["restore", str(again)])
    assert done.exit_code == 0, done.output
    platform = build(empty)
    with Api(platform) as api:
        assert kept.answers(api.with_key(key)) == before
        assert "admin:instance:restore" in api.as_(Role.AUDITOR).get("/api/v1/audit").text
    assert not restoring.is_unfinished(platform)
    platform.engine.dispose()


def test_a_backup_clears_what_a_killed_one_to_the_same_target_left(kept, client, archive):
    archive.unlink()
    (left := archive.with_name(f".{archive.name}.database")).mkdir()
    (left / "database.sqlite3").write_bytes(b"half")
    archive.with_name(f".{archive.name}.partial").write_bytes(b"half")
    back_up(client.platform, archive)
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


def test_made_while_files_come_in_it_lacks_none_of_its_rows(client, archive, empty):
    officer, ended = client.as_(Role.OFFICER), threading.Event()

    def upload():
        for number in itertools.count():
            officer.post(f"{API}/documents", files=[("files", (f"{number}.txt", f"file {number}".encode()))])
            if ended.is_set():
                return

    archive.parent.mkdir()
    thread = threading.Thread(target=upload)
    thread.start()
    try:
        back_up(client.platform, archive)
    finally:
        ended.set()
        thread.join()
    platform = build(empty)
    restore(platform, archive, inspected(archive, empty))
    with platform.reading() as work:
        for row in work.session.scalars(select(Document)):
            assert platform.files.read(row.sha256, row.scope).startswith(b"file ")
    platform.engine.dispose()


def test_an_archive_holds_no_number_and_no_secret(kept, archive):
    content = archive.read_bytes()
    for number in range(10, 18):
        assert staff_id(number).encode() not in content
    assert SECRET.encode() not in content
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


@pytest.mark.parametrize("how", ["cut", "flipped", "emptied", "no archive"])
def test_a_damaged_archive_is_refused_whole(kept, archive, empty, how):
    content = archive.read_bytes()
    place = content.index(b"BSF1") + 100
    archive.write_bytes({
        "cut": content[: len(content) // 2],
        "flipped": content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :],
        "emptied": b"",
        "no archive": b"PK\x03\x04" + bytes(2000),
    }[how])  # fmt: skip
    with pytest.raises(ArchiveBroken):
        inspected(archive, empty)
    assert not (empty.data_dir / "files").exists()


def test_a_member_that_leads_elsewhere_is_refused(tmp_path):
    path, file = tmp_path / "evil.tar", tmp_path / "x"
    file.write_bytes(b"x")
    for name in ("../../x", "/etc/x", "files/../../x", "database/x.sqlite3/../y"):
        with tarfile.open(path, "w") as tar:
            tar.add(file, name)
        with pytest.raises(ArchiveBroken):
            verified(path)


def test_nothing_that_is_there_is_overwritten(client, kept, archive, settings):
    with pytest.raises(CannotRestore, match=r"already exists|not empty"):
        restore(client.platform, archive, inspected(archive, settings))
    assert {status for status, _ in kept.answers().values()} == {200}


def test_without_its_secret_a_backup_stays_closed(kept, archive, empty):
    other = empty.model_copy(update={"secret_key": Settings(secret_key="x" * 40).secret_key})
    platform = build(other)
    with pytest.raises(CannotRestore, match="secret"):
        restore(platform, archive, inspected(archive, other))
    platform.engine.dispose()


@pytest.mark.sqlite_only
def test_on_the_command_line(tmp_path, monkeypatch, database_kind):
    for name in ("BIDSCREEN_SECRET_KEY", "BIDSCREEN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(data, *arguments):
        monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(tmp_path / data))
        return CliRunner().invoke(cli, arguments)

    assert run("one", "api-keys", "create", "--role", "officer").exit_code == 0
    plain, with_secret = str(tmp_path / "plain.tar"), str(tmp_path / "secret.tar")
    made = run("one", "backup", plain)
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["members"] >= 1
    assert run("one", "backup", plain).exit_code == 2, "no archive is overwritten"
    assert run("one", "backup", with_secret, "--with-secret").exit_code == 0
    refused = run("two", "restore", plain)
    assert (refused.exit_code, "secret" in refused.stderr) == (3, True)
    assert run("two", "restore", with_secret).exit_code == 0
    assert (tmp_path / "two" / "secret.key").read_text() == (tmp_path / "one" / "secret.key").read_text()
    assert json.loads(run("two", "api-keys", "list").stdout)["role"] == "officer"
    assert run("two", "restore", with_secret).exit_code == 3
    assert run("two", "backup", str(tmp_path / "no" / "where.tar")).exit_code == 3


@pytest.mark.sqlite_only
def test_secrets_on_the_command_line(tmp_path, monkeypatch, database_kind):
    monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(tmp_path / "data"))
    for name in ("BIDSCREEN_SECRET_KEY", "BIDSCREEN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments, **more):
        return CliRunner().invoke(cli, arguments, **more)

    assert run("migrate").exit_code == 0
    secret = tmp_path / "data" / "secret.key"
    first = secret.read_text()
    assert run("secrets", "renew").exit_code == 0
    assert secret.read_text().splitlines()[1:] == first.splitlines()
    assert run("secrets", "forget").exit_code == 3, "something is still under the old one"
    rotated = run("secrets", "rotate")
    assert json.loads(rotated.stdout)["renewed"]["data_key.wrapped"] == 2
    assert run("secrets", "forget").exit_code == 0
    assert len(secret.read_text().splitlines()) == 1
    assert run("check").exit_code == 0
    kept = secret.read_text()
    secret.write_text("another-secret-another-secret-another-secret\n")
    wrong = run("migrate")
    assert (wrong.exit_code, "secret with the id" in wrong.output, "Traceback" in wrong.output) == (2, True, False)
    secret.write_text(kept)
    asked = run("privacy", "report", input="320508196001010011\n")
    assert (asked.exit_code, "320508196001010011" in asked.output) == (2, False)
    assert run("privacy", "shred").exit_code == 2
    assert run("privacy", "shred", "org_unknown").exit_code == 3
    assert run("privacy", "shred", "--due").exit_code == 0
    assert json.loads(run("privacy", "retention", "org_unknown").stdout)["keptUntil"] is None
