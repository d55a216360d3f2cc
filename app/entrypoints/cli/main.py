"""The command line `bidscreen`: one file per command; heavy imports wait until a command runs."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from app import __version__
from app.entrypoints.cli import api_keys as access
from app.entrypoints.cli import (
    audit,
    awards,
    backup,
    check,
    credit,
    divisions,
    envelopes,
    init,
    jobs,
    policy,
    privacy,
    sample,
    users,
)
from app.entrypoints.cli import extract as documents
from app.entrypoints.cli import rank as evaluation
from app.entrypoints.cli import screen as screening
from app.entrypoints.cli import serve as web
from app.entrypoints.cli import worker as working
from app.entrypoints.cli.examples import show_examples
from app.entrypoints.cli.terminal.failures import abandon_output, open_closed_streams, report


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"bidscreen {__version__}")
        raise typer.Exit


cli = typer.Typer(
    name="bidscreen",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@cli.callback()
def _options(
    directory: Annotated[
        Path | None,
        typer.Option(
            "--instance",
            "-C",
            metavar="DIR",
            help="Data directory of the instance (default: BIDSCREEN_DATA_DIR, else data).",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Tender and bidder-qualification screening: who is eligible and why, how bids rank, who is awarded which lot.

    Start with `bidscreen demo`, or with `bidscreen init DIR` for an instance of your own.
    """
    if directory is None and not _has_settings_file():
        return
    from app.entrypoints.instance import InstanceUnclear, use

    try:
        use(directory)
    except InstanceUnclear as error:
        typer.echo(f"bidscreen: {error}", err=True)
        raise typer.Exit(2) from None


def _has_settings_file() -> bool:
    """Whether there is a settings file, without imports: most commands read files and need no instance."""
    return (Path(os.environ.get("BIDSCREEN_DATA_DIR") or "data") / "settings.env").is_file()


for feature in (
    screening,
    documents,
    credit,
    init,
    web,
    working,
    jobs,
    access,
    audit,
    users,
    evaluation,
    awards,
    envelopes,
    check,
    divisions,
    policy,
    privacy,
    backup,
    sample,
):
    feature.register(cli)
show_examples(cli)


def main() -> None:
    """Run the console script. Exit status 0: done, 1: the environment failed, 2: wrong usage, 3: input was refused."""
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
        sys.stdout.flush()  # here, where a full disk can still be reported
