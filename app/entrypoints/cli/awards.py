"""`bidscreen awards`: award scenarios from a file."""

from pathlib import Path
from typing import Annotated

import typer

Document = Annotated[Path, typer.Argument(metavar="FILE|-", help="JSON file of the lots, or - for standard input.")]


def register(cli: typer.Typer) -> None:
    """Add `awards`."""
    cli.command("awards")(awards)


def awards(file: Document) -> None:
    """Award the lots under one rule and compare the others. Exit status 0: done, 3: refused with all errors, 2: wrong usage."""
    from app.awarding.awards.scenarios import scenario_json
    from app.entrypoints.cli.terminal.json_io import answer, read_document

    answer(scenario_json(read_document(file)))
