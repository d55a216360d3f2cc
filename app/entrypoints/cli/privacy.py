"""`secrets renew|rotate|forget` and `privacy report|retention|shred`."""

import json
import sys
from typing import Annotated

import typer

secrets = typer.Typer(
    no_args_is_help=True, help="The instance's secret: renew it, re-encrypt everything, drop the old one."
)
privacy = typer.Typer(no_args_is_help=True, help="Personal data: what is stored, until when, and its erasure.")
REFUSED = 3


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.add_typer(secrets, name="secrets")
    cli.add_typer(privacy, name="privacy")


@secrets.command()
def renew() -> None:
    """Generate a new secret and keep the old one (file and key service). Restart the service, then run `secrets rotate`."""
    _change("renew", "the new secret takes effect at the next start; the old one still decrypts")


@secrets.command()
def forget() -> None:
    """Drop former secrets (file and key service) once `secrets rotate` has re-encrypted everything."""
    from app.administration.privacy.rotation import outdated
    from app.entrypoints.bootstrap import from_environment

    platform = from_environment()
    with platform.reading() as work:
        left = outdated(work)
    if left:
        typer.echo(f"still encrypted under a former secret; run `bidscreen secrets rotate`: {_counts(left)}", err=True)
        raise typer.Exit(REFUSED)
    _change("forget", "former secrets are dropped")


def _change(what: str, said: str) -> None:
    from app.entrypoints.bootstrap import key_source
    from app.platform.database.key_sources import SecretFixed, SecretUnavailable
    from app.platform.settings import Settings

    try:
        getattr(key_source(Settings()), what)()
    except (SecretFixed, SecretUnavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(said)


@secrets.command()
def rotate() -> None:
    """Re-encrypt under the current secret. Can be interrupted and repeated; the service may keep running."""
    from app.administration.privacy.rotation import rotate as rotate_all
    from app.entrypoints.bootstrap import from_environment
    from app.platform.database.keys import CannotDecrypt

    platform = from_environment()
    try:
        renewed = rotate_all(platform, lambda name, count: typer.echo(f"{name}: {count}", err=True))
    except CannotDecrypt as error:
        typer.echo(f"missing secret: {error}", err=True)
        raise typer.Exit(REFUSED) from None
    typer.echo(json.dumps({"renewed": dict(renewed)}))


def _counts(left: object) -> str:
    return json.dumps(left)


@privacy.command()
def report(
    table: Annotated[bool, typer.Option("--table", help="Print a readable table instead of JSON.")] = False,
) -> None:
    """List what is stored about a person. The resident ID is prompted for or read from standard input, never an argument."""
    from dataclasses import asdict

    from app.administration.privacy.report import NoResidentId
    from app.administration.privacy.report import report as look
    from app.administration.privacy.table import show
    from app.entrypoints.bootstrap import from_environment

    given = (
        typer.prompt("居民身份证号 resident ID", hide_input=True, err=True)
        if sys.stdin.isatty()
        else sys.stdin.readline()
    )
    try:
        held = look(from_environment(), given.strip())
    except NoResidentId as problem:
        typer.echo(problem.title, err=True)
        raise typer.Exit(2) from None
    if table:
        show(held)
    else:
        typer.echo(json.dumps(asdict(held), ensure_ascii=False, indent=2))


@privacy.command()
def retention(
    subject: Annotated[str, typer.Argument(help="Id of an organization or tender.")],
) -> None:
    """Show until when data are kept."""
    from app.administration.privacy.retention import retention_of
    from app.entrypoints.bootstrap import from_environment

    with from_environment().reading() as work:
        kept = retention_of(work, subject)
    until = kept.until.isoformat() if kept.until else None
    typer.echo(json.dumps({"subject": subject, "keptUntil": until, "running": kept.running}))


@privacy.command()
def shred(
    subject: Annotated[
        str | None, typer.Argument(help="Id of an organization, a tender, or a batch or screening outside any tender.")
    ] = None,
    reason: Annotated[str, typer.Option(help="The reason; recorded in the audit trail.")] = "retention ended",
    due: Annotated[bool, typer.Option("--due", help="Erase everything whose retention period has ended.")] = False,
) -> None:
    """Erase data permanently by destroying their data key. Exit status 3 while the law requires keeping them."""
    from app.administration.privacy.shredding import due as all_due
    from app.administration.privacy.shredding import shred as erase
    from app.entrypoints.bootstrap import from_environment
    from app.platform.problems import Problem

    if (subject is None) == (not due):
        raise typer.BadParameter("give an id, or --due")
    platform = from_environment()
    if due:
        with platform.reading() as work:
            subjects = [one for one, _ in all_due(work)]
    else:
        subjects = [str(subject)]
    for one in subjects:
        try:
            done = erase(platform, one, reason)
        except Problem as problem:
            if due and problem.code == "not_found":
                continue  # erased together with one before it
            typer.echo(f"{problem.code}: {problem.detail}", err=True)
            raise typer.Exit(REFUSED) from None
        typer.echo(json.dumps({"subject": done.subject, "keys": list(done.keys)}))
