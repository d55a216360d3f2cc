"""The command line `bidscreen`: each feature registers its own commands; heavy imports wait until one runs."""

import sys

import typer

from app.access import commands as access
from app.audit import commands as audit
from app.awards import commands as awards
from app.backup import commands as backup
from app.credit import commands as credit
from app.documents import commands as documents
from app.envelopes import commands as envelopes
from app.evaluation import commands as evaluation
from app.invariants import commands as invariants
from app.jobs import commands as jobs
from app.privacy import commands as privacy
from app.sample import commands as sample
from app.screening import commands as screening
from app.surroundings import abandon_output, open_closed_streams, report
from app.users import commands as users
from app.web import commands as web

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
