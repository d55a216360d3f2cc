"""Migrations: upgrade a database to the newest version; safe at every start and for several processes at once."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

import app
from app.platform.database.data_keys import INSTANCE, keep_root
from app.platform.database.engine import no_transaction, without_limit
from app.platform.database.sealed import data_keys_of
from app.platform.database.types import keyring_of

LOCK = 4_205_082_017  # any number: the same for every process that migrates


def migrations() -> Path:
    """Return the migrations: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(app.__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def carrier_schema() -> str:
    """Return the script that makes the tables of the installed procrastinate."""
    from procrastinate.schema import SchemaManager  # noqa: PLC0415  only PostgreSQL needs it

    return SchemaManager.get_schema()


class CarrierDiffers(RuntimeError):
    """The installed release of procrastinate has other tables than the migration was written for."""


def run_carrier(connection: Connection, schema_sha256: str) -> None:
    """Make the job carrier's own tables from its package, in the migration's transaction; PostgreSQL alone has them.

    The driver gets the script, since SQLAlchemy would take its percent signs for parameters. Errors: CarrierDiffers.
    """
    if connection.dialect.name == "postgresql":
        script = carrier_schema()
        if sha256(script.encode()).hexdigest() != schema_sha256:
            raise CarrierDiffers
        connection.connection.driver_connection.execute(script)  # type: ignore[union-attr]


_DROP_CARRIER = """DO $$ DECLARE one record; BEGIN
FOR one IN SELECT oid::regprocedure AS name FROM pg_proc
    WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace LOOP
    EXECUTE 'DROP FUNCTION ' || one.name || ' CASCADE';
END LOOP;
DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, procrastinate_workers CASCADE;
DROP TYPE procrastinate_job_status, procrastinate_job_event_type, procrastinate_job_to_defer_v1 CASCADE;
END $$"""


def drop_carrier(connection: Connection) -> None:
    """Drop what `run_carrier` has made."""
    if connection.dialect.name == "postgresql":
        connection.connection.driver_connection.execute(_DROP_CARRIER)  # type: ignore[union-attr]


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def newest() -> str | None:
    """Return the version that this code needs."""
    return ScriptDirectory.from_config(config()).get_current_head()


def current(connection: Connection) -> str | None:
    """Return the version of the database; None if it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


class OtherLayout(ValueError):
    """The tables were made by another version of bidscreen, from which no migration leads to this one."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"its tables have layout {found}, this version needs {newest()}: run the version that made them, or make a "
            "new instance with `bidscreen init DIR` (the demo's: `make demo`)"
        )


def require_known(connection: Connection) -> None:
    """Require a database that is empty or that a migration leads from. Errors: OtherLayout."""
    found = current(connection)
    if found is not None and found not in _known():
        raise OtherLayout(found)


@cache
def _known() -> frozenset[str]:
    return frozenset(one.revision for one in ScriptDirectory.from_config(config()).walk_revisions())


def upgrade(engine: Engine) -> str | None:
    """Migrate in one transaction and return the version reached. Errors: OtherLayout."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            without_limit(connection)
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
        try:
            if current(connection) != newest():
                require_known(connection)
                connection.rollback()
                command.upgrade(config(connection), "head")
                connection.commit()
        finally:
            # The pragma and the lock belong to the connection, which must not be returned to the pool.
            connection.invalidate()
    keep_root(keyring_of(engine.dialect), engine, no_transaction(engine))
    data_keys_of(engine.dialect).for_writing(INSTANCE)  # uploads also hold locks
    return newest()
