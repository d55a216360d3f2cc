"""`bidscreen rank`: rank one lot from a file."""

from pathlib import Path
from typing import Annotated

import typer

Document = Annotated[Path, typer.Argument(metavar="FILE|-", help="JSON file of the lot, or - for standard input.")]
Share = Annotated[
    int,
    typer.Option(min=0, max=100, help="Warn of prices below this percentage of the mean of the other valid prices."),
]


def register(cli: typer.Typer) -> None:
    """Add `rank`."""
    cli.command("rank")(rank)


def rank(file: Document, abnormally_low: Share = 80) -> None:
    """Rank the bids of one lot. Exit status 0: ranked or failed lot, 3: refused with all errors, 2: wrong usage."""
    from fractions import Fraction

    from app.awarding.evaluation.ranking_json import preview_json
    from app.entrypoints.cli.terminal.json_io import answer, read_document

    answer(preview_json(read_document(file), Fraction(abnormally_low, 100)))
