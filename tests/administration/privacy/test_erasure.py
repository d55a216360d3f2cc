"""After retention the key is destroyed: facts are unreadable; decisions, hashes and the trail remain."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.administration.privacy import report as reporting
from app.administration.privacy.report import NoResidentId, report
from app.administration.privacy.shredding import RetentionRuns, due, shred
from app.bidders.rosters.tables import RosterLine
from app.entrypoints.bootstrap import build
from app.platform.access.roles import Role
from app.platform.database.data_keys import DataKeyRow
from app.platform.problems import NotFound
from tests.conftest import Api
from tests.making.dossiers import resident_id as staff_id
from tests.making.held import API, Held
from tests.making.invented import resident_id
from tests.making.procedure import Procedure, done

YEARS = timedelta(days=366 * 16)


@pytest.fixture
def tender(client):
    return Procedure(client)


@pytest.fixture
def later(platform):
    """The same instance sixteen years later."""
    return replace(platform, clock=lambda: platform.clock() + YEARS)


def cancelled(tender):
    done(tender.officer.post(f"{tender.url}/cancel", json={"reason": "采购任务取消"}))


def facts_erased(answer):
    return (answer.status_code, answer.json()["code"]) == (410, "facts_erased")


def test_an_organization_is_erased_after_its_tenders_and_nothing_else_is(client, tender, later):
    held, other = Held(client, 1, tender.id), Held(client, 2)
    kept, result = other.answers(), held.officer.get(f"{API}/screenings/{held.screening}").content
    with pytest.raises(RetentionRuns, match=tender.id):
        shred(later, held.id, "到期")
    cancelled(tender)
    with pytest.raises(RetentionRuns, match="第四十二条"):
        shred(client.platform, held.id, "个人要求删除")
    done_ = shred(later, held.id, "保存期满")
    assert len(done_.keys) == 2, "the organization's own, and that of its part in the tender"
    for method, address, body in held.reads():
        assert facts_erased(held.officer.request(method, address, json=body)), address
    assert facts_erased(held.officer.get(f"{API}/documents/{held.document}/pages/1.png"))
    assert facts_erased(held.replayed())
    what_if = {"screening": held.screening, "asOf": "2017-05-31"}
    assert facts_erased(held.officer.post(f"{API}/screenings/what-if", json=what_if))
    assert held.officer.get(f"{API}/screenings/{held.screening}").content == result, "the decision stays"
    assert done(held.officer.get(f"{API}/documents/{held.document}"))["name"] is None
    assert done(held.officer.get(f"{API}/documents", params={"organizationId": held.id}))["items"]
    assert other.answers() == kept
    assert other.replayed().json()["identical"] is True
    with client.platform.work() as work:
        rows = work.session.execute(
            select(RosterLine.resident_id_hash).join(RosterLine.__table__.metadata.tables["roster_version"])
            .where(text("organization_id = :id")).params(id=held.id)
        )  # fmt: skip
        assert {row[0] for row in rows} == {None}
    assert client.as_(Role.AUDITOR).get("/api/v1/audit/verify").json()["intact"] is True
    events = client.as_(Role.AUDITOR).get("/api/v1/audit", params={"subject": held.id}).json()["items"]
    shredded = [event["after"] for event in events if event["event"] == "admin:facts:shred"]
    assert [(one["reason"], len(one["keys"])) for one in shredded] == [("保存期满", 2)]


def test_the_wrapped_key_is_nowhere_afterwards(client, later):
    held = Held(client)
    with client.platform.work() as work:
        wrapped = work.session.scalars(select(DataKeyRow.wrapped).where(DataKeyRow.scope == held.id)).one()
    shred(later, held.id, "要求删除")
    for path in client.platform.settings.data_dir.rglob("*.db*"):
        assert bytes(wrapped) not in path.read_bytes()


def test_what_no_tender_held_goes_on_demand(client, platform):
    held = Held(client)
    assert len(shred(platform, held.screening, "个人要求删除").keys) == 1
    assert facts_erased(held.replayed())
    shred(platform, held.id, "个人要求删除")
    assert {answer[0] for answer in held.answers().values()} == {410}
    for unknown in (held.id, "org_unknown", "instance", "derived", ""):
        with pytest.raises(NotFound):
            shred(platform, unknown, "again")


def test_an_erased_organization_comes_back_with_new_facts(client, platform):
    held = Held(client)
    shred(platform, held.id, "个人要求删除")
    lines = [{"name": "新员工", "residentId": resident_id(77), "employment": "full_time"}]
    done(held.officer.put(f"{held.url}/roster", json={"lines": lines}))
    assert done(held.officer.get(f"{held.url}/roster"))["lines"][0]["line"]["name"] == "新员工"
    assert facts_erased(held.officer.get(f"{held.url}/roster", params={"number": 1}))


def test_a_tender_takes_the_inputs_of_all_its_bidders_along(client, tender, later):
    one, two = Held(client, 1, tender.id), Held(client, 2, tender.id)
    cancelled(tender)
    shred(later, tender.id, "保存期满")
    assert facts_erased(one.replayed())
    assert facts_erased(two.replayed())
    assert {answer[0] for answer in one.answers().values()} == {200}, "what is of the organization itself stays"


def test_what_is_due_is_named_and_what_no_tender_holds_is_not(client, tender, later):
    held, _ = Held(client, 1, tender.id), Held(client, 2)
    cancelled(tender)
    with client.platform.work() as work:
        assert not list(due(work))
    with later.work() as work:
        assert {subject for subject, _ in due(work)} == {held.id, tender.id}


def test_another_process_forgets_the_key_too(client, settings, platform):
    held = Held(client)
    elsewhere = build(settings.model_copy(update={"data_key_seconds": 0}))
    with Api(elsewhere) as api:
        assert api.as_(Role.OFFICER).get(f"{held.url}/dossier").status_code == 200
        shred(platform, held.id, "个人要求删除")
        assert facts_erased(api.as_(Role.OFFICER).get(f"{held.url}/dossier"))
    elsewhere.engine.dispose()


def test_a_report_names_every_place_and_is_on_record(client, tender, platform):
    held = Held(client, 1, tender.id)
    number = staff_id(10)
    found = report(platform, number.lower())
    assert found.person == f"{number[:6]}********{number[-4:]}"
    assert {"roster_line", "screening"} <= {place.table for place in found.places}
    assert list(found.organizations) == [held.id]
    for place in found.places:
        assert place.organization == held.id
        assert place.pointers
        assert place.since
    assert "/particulars/organization/legalRepresentative/residentId" in {
        pointer for place in report(platform, resident_id(901)).places for pointer in place.pointers
    }
    assert {"extraction"} <= {place.table for place in report(platform, resident_id(41)).places}
    named = report(platform, resident_id(800))
    assert ("document", "/name") in {(place.table, one) for place in named.places for one in place.pointers}
    assert not report(platform, staff_id(999)).places
    with pytest.raises(NoResidentId):
        report(platform, "320508198501010011")
    events = client.as_(Role.AUDITOR).get("/api/v1/audit", params={"subject": "person"}).text
    assert number not in events
    assert found.person in events


def test_a_report_counts_what_nobody_can_open(client, platform):
    held = Held(client)
    assert report(platform, staff_id(10)).erased == 0
    shred(platform, held.id, "个人要求删除")
    found = report(platform, resident_id(41))
    assert not found.places
    assert found.erased > 5


@pytest.mark.sqlite_only
def test_a_report_keeps_no_writer_waiting(client, platform, monkeypatch):
    held = Held(client)
    looked = []

    def look_and_write(*given):
        if not looked:
            done(held.officer.post(f"{API}/organizations", json={"name": "另一家"}))
        looked.append(given)
        return real(*given)

    real = reporting._look
    monkeypatch.setattr(reporting, "_look", look_and_write)
    assert report(platform, staff_id(10)).places
    assert looked
