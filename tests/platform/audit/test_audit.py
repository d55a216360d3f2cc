"""The trail is written in the transaction of the change, masked, and tampering is detected."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select, update

from app.platform.access.roles import Principal, Role
from app.platform.audit.chain import INSTANCE
from app.platform.audit.events import Event
from app.platform.audit.tables import AuditEvent, AuditHead
from app.platform.audit.verify import verify
from app.platform.database.identifiers import new_id
from app.platform.unit_of_work import UnitOfWork

RESIDENT_ID = "110101199003070732"  # invented
EVENT = Event.ADMIN_API_KEY_CREATE


def record(platform, count, tender=None):
    for number in range(count):
        with platform.work() as work:
            work.record(EVENT, subject=f"key_{number}", tender=tender, after={"number": number})


def report(platform, chain=None):
    with platform.work() as work:
        return verify(work.session, chain)


def test_a_change_and_its_event_are_one(platform):
    with pytest.raises(ZeroDivisionError), platform.work() as work:
        work.record(EVENT, subject="key_1")
        1 / 0  # noqa: B018
    assert report(platform).events == 0


def test_events_say_who_did_what_and_when(client):
    client.as_(Role.ADMIN).post(
        "/api/v1/api-keys", json={"name": "a", "role": "officer"}, headers={"X-Request-Id": "request-7"}
    )
    events = client.as_(Role.AUDITOR).get("/api/v1/audit").json()["items"]
    made = next(event for event in events if event["requestId"] == "request-7")
    assert made["event"] == "admin:api_key:create"
    assert made["actorRole"] == "admin"
    assert made["chain"] == INSTANCE
    assert made["after"]["role"] == "officer"


def test_id_numbers_are_masked_in_the_trail(platform):
    with platform.work() as work:
        work.record(EVENT, subject="x", before={RESIDENT_ID: [f"证件{RESIDENT_ID}"]}, after=RESIDENT_ID)
    with platform.work() as work:
        row = work.session.scalars(select(AuditEvent)).one()
        assert row.before == {"110101********0732": ["证件110101********0732"]}
        assert row.after == "110101********0732"


def test_each_tender_has_a_chain_of_its_own(platform):
    record(platform, 2, "ten_a")
    record(platform, 3, "ten_b")
    assert (report(platform).chains, report(platform, "ten_b").events) == (2, 3)
    assert report(platform).breaks == ()


def test_an_instant_in_another_time_zone_is_hashed_as_it_is_read_back(platform):
    record(replace(platform, clock=lambda: datetime.fromisoformat("2026-05-20T09:30:00+08:00")), 1)
    assert report(platform).breaks == ()


def test_many_writers_make_one_chain(platform):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: record(platform, 5, "ten_a"), range(6)))
    assert report(platform).events == 30
    assert report(platform).breaks == ()


def test_writers_of_two_chains_in_opposite_order_do_not_lock_each_other_out(platform):
    def write(chains):
        for _ in range(10):
            with platform.work() as work:
                for chain in chains:
                    work.record(EVENT, subject="x", tender=chain)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [("ten_a", "ten_b"), ("ten_b", "ten_a")]))
    assert report(platform).events == 40


TAMPERINGS = {
    "content": lambda s: s.execute(update(AuditEvent).where(AuditEvent.sequence == 2).values(subject_id="other")),
    "actor": lambda s: s.execute(update(AuditEvent).where(AuditEvent.sequence == 2).values(actor_id="other")),
    "deleted": lambda s: s.execute(AuditEvent.__table__.delete().where(AuditEvent.sequence == 2)),
    "truncated": lambda s: s.execute(AuditEvent.__table__.delete().where(AuditEvent.sequence == 4)),
    "emptied": lambda s: s.execute(AuditEvent.__table__.delete()),
    "moved": lambda s: s.execute(update(AuditEvent).where(AuditEvent.sequence == 4).values(chain="ten_b")),
    "head": lambda s: s.execute(update(AuditHead).values(sequence=3)),
    "headless": lambda s: s.execute(AuditHead.__table__.delete()),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(platform, name):
    record(platform, 4, "ten_a")
    assert report(platform).breaks == ()
    with platform.work() as work:
        TAMPERINGS[name](work.session)
    breaks = report(platform).breaks
    assert breaks
    if name in ("content", "actor"):
        assert [(one.chain, one.sequence, one.code) for one in breaks] == [("ten_a", 2, "content")]


def test_verification_over_http_names_the_break(client):
    record(client.platform, 3)
    auditor = client.as_(Role.AUDITOR)
    assert auditor.get("/api/v1/audit/verify").json()["intact"] is True
    with client.platform.work() as work:
        work.session.execute(update(AuditEvent).where(AuditEvent.sequence == 2).values(after={"number": 99}))
    found = auditor.get("/api/v1/audit/verify").json()
    assert found["intact"] is False
    assert found["breaks"][0] == {
        "chain": INSTANCE,
        "sequence": 2,
        "code": "content",
        "detail": "event was changed after it was recorded",
    }


def test_a_reading_unit_records_nothing(platform):
    work = UnitOfWork(platform, Principal(new_id("key"), Role.AUDITOR), "r", reading=True)
    with pytest.raises(RuntimeError):
        work.record(EVENT, subject="x")
