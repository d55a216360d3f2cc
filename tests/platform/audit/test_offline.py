"""The stand-alone verifier: one file in a bare interpreter, without access to the service."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.core.values.canonical import canonical_json, sha256_hex
from app.entrypoints.bootstrap import build
from app.entrypoints.cli.main import cli
from app.platform.audit.chain import body_of, link_hash
from app.platform.audit.events import Event
from app.platform.audit.offline import hashing
from app.platform.audit.offline import lines as export_lines
from app.platform.audit.offline.single_file import single_file
from app.platform.audit.offline.verification import verify
from app.platform.audit.offline.witness import witnessed_in
from app.platform.audit.signing import SigningKeyUnusable
from app.platform.audit.tables import AuditEvent
from tests.making.trails.made import trail

ALONE = """
import runpy, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"app", "sqlalchemy", "pydantic", "fastapi"}:
            raise ImportError(f"{name} is not here")
sys.meta_path.insert(0, Blocked())
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(scope="module")
def made():
    return trail(3, tenders=2, events=40, every=25)


@pytest.fixture
def files(made, tmp_path):
    """An export, the sink's folder and the public key, as an auditor has them."""
    (tmp_path / "trail.jsonl").write_bytes(b"".join(line + b"\n" for line in made.lines))
    (tmp_path / "sink").mkdir()
    for number, line in made.sink:
        (tmp_path / "sink" / f"checkpoint-{number:012d}.json").write_bytes(line + b"\n")
    (tmp_path / "key.pem").write_bytes(made.signer.public_pem())
    (tmp_path / "verifier.py").write_bytes(single_file())
    return tmp_path


def alone(directory, *arguments):
    command = [sys.executable, "-I", "-c", ALONE, "verifier.py", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, timeout=60, check=False)


def test_it_runs_with_python_and_cryptography_alone(files, made):
    given = ("trail.jsonl", "--checkpoints", "sink", "--public-key", "key.pem")
    ran = alone(files, *given)
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert report["intact"] and report["witnessed"] and report["unwitnessed"] == 0
    assert report["events"] == sum(made.length.values())
    lines = (files / "trail.jsonl").read_bytes().split(b"\n")
    at = made.place["ten_0001", 7]
    lines[at] = lines[at].replace(b"active", b"denied")
    (files / "trail.jsonl").write_bytes(b"\n".join(lines))
    ran = alone(files, *given)
    assert ran.returncode == 3
    found = [(one["chain"], one["sequence"], one["code"]) for one in json.loads(ran.stdout)["breaks"]]
    assert found == [("ten_0001", 7, "content")]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("trail.jsonl",),
        ("none.jsonl", "--public-key", "key.pem"),
        ("trail.jsonl", "--public-key", "trail.jsonl"),
        ("trail.jsonl", "--public-key", "key.pem", "--checkpoints", "nowhere"),
    ],
)
def test_wrong_usage_is_told_without_a_traceback(files, arguments):
    ran = alone(files, *arguments)
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr


def test_a_syslog_servers_file_is_a_witness_too(made, tmp_path):
    log = tmp_path / "audit.log"
    lines = [b"<109>1 2026-05-20T01:30:00Z host bidscreen 7 checkpoint-%d - %b\n" % one for one in made.sink]
    log.write_bytes(b"Nov 26 other message\n" + b"".join(lines) + lines[-1])
    assert verify(made.lines, made.keys, list(witnessed_in(log))).breaks == ()
    del lines[2]
    log.write_bytes(b"".join(lines))
    found = verify(made.lines, made.keys, list(witnessed_in(log))).breaks
    assert [(one.chain, one.sequence, one.code) for one in found] == [("checkpoints", 3, "checkpoint_missing")]


def test_what_came_after_the_last_checkpoint_rests_on_the_chain_alone(made):
    fewer = made.sink[:-1]
    lines = [line for line in made.lines if line != made.sink[-1][1]]
    end = json.loads(lines[-1])["end"]
    lines[-1] = hashing.canonical({"end": {**end, "checkpoints": end["checkpoints"] - 1}})
    opened = verify(lines, made.keys, fewer)
    assert opened.breaks == ()
    assert opened.unwitnessed > 0


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(VALUES)
def test_the_service_and_the_verifier_write_the_same_text(value):
    stored = json.loads(canonical_json(value))
    assert hashing.canonical(stored) == canonical_json(value)


def test_the_service_hashes_by_the_verifiers_rule():
    row = AuditEvent(
        id="aud_1", chain="ten_1", sequence=3, occurred_at=datetime(2026, 5, 20, 1, 30, tzinfo=UTC),
        event="officer:tender:change", actor_id="key_1", actor_role="officer", request_id="r", subject_id="ten_1",
        before=None, after={"名称": "试点"}, rows=[["bid", "bid_1", "a" * 64], ["lot", "lot_1", None]], previous_hash="0" * 64,
    )  # fmt: skip
    assert link_hash(row) == hashing.event_hash(body_of(row)) == sha256_hex(canonical_json(body_of(row)))
    link = export_lines.examine(hashing.event_line(body_of(row), link_hash(row)))
    rows = (("bid", "bid_1", "a" * 64), ("lot", "lot_1", None))
    assert link == export_lines.Link("ten_1", 3, "0" * 64, link_hash(row), True, rows)


def test_days_and_amounts_are_hashed_as_they_are_stored(platform):
    with platform.work() as work:
        work.record(Event.OFFICER_CLOCK_START, subject="x", after={"due": date(2026, 5, 20), "price": Decimal("1.20")})
    with platform.work() as work:
        row = work.session.query(AuditEvent).one()
        assert row.after == {"due": "2026-05-20", "price": "1.20"}
        assert row.hash == link_hash(row)


def test_the_commands_of_an_operator(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("BIDSCREEN_SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("BIDSCREEN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("BIDSCREEN_AUDIT_SINKS", json.dumps([(tmp_path / "mailbox").as_uri()]))
    run = lambda *command: CliRunner().invoke(cli, ["audit", *map(str, command)])  # noqa: E731
    CliRunner().invoke(cli, ["api-keys", "create", "--role", "admin"])
    told = run("checkpoint")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["delivered"] >= 1
    export, key = tmp_path / "trail.jsonl", tmp_path / "key.pem"
    assert run("export", "--out", export).exit_code == 0
    key.write_text(run("public-key").stdout)
    checked = run("verify", export, "--checkpoints", tmp_path / "mailbox", "--public-key", key)
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout)["events"] >= 1
    assert json.loads(run("verify").stdout)["intact"] is True
    assert run("verifier", "--out", tmp_path / "v.py").exit_code == 0
    assert (tmp_path / "v.py").read_bytes() == single_file()
    export.write_bytes(export.read_bytes().replace(b"admin:api_key:create", b"admin:api_key:revoke", 1))
    assert run("verify", export, "--public-key", key).exit_code == 3
    assert run("export", "--out", tmp_path / "no" / "where").exit_code == 2


def test_a_key_file_signs_instead_of_the_derived_key(settings, tmp_path, monkeypatch):
    file = tmp_path / "audit.pem"
    private = Ed25519PrivateKey.generate()
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    keyed = build(settings.model_copy(update={"audit_key_file": file}))
    derived = build(settings)
    assert keyed.signer.key_id == hashing.key_id(private.public_key()) != derived.signer.key_id
    assert build(settings).signer.key_id == derived.signer.key_id
    for platform in (keyed, derived):
        platform.engine.dispose()
    file.write_text("no key")
    with pytest.raises(SigningKeyUnusable):
        build(settings.model_copy(update={"audit_key_file": file}))
