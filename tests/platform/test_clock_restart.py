"""Over a restart the service goes on from the latest time it has seen: a clock set back reopens no deadline."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.administration.trail.delivery import Delivery
from app.platform.access.roles import Role
from app.platform.audit.seen import last_seen
from app.platform.audit.tables import ClockSeen
from app.platform.clock import WatchedClock
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import DEADLINE, PUBLISHED, Sealed

HOUR = timedelta(hours=1)


class Machine:
    """A wall clock and a steady counter that tests move."""

    def __init__(self, wall=PUBLISHED):
        self.wall, self.steady = wall, 1000.0

    def clock(self):
        return WatchedClock(lambda: self.wall, lambda: self.steady)


def restarted(platform, machine):
    """The same instance in a new process."""
    clock = machine.clock()
    with platform.reading() as work:
        clock.resume(last_seen(work.session))
    return replace(platform, clock=clock, watch=clock)


def test_a_bid_after_the_deadline_stays_late_when_the_clock_is_set_back(platform):
    machine = Machine()
    first = restarted(platform, machine)
    with Api(first) as api:
        tender = Sealed(api)
        bidder = tender.bidder()
        envelope = bidder.seal().envelope
    machine.wall = DEADLINE + timedelta(seconds=1)
    Delivery(restarted(platform, machine)).tick()
    machine.wall = DEADLINE - HOUR
    second = restarted(platform, machine)
    assert second.clock() > DEADLINE
    with Api(second) as api:
        bidder.client = api.as_(Role.BIDDER, bidder.id)
        answer = bidder.submit(envelope)
        assert (answer.status_code, answer.json()["code"]) == (409, "bidding_closed")
        health = done(api.anonymous.get("/api/v1/health"))
        assert (health["audit"], health["alarms"]) == ("failing", ["clock_jumped"])


def test_time_goes_on_evenly_from_there(platform):
    machine = Machine(DEADLINE)
    with restarted(platform, machine).work() as work:
        work.session.add(ClockSeen(id=1, at=DEADLINE))
    machine.wall -= HOUR
    clock = restarted(platform, machine).clock
    assert clock() == DEADLINE
    machine.wall += timedelta(seconds=30)
    machine.steady += 30
    assert clock() == DEADLINE + timedelta(seconds=30)
    assert clock.drift == -HOUR
    assert clock.take_alarms() == [-HOUR]


def test_events_count_as_seen_times_too(platform):
    machine = Machine(DEADLINE)
    with Api(restarted(platform, machine)) as api:
        done(api.as_(Role.ADMIN).post("/api/v1/api-keys", json={"name": "a", "role": "officer"}))
    with platform.work() as work:
        work.session.execute(delete(ClockSeen))
    machine.wall -= HOUR
    assert restarted(platform, machine).clock() >= DEADLINE


@pytest.mark.parametrize("ahead", [timedelta(0), HOUR])
def test_a_clock_that_ran_on_is_believed(platform, ahead):
    machine = Machine(DEADLINE)
    Delivery(restarted(platform, machine)).tick()
    machine.wall += ahead
    platform = restarted(platform, machine)
    assert (platform.clock(), platform.watch.drift) == (machine.wall, None)
