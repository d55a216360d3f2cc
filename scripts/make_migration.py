"""Regenerate the initial migration from the tables. There is one until the first release; later ones are added."""

import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from alembic import command

from app.platform.database.engine import make_engine
from app.platform.database.keys import Keyring
from app.platform.database.migrate import carrier_schema, config, migrations

INITIAL = "0001"


def main() -> None:
    """Autogenerate 0001_initial.py against an empty database."""
    target = migrations() / "versions" / f"{INITIAL}_initial.py"
    others = [path.name for path in target.parent.glob("*.py") if path != target]
    if others:
        sys.exit(f"there are later migrations ({', '.join(others)}): write an additional one with alembic")
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        engine = make_engine(f"sqlite:///{Path(directory) / 'empty.db'}", Keyring("x" * 32))
        with engine.connect() as connection:
            command.revision(config(connection), "initial", autogenerate=True, rev_id=INITIAL)
        engine.dispose()
    _name_by_layout(target)


def _with_carrier(text: str) -> str:
    """Let the migration make the tables of the job carrier, too."""
    imported = "from alembic import op\n"
    begun = "def upgrade() -> None:\n"
    ended = "def downgrade() -> None:\n"
    if imported not in text or begun not in text or ended not in text:
        sys.exit("the template of migrations has changed: see scripts/make_migration.py")
    text = text.replace(imported, f"{imported}from app.platform.database.migrate import drop_carrier, run_carrier\n", 1)
    text = text.replace(ended, f"{ended}    drop_carrier(op.get_bind())\n", 1)
    carrier = sha256(carrier_schema().encode()).hexdigest()
    return text.replace(begun, f'{begun}    run_carrier(op.get_bind(), "{carrier}")\n', 1)


def _name_by_layout(target: Path) -> None:
    """Add a hash of the tables to the revision, so that a database with an earlier layout is recognised."""
    text = _with_carrier(target.read_text("utf-8"))
    digest = sha256(text.encode()).hexdigest()[:12]
    target.write_text(text.replace(f"revision = '{INITIAL}'", f"revision = '{INITIAL}_{digest}'", 1), "utf-8")


if __name__ == "__main__":
    main()
