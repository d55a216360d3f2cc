"""A clock jump raises an alarm and an audit event; it neither reopens nor passes a deadline."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.platform.access.roles import Role
from app.platform.clock import WatchedClock
from app.tendering.tenders.tables import Tender
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import DEADLINE, PUBLISHED, Sealed


class Machine:
    """A wall clock and a steady counter that tests move."""

    def __init__(self):
        self.wall, self.steady = PUBLISHED, 1000.0

    def passes(self, seconds, *, jump=0.0):
        self.wall += timedelta(seconds=seconds + jump)
        self.steady += seconds


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def clock(machine):
    return WatchedClock(lambda: machine.wall, lambda: machine.steady)


def test_an_even_clock_is_believed_and_small_corrections_too(machine, clock):
    for seconds, jump in ((10, 0), (3600, 2), (60, -0.05)):
        machine.passes(seconds, jump=jump)
        assert clock() == machine.wall
    assert (clock.drift, clock.take_alarms()) == (None, [])


@pytest.mark.parametrize("jump", [-1.0, -86400.0, 6.0, 86400.0])
def test_after_a_jump_time_runs_on_evenly_until_somebody_looked(machine, clock, jump):
    machine.passes(10)
    before = clock()
    machine.passes(1, jump=jump)
    assert clock() == before + timedelta(seconds=1)
    machine.passes(1)
    assert clock() == before + timedelta(seconds=2)
    assert [alarm.total_seconds() for alarm in clock.take_alarms()] == [jump], "one alarm for one jump"
    clock.acknowledge()
    machine.passes(1)
    assert clock() == max(before + timedelta(seconds=2), machine.wall), "time never goes back behind what was said"
    assert clock.drift is None


def test_a_jump_over_the_deadline_closes_nothing_and_is_on_record(platform, machine, clock):
    with Api(replace(platform, clock=clock, watch=clock)) as api:
        tender = Sealed(api)
        bidder = tender.bidder()
        machine.passes(3600)
        done(bidder.submit())
        machine.wall = DEADLINE + timedelta(days=1)
        assert tender.close().json()["code"] == "bidding_open"
        done(bidder.submit())
        shown = done(tender.officer.get("/api/v1/clock"))
        assert float(shown["jumpedSeconds"]) > 20 * 86400 - 3600
        events = done(api.as_(Role.AUDITOR).get("/api/v1/audit?chain=instance&limit=100"))["items"]
        assert [event["event"] for event in events].count("worker:clock:jump") == 1
        admin = api.as_(Role.ADMIN)
        assert (
            done(admin.post("/api/v1/clock/acknowledgement", json={"reason": "时间服务已核对"}))["jumpedSeconds"]
            is None
        )
        assert done(tender.close())["closedAt"]


def test_a_request_that_only_reads_leaves_the_alarm_to_the_next_change(platform, machine, clock):
    """One that failed or only read must not take it along."""
    platform = replace(platform, clock=clock, watch=clock)
    with Api(platform) as api:
        tender = Sealed(api)
        machine.passes(60, jump=86_400)
        assert tender.officer.get(tender.url).status_code == 200
        with pytest.raises(ZeroDivisionError), platform.work() as work:
            work.get(Tender, tender.id).title = "x"
            work.flush()
            raise ZeroDivisionError
        done(tender.officer.post("/api/v1/organizations", json={"name": "苏州市某某社会工作服务社"}))
        events = api.as_(Role.AUDITOR).get("/api/v1/audit").json()["items"]
    assert [one["event"] for one in events].count("worker:clock:jump") == 1
