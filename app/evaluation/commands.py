"""Commands of this feature."""

import typer


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
