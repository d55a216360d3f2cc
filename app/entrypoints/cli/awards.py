"""`bidscreen awards`: who would win which lot, under each rule, from a file."""

from pathlib import Path
from typing import Annotated

import typer

Document = Annotated[Path, typer.Argument(metavar="FILE|-", help="JSON of the lots, or - for standard input.")]


def register(cli: typer.Typer) -> None:
    """Add `awards`."""
    cli.command("awards")(awards)


def awards(file: Document) -> None:
    """Award the lots under one rule and show what the others would give: 0 done, 3 refused with errors, 2 usage."""
    from app.awarding.awards.scenarios import scenario_json
    from app.entrypoints.cli.json_io import answer, read_document

    answer(scenario_json(read_document(file)))
