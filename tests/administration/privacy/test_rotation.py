"""Rotation of the secret: everything stays readable throughout, and afterwards the old secret is not needed."""

import contextlib

import pytest
from sqlalchemy import select

from app.administration.privacy.rotation import outdated, rotate
from app.bidders.rosters.tables import RosterLine
from app.entrypoints.bootstrap import build
from app.platform.access.roles import Role
from app.platform.database.data_keys import DataKeyRow
from app.platform.database.keys import CannotDecrypt
from app.platform.database.migrate import upgrade
from tests.conftest import SECRET, Api
from tests.making.held import Held

NEW = "the-new-secret-the-new-secret-the-new-secret"


@pytest.fixture(autouse=True)
def started(platform):
    """The instance after its first start; the next test's instance uses its first secret again."""
    upgrade(platform.engine)
    yield
    with platform.engine.begin() as connection:
        connection.execute(DataKeyRow.__table__.delete())


@pytest.fixture
def renewed(settings):
    """A platform of the same instance with other secrets."""
    with contextlib.ExitStack() as ended:

        def make(current, *previous):
            update = {"secret_key": current, "previous_secret_keys": previous}
            built = build(type(settings)(**{**settings.model_dump(), **update}))
            ended.callback(built.engine.dispose)
            return built

        yield make


def reading(platform, key, held):
    with Api(platform) as api:
        officer = api.with_key(key)
        return held.answers(officer), held.replayed(officer).json()["identical"]


def test_afterwards_the_new_secret_alone_opens_everything(client, renewed):
    held = Held(client)
    key = client.key(Role.OFFICER)
    before = held.answers(client.with_key(key)), held.replayed(client.with_key(key)).json()["identical"]
    assert {status for status, _ in before[0].values()} == {200}
    assert before[1] is True
    hashes = hash_column(client.platform)
    client.end()
    both = renewed(NEW, SECRET)
    assert reading(both, key, held) == before, "while both secrets are known"
    told = []
    counted = rotate(both, lambda name, count: told.append((name, count)), chunk=3)
    assert {"data_key.wrapped", "job.payload", "roster_line.resident_id_hash"} <= set(counted)
    assert max(count for _, count in told) <= 3
    assert not set(hash_column(both)) & set(hashes)
    assert reading(renewed(NEW), key, held) == before, "with the new secret alone, the API key still good"
    with pytest.raises(CannotDecrypt):
        reading_roster(renewed(SECRET))
    assert rotate(renewed(NEW)) == {}, "nothing is left to do"


def reading_roster(platform):
    with platform.work() as work:
        return [row.line for row in work.session.scalars(select(RosterLine))]


def hash_column(platform):
    with platform.work() as work:
        return [one for one in work.session.scalars(select(RosterLine.resident_id_hash)) if one]


@pytest.mark.parametrize("after", [1, 2, 5])
def test_cut_short_it_goes_on(client, renewed, after):
    held = Held(client)
    key = client.key(Role.OFFICER)
    before = held.answers(client.with_key(key))
    client.end()
    steps = []

    class Killed(BaseException):
        pass

    def told(name, count):
        steps.append(name)
        if len(steps) == after:
            raise Killed

    both = renewed(NEW, SECRET)
    with pytest.raises(Killed):
        rotate(both, told, chunk=2)
    with both.work() as work:
        assert outdated(work), "it was cut short"
    assert reading(both, key, held)[0] == before
    rotate(both, chunk=2)
    with both.work() as work:
        assert not outdated(work)
    assert reading(renewed(NEW), key, held)[0] == before


def test_without_the_old_secret_nothing_is_half_done(client, renewed):
    Held(client)
    client.end()
    with pytest.raises(CannotDecrypt):
        rotate(renewed(NEW))
    with renewed(SECRET).work() as work:
        assert not outdated(work)
