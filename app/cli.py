"""The command line `bidscreen`: each feature registers its own commands; heavy imports wait until one runs."""

import typer

from app.awards import commands as awards
from app.evaluation import commands as evaluation
from app.sample import commands as sample

cli = typer.Typer(
    name="bidscreen",
    help="Tender and bidder-qualification screening: who is eligible and why, who ranks where, who would win what.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for feature in (evaluation, awards, sample):
    feature.register(cli)


def main() -> None:
    """Entry point of the console script; exit status 0 all read, 2 wrong usage, 3 some input was refused."""
    cli()
