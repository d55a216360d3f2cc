"""The command line `bidscreen`: each feature registers its own commands; heavy imports wait until one runs."""

import sys

import typer

from app.entrypoints.cli import api_keys as access
from app.entrypoints.cli import audit, awards, backup, credit, envelopes, privacy, sample, users
from app.entrypoints.cli import check as invariants
from app.entrypoints.cli import extract as documents
from app.entrypoints.cli import rank as evaluation
from app.entrypoints.cli import screen as screening
from app.entrypoints.cli import serve as web
from app.entrypoints.cli import worker as jobs
from app.entrypoints.cli.failures import abandon_output, open_closed_streams, report

cli = typer.Typer(
    name="bidscreen",
    help="Tender and bidder-qualification screening: who is eligible and why, who ranks where, who would win what.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for feature in (
    screening,
    documents,
    credit,
    web,
    jobs,
    access,
    audit,
    users,
    evaluation,
    awards,
    envelopes,
    invariants,
    privacy,
    backup,
    sample,
):
    feature.register(cli)


def main() -> None:
    """Entry point of the console script; exit status 0 all read, 1 the surroundings failed, 2 wrong usage, 3 some input was refused."""
    open_closed_streams()
    try:
        _run()
    except Exception as error:
        status = report(error)
        if status is None:
            raise
        abandon_output()
        sys.exit(status)


def _run() -> None:
    try:
        cli()
    finally:
        sys.stdout.flush()  # here, where a full disk can still be told
