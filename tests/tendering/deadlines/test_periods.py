"""Officers start the periods whose event happens outside the service; the service starts all others itself."""

import pytest
from sqlalchemy import delete

from app.core.procedure.deadlines import Clock
from app.tendering.deadlines.tables import RunningClock
from tests.conftest import Api
from tests.making.procedure import Procedure, done
from tests.making.sealed import Sealed, with_clock

OUTSIDE = ("report", "decision", "notice", "suspension")


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


def start(tender, clock, subject="report", day="2026-05-26"):
    body = {"clock": clock, "subject": subject, "startedOn": day}
    return tender.officer.post(f"{tender.url}/clocks", json=body)


@pytest.mark.parametrize("clock", sorted(set(Clock) - set(OUTSIDE)))
def test_a_period_that_the_service_starts_is_refused(api, clock):
    tender = Procedure(api)
    refused = start(tender, clock)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/clock")
    assert done(tender.officer.get(f"{tender.url}/clocks"))["items"] == []


@pytest.mark.parametrize("clock", OUTSIDE)
def test_a_period_runs_once_for_its_subject_until_it_is_met(api, clock):
    tender = Procedure(api)
    first = done(start(tender, clock))
    again = start(tender, clock, day="2026-05-28")
    assert (again.status_code, again.json()["code"]) == (409, "period_running")
    assert done(start(tender, clock, subject="another"))["dueOn"] == first["dueOn"]
    met = {"metOn": "2026-05-27"}
    done(
        tender.officer.post(
            f"{tender.url}/clocks/{first['id']}/met", json=met, headers={"If-Match": f'"{first["version"]}"'}
        )
    )
    assert done(start(tender, clock, day="2026-05-28"))["startedOn"] == "2026-05-28"


def test_a_question_whose_period_is_not_on_record_is_still_answered_in_time(api):
    tender = Sealed(api)
    bidder = tender.bidder()
    body = {"text": "评分标准不明确", "knownOn": tender.clock.now.date().isoformat()}
    asked = done(bidder.client.post(f"{tender.url}/questions", json=body))
    with api.platform.work() as work:
        work.session.execute(delete(RunningClock).where(RunningClock.subject_id == asked["id"]))
    assert done(bidder.client.get(f"{tender.url}/questions/{asked['id']}"))["answerDueOn"] == asked["answerDueOn"]
