"""Checkpoints of a running service: made at the configured pace, delivered in order, never lost, never blocking."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.administration.trail.delivery import Checkpointer, Delivery
from app.entrypoints.bootstrap import build, sink_at
from app.platform.access.roles import Role
from app.platform.audit.chain import link_hash
from app.platform.audit.checkpoints import MOST_HEADS
from app.platform.audit.events import Event
from app.platform.audit.export import export
from app.platform.audit.offline.verification import verify
from app.platform.audit.offline.witness import witnessed_in
from app.platform.audit.sinks import SinkConflict, SinkUnavailable
from app.platform.audit.tables import AuditCheckpoint, AuditDelivery, AuditEvent, AuditHead
from app.platform.audit.verify import verify as in_place
from app.platform.database.engine import snapshot
from app.platform.database.session import make_session
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import Sealed, with_clock


class Sink:
    """A sink that can be made to fail."""

    name = "memory:///test"

    def __init__(self):
        self.lines, self.failure = {}, None

    def put(self, number, line):
        if self.failure:
            raise self.failure
        self.lines[number] = line


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def kept(platform, sink):
    return replace(platform, sinks=(sink,))


def record(platform, count, tender="ten_a"):
    for number in range(count):
        with platform.work() as work:
            work.record(Event.OFFICER_TENDER_CHANGE, subject="ten_a", tender=tender, after={"number": number})


def exported(platform):
    with make_session(snapshot(platform.engine), platform.clock()) as session:
        return list(export(session, platform.signer))


def judged(platform, sink):
    signer = platform.signer
    return verify(exported(platform), {signer.key_id: signer.public}, sorted(sink.lines.items()))


def test_the_export_of_a_service_holds_against_its_sink(kept, sink):
    record(kept, 3)
    Delivery(kept).tick(at_once=True)
    record(kept, 2, "ten_b")
    Delivery(kept).tick(at_once=True)
    record(kept, 1)
    report = judged(kept, sink)
    assert report.breaks == ()
    assert (report.chains, report.events, report.checkpoints, report.unwitnessed) == (2, 6, 2, 1)
    assert exported(kept) == exported(kept), "the same bytes for the same state"


def test_a_chain_recomputed_in_the_database_is_found_by_the_sink(kept, sink):
    record(kept, 4)
    Delivery(kept).tick(at_once=True)
    record(kept, 4)
    Delivery(kept).tick(at_once=True)
    recompute(kept, from_sequence=6)
    with kept.work() as work:
        assert in_place(work.session).breaks == (), "by itself the chain is sound again"
    found = judged(kept, sink).breaks
    assert [(one.chain, one.sequence, one.last, one.code) for one in found] == [("ten_a", 5, 8, "recomputed")]


def recompute(platform, from_sequence):
    with platform.work() as work:
        rows = work.session.scalars(
            select(AuditEvent).where(AuditEvent.sequence >= from_sequence).order_by(AuditEvent.sequence)
        ).all()
        previous = rows[0].previous_hash
        for row in rows:
            row.after, row.previous_hash = {"number": 99}, previous
            row.hash = previous = link_hash(row)
        work.session.execute(update(AuditHead).where(AuditHead.chain == "ten_a").values(hash=previous))


def test_checkpoints_come_after_so_many_events_or_seconds(platform, sink):
    running, clock = with_clock(platform)
    settings = running.settings.model_copy(update={"audit_checkpoint_events": 5, "audit_checkpoint_seconds": 60})
    running = replace(running, settings=settings, sinks=(sink,))
    delivery = Delivery(running)
    delivery.tick()
    assert sink.lines == {}, "nothing happened"
    record(running, 1)
    delivery.tick()
    record(running, 4)
    delivery.tick()
    assert sorted(sink.lines) == [1]
    record(running, 1)
    delivery.tick()
    assert sorted(sink.lines) == [1, 2], "five events"
    record(running, 1)
    clock.now += timedelta(seconds=61)
    delivery.tick()
    assert sorted(sink.lines) == [1, 2, 3], "a minute"


def test_a_sink_that_fails_loses_nothing_and_hinders_nobody(client, sink):
    platform = replace(client.platform, sinks=(sink,))
    now = [0.0]
    delivery = Delivery(platform, steady=lambda: now[0])
    sink.failure = SinkUnavailable("down")
    for number in range(3):
        record(platform, 1, f"ten_{number}")
        delivery.tick(at_once=True)
    with platform.work() as work:
        state = work.session.get(AuditDelivery, sink.name)
        assert (state.number, state.failing_since is None, state.failure) == (0, False, "SinkUnavailable: down")
        assert len(work.session.scalars(select(AuditCheckpoint)).all()) == 3
    sink.failure = None
    delivery.tick()
    assert sink.lines == {}, "not before its pause is over"
    now[0] += 120
    delivery.tick()
    assert sorted(sink.lines) == [1, 2, 3]
    assert judged(platform, sink).breaks == ()


def test_the_state_of_the_sinks_is_seen(platform, sink):
    sink.failure = SinkConflict("checkpoint-000000000001.json")
    kept = replace(platform, sinks=(sink,))
    with Api(kept) as api:
        auditor = api.as_(Role.AUDITOR)
        assert api.anonymous.get("/api/v1/health").json()["audit"] == "kept"
        record(kept, 1)
        Delivery(kept).tick(at_once=True)
        found = done(auditor.get("/api/v1/audit/sinks"))["items"]
        assert [(one["sink"], one["waiting"], one["failure"]) for one in found] == [
            (sink.name, 1, "SinkConflict: checkpoint-000000000001.json")
        ]
        assert api.anonymous.get("/api/v1/health").json() == {
            **api.anonymous.get("/api/v1/health").json(),
            "audit": "failing",
        }
        listed = done(auditor.get("/api/v1/audit/checkpoints"))["items"]
        assert [one["number"] for one in listed] == [1]
        assert json.loads(listed[0]["line"])["checkpoint"]["number"] == 1


def test_two_processes_make_one_row_of_checkpoints(kept, sink):
    record(kept, 5)

    def make(number):
        record(kept, 1, f"ten_{number}")
        Delivery(kept).tick(at_once=True)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(12)))
    Delivery(kept).tick(at_once=True)
    report = judged(kept, sink)
    assert (report.breaks, report.unwitnessed) == ((), 0)


def test_many_chains_at_once_are_told_in_portions(kept, sink):
    with kept.work() as work:
        for number in range(MOST_HEADS + 20):
            work.record(Event.OFFICER_TENDER_CHANGE, subject="x", tender=f"ten_{number:04d}")
    Delivery(kept).tick(at_once=True)
    told = [json.loads(line)["checkpoint"] for _, line in sorted(sink.lines.items())]
    assert [len(one["heads"]) for one in told] == [MOST_HEADS, 20]
    assert max(len(line) for line in sink.lines.values()) < 16_000, "fits a message of syslog"
    assert judged(kept, sink).breaks == ()


def test_how_many_envelopes_lie_there_no_checkpoint_tells(platform, sink):
    running, clock = with_clock(platform)
    running = replace(running, sinks=(sink,))
    with Api(running) as api:
        tender = Sealed(api)
        delivery = Delivery(running)
        delivery.tick(at_once=True)
        bidders = [tender.bidder(f"机构{number}") for number in range(3)]
        delivery.tick(at_once=True)
        for line in sink.lines.values():
            told = json.loads(line)["checkpoint"]
            assert not any(chain.startswith("opn_") for chain, _, _ in told["heads"])
            assert len(told["sealed"]) == 1, "named from the first day on, whether anybody bids or not"
        promises = {json.loads(line)["checkpoint"]["sealed"][0][1] for line in sink.lines.values()}
        assert len(promises) == len(sink.lines), "two commitments to the same head differ"
        settings = running.settings.model_copy(update={"audit_checkpoint_seconds": 60, "audit_checkpoint_events": 1})
        delivery, made = Delivery(replace(running, settings=settings)), len(sink.lines)
        for bidder in bidders:
            done(bidder.submit(price="950000.00"))
            clock.now += timedelta(minutes=5)
            delivery.tick()
        assert len(sink.lines) == made, "envelopes alone make no checkpoint"
        clock.now += timedelta(hours=1)
        delivery.tick()
        assert len(sink.lines) == made + 1, "while bids are sealed one comes every hour, whatever happens"
        report = judged(running, sink)
        assert report.breaks == () and len(report.sealed) == 1
        clock.at(0)
        done(tender.close())
        delivery.tick(at_once=True)
        assert len(judged(running, sink).sealed) == 1, "the closing discloses no bidder"
        done(tender.open())
        delivery.tick(at_once=True)
        report = judged(running, sink)
        assert report.breaks == () and report.sealed == ()


def test_the_service_makes_them_by_itself(settings, tmp_path):
    platform = build(settings.model_copy(update={"audit_checkpoint_seconds": 60}))
    checkpointer = Checkpointer(platform)
    checkpointer.start()
    record(platform, 2)
    checkpointer.stop()
    assert len(list(witnessed_in(tmp_path / "checkpoints"))) >= 1
    platform.engine.dispose()


def test_the_default_sink_is_a_folder(settings):
    assert sink_at(settings.checkpoint_sinks[0]).name.startswith("file:///")
