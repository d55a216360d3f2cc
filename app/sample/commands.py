"""Command of the sample tender."""

from pathlib import Path
from typing import Annotated

import typer


def register(cli: typer.Typer) -> None:
    """Add `sample` to the command line."""

    @cli.command()
    def sample(out: Annotated[Path, typer.Option(help="Folder to write to; made if need be.")]) -> None:
        """Write the sample tender: nine lots, fourteen invented bidders, credit lists, bids and score sheets."""
        from app.sample.write import write_sample

        written = write_sample(out)
        typer.echo(f"{len(written.agencies)} dossiers, {len(written.files)} files below {out}")
