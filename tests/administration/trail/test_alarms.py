"""What endangers the proof of the trail is an alarm: in /health, on the command line, and in the next checkpoint."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from typer.testing import CliRunner

from app.administration.trail.alarms import alarms
from app.administration.trail.delivery import Delivery
from app.entrypoints.cli.main import cli
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.audit.sinks import SinkUnavailable
from app.platform.audit.tables import AuditEvent, AuditHead
from tests.conftest import SECRET, Api
from tests.making.procedure import done


class Sink:
    """A sink that can be told to fail."""

    def __init__(self, name="memory:///supervisor"):
        self.name, self.lines, self.fails = name, {}, False

    def put(self, number, line):
        if self.fails:
            raise SinkUnavailable("no answer")
        self.lines[number] = line


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def kept(platform, sink):
    kept = replace(platform, sinks=(sink,))
    record(kept)
    Delivery(kept).tick(at_once=True)
    assert codes(kept) == []
    return kept


def record(platform):
    with platform.work() as work:
        work.record(Event.OFFICER_TENDER_CHANGE, subject="ten_a", tender="ten_a")


def codes(platform, later=timedelta(0)):
    with platform.reading() as work:
        return [one.code.value for one in alarms(work.session, platform, work.now + later)]


def test_a_sink_that_was_removed_is_an_alarm(kept):
    assert codes(replace(kept, sinks=(Sink("memory:///other"),))) == ["sink_removed"]
    assert codes(replace(kept, sinks=())) == ["sink_removed"]


def test_a_sink_that_fails_is_an_alarm_and_the_next_checkpoint_says_so(kept, sink):
    sink.fails = True
    record(kept)
    Delivery(kept).tick(at_once=True)
    assert codes(kept) == ["sink_failing"]
    sink.fails = False
    record(kept)
    Delivery(kept).tick(at_once=True)
    stated = [json.loads(line)["checkpoint"]["alarms"] for _, line in sorted(sink.lines.items())]
    assert stated == [[], [], ["sink_failing"]]
    assert codes(kept) == []


def test_checkpoints_that_stop_are_an_alarm(kept):
    record(kept)
    assert codes(kept) == []
    assert codes(kept, later=timedelta(days=1)) == ["checkpoints_late"]


def test_checkpoints_that_were_never_made_are_an_alarm(platform):
    record(platform)
    assert codes(platform) == []
    assert codes(platform, later=timedelta(hours=2)) == ["checkpoints_late"]


def test_a_chain_that_was_cut_is_an_alarm(kept):
    with kept.work() as work:
        work.session.execute(delete(AuditEvent).where(AuditEvent.chain == "ten_a"))
        work.session.execute(update(AuditHead).where(AuditHead.chain == "ten_a").values(sequence=0))
    assert codes(kept) == ["chain_shortened"]


def test_health_names_alarms_and_the_trail_explains_them(kept):
    cut = replace(kept, sinks=(Sink("memory:///other"),))
    with Api(cut) as api:
        health = done(api.anonymous.get("/api/v1/health"))
        assert (health["audit"], health["alarms"]) == ("failing", ["sink_removed"])
        (alarm,) = done(api.as_(Role.AUDITOR).get("/api/v1/audit/sinks"))["alarms"]
        assert alarm["code"] == "sink_removed"
        assert "memory:///supervisor" in alarm["detail"]


@pytest.mark.sqlite_only
def test_the_command_ends_with_status_3(kept, monkeypatch):
    monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(kept.settings.data_dir))
    monkeypatch.setenv("BIDSCREEN_SECRET_KEY", SECRET)
    ran = CliRunner().invoke(cli, ["audit", "alarms"])
    assert ran.exit_code == 3
    assert [one["code"] for one in json.loads(ran.stdout)["alarms"]] == ["sink_removed"]
