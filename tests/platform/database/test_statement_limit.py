"""PostgreSQL cancels a statement that takes too long: an outage to the caller, not an internal error."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.entrypoints.bootstrap import build
from app.platform.database.engine import make_engine, without_limit
from app.platform.outages import outage_problem


@pytest.fixture
def limited(platform):
    """An engine of the same database whose statements end after a second."""
    if platform.settings.embedded:
        pytest.skip("SQLite has no limit of its own")
    engine = build(platform.settings.model_copy(update={"statement_seconds": 1})).engine
    yield engine
    engine.dispose()


def test_a_long_statement_is_cancelled_and_counts_as_an_outage(limited):
    with pytest.raises(OperationalError) as cancelled, limited.begin() as connection:
        connection.execute(text("SELECT pg_sleep(20)"))
    assert outage_problem(cancelled.value).code == "busy"
    with limited.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_migrations_and_backups_are_exempt_for_their_transaction(limited):
    with limited.connect() as connection:
        without_limit(connection)
        connection.execute(text("SELECT pg_sleep(1.5)"))
        connection.commit()
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "1s"


def test_options_in_the_url_replace_the_limit(platform, limited):
    url = limited.url.update_query_dict({"options": "-c statement_timeout=7s"})
    engine = make_engine(url.render_as_string(hide_password=False), platform.keyring, statement_seconds=1)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "7s"
    engine.dispose()
