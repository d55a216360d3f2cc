"""`serve` and `migrate`."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from app.entrypoints.cli.terminal.collector import resting_collector


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.command()(serve)
    cli.command()(migrate)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Data directory.")] = None,
) -> None:
    """Serve the HTTP API. Migrates the database first."""
    given: dict[str, Any] = {"host": host, "port": port, "data_dir": data_dir}
    with resting_collector():
        from app.entrypoints.bootstrap import from_environment
        from app.entrypoints.instance import use
        from app.entrypoints.server import prepared, run
        from app.platform.database.in_use import in_use

        if data_dir is not None:
            use(data_dir)
        platform = from_environment(
            announced=False, **{name: value for name, value in given.items() if value is not None}
        )
        ready = prepared(platform)
    with in_use(platform.settings.data_dir) if platform.settings.embedded else nullcontext():
        run(ready)


def migrate() -> None:
    """Migrate the database to the version that this release needs."""
    from app.entrypoints.bootstrap import from_environment
    from app.platform.database.migrate import newest

    from_environment()
    typer.echo(f"database at version {newest()}")
