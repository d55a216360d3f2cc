"""Data keys: one per scope despite concurrent requests, none outlives a rollback, each decrypts only its own data."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from app.bidders.documents.tables import Document
from app.bidders.dossiers.tables import Particulars
from app.platform.access.roles import SYSTEM, Role
from app.platform.database.data_keys import DataKeyRow, FactsErased, scope_of
from app.platform.database.keys import CannotDecrypt
from app.platform.database.sealed import Ciphertext, data_keys_of, key_of
from tests.making.held import API, Held
from tests.making.procedure import done


@pytest.fixture
def keys(platform):
    return data_keys_of(platform.engine.dialect)


def standing(platform, scope):
    with platform.work() as work:
        query = select(func.count()).where(DataKeyRow.scope == scope, DataKeyRow.wrapped.is_not(None))
        return work.session.scalar(query)


def test_scopes_name_who_and_within_what():
    assert scope_of("org_1") == "org_1"
    assert scope_of("org_1", "ten_1") == "org_1/ten_1"
    assert scope_of(None, "ten_1") == "ten_1"
    assert scope_of(None) == "instance"


def test_many_at_once_make_one_key(platform, keys):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keys.for_writing("org_new").id, range(16)))
    assert len(set(made)) == 1
    assert standing(platform, "org_new") == 1


def test_a_key_of_a_transaction_that_failed_is_none(platform, keys):
    class Failed(Exception):
        pass

    with pytest.raises(Failed), platform.work(SYSTEM) as work:
        lost = key_of(work.session, "org_lost").id
        raise Failed
    assert standing(platform, "org_lost") == 0
    assert keys.for_writing("org_lost").id != lost


def test_a_key_of_a_savepoint_that_failed_is_none(platform):
    with platform.work(SYSTEM) as work:
        with pytest.raises(ZeroDivisionError), work.session.begin_nested():
            lost = key_of(work.session, "org_nested").id
            raise ZeroDivisionError
        kept = key_of(work.session, "org_nested").id
    assert kept != lost
    assert standing(platform, "org_nested") == 1


def test_a_value_opens_under_its_key_and_in_its_column_alone(keys):
    one, two = keys.for_writing("org_one"), keys.for_writing("org_two")
    stored = one.encrypt(b"x", "a.b")
    assert one.decrypt(stored, "a.b") == b"x"
    assert stored != one.encrypt(b"x", "a.b"), "equal values look different"
    with pytest.raises(CannotDecrypt):
        one.decrypt(stored, "a.c")
    with pytest.raises(CannotDecrypt):
        two.decrypt(stored, "a.b")
    for place in (20, 30, -1):
        changed = bytearray(stored)
        changed[place] ^= 1
        with pytest.raises(CannotDecrypt):
            one.decrypt(bytes(changed), "a.b")
    with pytest.raises(CannotDecrypt):
        Ciphertext(bytes(16) + stored[16:], "a.b", keys).open()


def test_a_wrapped_key_put_into_another_row_does_not_open(platform, keys):
    one, two = keys.for_writing("org_one"), keys.for_writing("org_two")
    with platform.engine.begin() as connection:
        wrapped = connection.execute(select(DataKeyRow.wrapped).where(DataKeyRow.id == one.id.hex())).scalar_one()
        connection.execute(update(DataKeyRow).where(DataKeyRow.id == two.id.hex()).values(wrapped=wrapped))
    keys.forget([two.id.hex()])
    with pytest.raises(CannotDecrypt):
        keys.opened(two.id)


def test_nothing_is_written_in_clear_past_the_session(platform, client):
    held = Held(client)
    with pytest.raises(Exception, match="sealed attribute"), platform.engine.begin() as connection:
        connection.execute(
            update(Particulars.__table__).where(Particulars.organization_id == held.id).values(particulars=b"x")
        )


def test_each_organization_has_its_own_and_its_own_in_each_tender(client, platform):
    one, two = Held(client, 1), Held(client, 2)
    with platform.work() as work:
        scopes = set(work.session.scalars(select(DataKeyRow.scope)))
    assert {one.id, two.id, one.screening, two.screening} <= scopes


def test_a_document_that_changes_hands_is_under_the_other_key(client, platform, keys):
    one, two = Held(client, 1), Held(client, 2)
    before = {
        name: one.officer.get(f"{API}/documents/{one.document}{name}").content for name in ("/content", "/extractions")
    }
    version = one.officer.get(f"{API}/documents/{one.document}").headers["etag"]
    body = {"organizationId": two.id}
    done(one.officer.patch(f"{API}/documents/{one.document}", json=body, headers={"If-Match": version}))
    assert {name: one.officer.get(f"{API}/documents/{one.document}{name}").content for name in before} == before
    with platform.work() as work:
        row = work.get(Document, one.document)
        assert row.name_sealed.stored[:16] == keys.for_writing(two.id).id
    with platform.engine.begin() as connection:
        connection.execute(
            update(DataKeyRow).where(DataKeyRow.scope == one.id).values(wrapped=None, destroyed_at=platform.clock())
        )
    keys.forget([keys_id for (keys_id,) in all_ids(platform)])
    assert client.as_(Role.OFFICER).get(f"{API}/documents/{one.document}/content").content == before["/content"]
    with pytest.raises(FactsErased):
        platform.files.read(row.sha256, one.id)


def all_ids(platform):
    with platform.engine.connect() as connection:
        return connection.execute(select(DataKeyRow.id)).all()
