"""Run migrations in one transaction, schema and version together: a killed migration leaves nothing behind.

The engine (app.platform.database.engine) sends its own BEGIN, so that SQLite's DDL is transactional too; Alembic is
configured accordingly.
"""

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

import app.entrypoints.features  # noqa: F401  every table is known
from app.platform.database.base import metadata
from app.platform.database.engine import without_limit


def render_item(kind, item, autogen_context):
    """Render database types only: a migration must mean the same after the code has changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run(connection: Connection) -> None:
    """Upgrade the database to the newest version."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Copying a table would fire its foreign keys; they are checked as a whole before the commit. Executed outside
        # SQLAlchemy, since the pragma has no effect once a transaction has begun.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,
        render_as_batch=sqlite,
        render_item=render_item,
        compare_type=True,
        user_module_prefix=None,
    )
    with context.begin_transaction():
        without_limit(connection)
        context.run_migrations()
        if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise RuntimeError("the migration would break a foreign key")


given = context.config.attributes.get("connection")
if given is None:
    raise SystemExit("use `bidscreen migrate`: it knows the database and the keys")
run(given)
