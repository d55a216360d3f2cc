"""The dossier at a deadline: what was recorded counts; later facts are stored, marked and ignored."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.bidders.dossier_format import DossierPart, plain_values
from app.bidders.dossiers.as_of import Deadline, dossier_as_of
from app.bidders.dossiers.service import put_dossier
from app.bidders.organizations import registry
from app.bidders.organizations.schemas import OrganizationChange, OrganizationIn
from app.platform.access.roles import SYSTEM, Role
from app.platform.unit_of_work import Platform
from tests.conftest import Api
from tests.making.invented import USCC, resident_id
from tests.making.sealed import with_clock

LINE = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)
DAY = date(2026, 5, 20)


@pytest.fixture
def clock(platform):
    return with_clock(platform)


def dossier(scope="社会工作服务", people=(1,), **organization):
    lines = [{"name": f"人{one}", "residentId": resident_id(one)} for one in people]
    own = {"name": "甲社", "identifier": {"id": USCC}, "registration": {"businessScope": scope}, **organization}
    return DossierPart.model_validate({"organization": own, "roster": lines, "declarations": []})


class Bidder:
    def __init__(self, made: tuple[Platform, object]) -> None:
        self.platform, self.clock = made
        self.clock.now = LINE - timedelta(days=10)
        with self.platform.work(SYSTEM) as work:
            self.id = registry.create(work, OrganizationIn(name="甲社")).id

    def put(self, at, part):
        self.clock.now = at
        with self.platform.work(SYSTEM) as work:
            put_dossier(work, registry.visible(work, self.id), part)

    def as_of(self, at=LINE, clarified=()):
        with self.platform.work(SYSTEM) as work:
            return dossier_as_of(work, self.id, Deadline(at, DAY, frozenset(clarified)))


def test_what_comes_late_is_kept_and_not_taken(clock):
    bidder = Bidder(clock)
    bidder.put(LINE - timedelta(seconds=1), dossier())
    bidder.put(LINE, dossier("别的业务", (1, 2, 3), formerNames=["旧名"]))  # the deadline itself is too late
    found = bidder.as_of()
    assert found.dossier.facts.organization.registration.business_scope == "社会工作服务"
    assert len(found.dossier.facts.roster) == 1 and found.dossier.facts.organization.former_names == ()
    assert {(one.kind, one.taken) for one in found.late} == {
        ("registration", False),
        ("particulars", False),
        ("roster", False),
    }
    without = bidder.as_of(at=None)
    assert len(without.dossier.facts.roster) == 3 and without.late == ()


def test_a_clarification_lets_its_answer_in_and_nothing_else(clock):
    bidder = Bidder(clock)
    bidder.put(LINE - timedelta(days=1), dossier())
    bidder.put(LINE + timedelta(days=1), dossier("别的业务", (1, 2)))
    roster = next(one.id for one in bidder.as_of().late if one.kind == "roster")
    found = bidder.as_of(clarified=[roster])
    assert len(found.dossier.facts.roster) == 2
    assert found.dossier.facts.organization.registration.business_scope == "社会工作服务"
    assert {one.arrival for one in found.versions if one.kind == "roster"} == {"in_time", "clarification"}


def test_a_name_changed_after_the_deadline_is_not_the_bidders(clock):
    bidder = Bidder(clock)
    bidder.put(LINE - timedelta(days=1), dossier())
    clock[1].now = LINE + timedelta(days=1)
    with clock[0].work(SYSTEM) as work:
        registry.change(work, registry.visible(work, bidder.id), OrganizationChange(name="乙社"))
    found = bidder.as_of()
    assert found.dossier.facts.organization.name == "甲社" and found.dossier.facts.organization.code == USCC
    assert [one.kind for one in found.late] == ["identity"]


def test_who_recorded_nothing_in_time_has_a_missing_roster(clock):
    bidder = Bidder(clock)
    bidder.put(LINE + timedelta(hours=1), dossier())
    found = bidder.as_of()
    assert found.dossier.facts.is_roster_missing and found.dossier.facts.organization.name == "甲社"
    assert found.dossier.facts.organization.code is None  # the late dossier contained the code


HEADER = "姓名,身份证号码,用工形式\n"


def test_a_file_read_again_is_no_new_fact(clock):
    platform, now = clock
    bidder = Bidder(clock)
    now.now = LINE - timedelta(days=1)
    in_time = f"{HEADER}人1,{resident_id(1)},全职\n".encode()
    with Api(replace(platform, clock=now)) as api:
        officer = api.as_(Role.OFFICER)

        def upload(data):
            url = f"/api/v1/organizations/{bidder.id}/roster"
            made = officer.post(url, files={"file": ("r.csv", io.BytesIO(data))})
            assert made.status_code == 201, made.text

        upload(in_time)
        now.now = LINE + timedelta(days=1)
        upload(in_time + f"人2,{resident_id(2)},全职\n".encode())
        upload(in_time)
    found = bidder.as_of()
    rosters = [one.arrival for one in sorted(found.versions, key=lambda one: one.id) if one.kind == "roster"]
    assert rosters == ["in_time", "late", "read_later"]
    assert len(found.dossier.facts.roster) == 1
    assert [one.arrival for one in found.versions if one.kind == "document"] == ["in_time", "late", "read_later"]
    assert len(found.records) == 1
    assert plain_values(dossier())["roster"][0]["residentId"] == found.dossier.data["roster"][0]["residentId"]
