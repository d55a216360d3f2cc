"""Rows bound by the trail: every table declares itself, every written row is bound, and any change of one is found."""

from datetime import date

import pytest
from sqlalchemy import text

from app.platform.access.roles import Role
from app.platform.audit import rows
from app.platform.audit.events import Event
from app.platform.audit.rows import bound_tables, declarations, rows_of, veiled
from app.platform.audit.tables import AuditEvent
from app.platform.audit.verify import SEALED, verify
from app.platform.database.base import Base, metadata
from app.platform.database.bound import Unbound
from app.tendering.deadlines.tables import CalendarYear
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import Sealed, with_clock

NUMBER = "110101199003070732"  # invented


def year(platform, number=2031, source="国办"):
    with platform.work() as work:
        row = CalendarYear(year=number, holidays=[], made_up=[], source=source, recorded_by="usr_1")
        work.session.add(row)
        work.session.flush()
        return row.id


def breaks(platform, chain=None):
    with platform.work() as work:
        return [(one.code, one.detail.partition(":")[0]) for one in verify(work.session, chain).breaks]


def change(platform, statement, **values):
    with platform.engine.begin() as connection:
        connection.execute(text(statement), values)


def test_every_table_declares_whether_its_rows_are_bound():
    assert declarations().keys() == metadata.tables.keys()
    for name in bound_tables():
        with_columns = rows._query(name)
        assert str(with_columns)
    assert all(one.reason for one in declarations().values() if isinstance(one, Unbound))


def test_a_table_without_a_declaration_is_an_error(monkeypatch):
    mapper = next(one for one in Base.registry.mappers if one.class_ is CalendarYear)
    monkeypatch.delattr(mapper.class_, "TRAIL")
    with pytest.raises(KeyError, match="calendar_year"):
        declarations()


def test_columns_left_out_exist_and_have_a_reason():
    for name, declared in bound_tables().items():
        assert declared.beside.keys() <= set(metadata.tables[name].columns.keys())
        assert all(declared.beside.values())


def test_a_row_written_without_an_event_gets_one(platform):
    one = year(platform)
    with platform.work() as work:
        event = work.session.query(AuditEvent).one()
        (row,) = rows_of(work.session, "calendar_year")
        assert event.event == Event.WORKER_ROWS_RECORD
        assert event.rows == [["calendar_year", one, row.sha256]]
    assert breaks(platform) == []


def test_the_last_event_of_a_chain_carries_the_rows(platform):
    with platform.work() as work:
        work.session.add(CalendarYear(year=2031, holidays=[], made_up=[], source="国办", recorded_by="usr_1"))
        work.record(Event.OFFICER_CALENDAR_ANNOUNCE, subject="a")
        work.record(Event.OFFICER_CALENDAR_ANNOUNCE, subject="b")
    with platform.work() as work:
        assert [len(event.rows) for event in work.session.query(AuditEvent).order_by(AuditEvent.sequence)] == [0, 1]


def test_changed_removed_and_invented_rows_are_found(platform):
    first, second = year(platform), year(platform, 2032)
    change(platform, "UPDATE calendar_year SET source = 'x' WHERE id = :id", id=first)
    assert breaks(platform) == [("row_changed", f"calendar_year/{first}")]
    change(platform, "UPDATE calendar_year SET id = 'cal_other' WHERE id = :id", id=second)
    assert set(breaks(platform)) == {
        ("row_changed", f"calendar_year/{first}"),
        ("row_missing", f"calendar_year/{second}"),
        ("row_unbound", "calendar_year/cal_other"),
    }


def test_a_row_that_the_service_deletes_may_not_come_back(platform):
    one = year(platform)
    with platform.work() as work:
        work.session.delete(work.session.get(CalendarYear, one))
    assert breaks(platform) == []
    with platform.engine.begin() as connection:
        values = {"id": one, "created_at": platform.clock(), "year": 2031, "holidays": [], "made_up": [], "source": "国办",
                  "recorded_by": "usr_1"}  # fmt: skip
        connection.execute(CalendarYear.__table__.insert().values(values))
    assert breaks(platform) == [("row_unbound", f"calendar_year/{one}")]


def test_what_is_rolled_back_is_not_bound(platform):
    with pytest.raises(ZeroDivisionError), platform.work() as work:
        work.session.add(CalendarYear(year=2031, holidays=[], made_up=[], source="国办", recorded_by="usr_1"))
        work.session.flush()
        1 / 0  # noqa: B018
    year(platform, 2032)
    assert breaks(platform) == []


def test_a_content_has_no_resident_id(platform):
    year(platform, source=f"证件{NUMBER}")
    with platform.work() as work:
        (row,) = rows_of(work.session, "calendar_year")
    assert row.content["source"] == f"证件{rows.VEIL}"
    assert row.content["year"] == 2031


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (NUMBER, rows.VEIL),
        ("1101 0119 9003 0707 32", rows.VEIL),
        ("１１０１０１１９９００３０７０７３２", rows.VEIL),
        ("950000.00", "950000.00"),
        ("2026-05-20T01:30:00.123456+00:00", "2026-05-20T01:30:00.123456+00:00"),
        ("1" * 64, "1" * 64),
        ("电话 138 0000 0000", "电话 138 0000 0000"),
    ],
)
def test_numbers_are_left_out_and_hashes_are_not(given, kept):
    assert veiled(given) == kept


def test_values_are_hashed_alike_on_every_database(platform):
    """The content is plain JSON: money, days, instants and truth values in one form."""
    with platform.work() as work:
        row = CalendarYear(year=2031, holidays=[date(2031, 1, 1)], made_up=[], source="国办", recorded_by="usr_1")
        row.id, row.created_at = "cal_fixed", platform.clock().replace(2026, 5, 20, 1, 30, 0, 0)
        work.session.add(row)
    with platform.work() as work:
        (row,) = rows_of(work.session, "calendar_year")
    assert row.content == {"id": "cal_fixed", "created_at": "2026-05-20T01:30:00+00:00", "year": 2031,
                           "holidays": ["2031-01-01"], "made_up": [], "source": "国办", "recorded_by": "usr_1"}  # fmt: skip
    assert row.sha256 == "a5e30044714ab59fddf187f00558ec9a65a5cef20b65456c974054db54efaeb3"


def test_a_sealed_opening_is_verified_but_not_counted(platform):
    """How many envelopes there are, `GET /audit/verify` does not reveal, not even when one was changed."""
    with Api(with_clock(platform)[0]) as api:
        tender = Sealed(api)
        auditor = api.as_(Role.AUDITOR)
        before = done(auditor.get("/api/v1/audit/verify"))
        opening = api.platform.work
        for name in ("机构1", "机构2"):
            with api.platform.work() as work:
                count = verify(work.session).events
            bidder = tender.bidder(name)
            with api.platform.work() as work:
                added = verify(work.session).events - count
            done(bidder.submit())
            with api.platform.work() as work:
                assert verify(work.session).events == count + added
        after = done(auditor.get("/api/v1/audit/verify"))
        assert (after["intact"], after["chains"]) == (True, before["chains"])
        with opening() as work:
            chain = work.session.execute(text("SELECT id FROM opening")).scalar_one()
        shown = done(auditor.get(f"/api/v1/audit/verify?chain={chain}"))
        assert (shown["chains"], shown["events"], shown["rows"]) == (0, 0, 0)
        change(api.platform, "UPDATE envelope SET state = 'withdrawn'")
        found = done(auditor.get("/api/v1/audit/verify"))["breaks"]
        assert found == [{"chain": chain, "sequence": 0, "code": "row_changed", "detail": SEALED}]
