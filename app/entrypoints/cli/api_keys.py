"""`api-keys create`, `list` and `revoke`."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

keys = typer.Typer(no_args_is_help=True, help="Make, list and end API keys.")


class RoleName(StrEnum):
    """The roles, spelled here so that `--help` needs no more of the service."""

    officer = "officer"
    evaluator = "evaluator"
    bidder = "bidder"
    auditor = "auditor"
    client = "client"
    admin = "admin"


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.add_typer(keys, name="api-keys")


@keys.command()
def create(
    role: Annotated[RoleName, typer.Option(help="What the key may do.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    organization: Annotated[str | None, typer.Option(help="The organization's id; for bidders.")] = None,
    lot: Annotated[list[str] | None, typer.Option(help="A lot's id, once for each; for evaluators.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="As tenders:read, once for each; for clients.")] = None,
    expires: Annotated[datetime | None, typer.Option(help="Until when it works (UTC).")] = None,
) -> None:
    """Make a key and print it, once."""
    from datetime import UTC

    from app.administration.api_keys.binding import Binding
    from app.administration.api_keys.service import create as make
    from app.entrypoints.bootstrap import from_environment
    from app.platform.access.roles import Role
    from app.platform.problems import Problem

    try:
        with from_environment().work() as work:
            until = expires.replace(tzinfo=UTC) if expires else None
            _, key = make(work, name, Binding(Role(role.value), organization, lot or (), scope or ()), until)
    except Problem as problem:
        for fault in problem.faults:
            typer.echo(f"{fault.pointer}: {fault.detail}", err=True)
        raise typer.Exit(2) from None
    typer.echo(key)


@keys.command(name="list")
def list_keys() -> None:
    """All keys, without their secrets, one JSON object a line."""
    from app.administration.api_keys.schemas import ApiKeyOut
    from app.administration.api_keys.service import listing
    from app.entrypoints.bootstrap import from_environment

    with from_environment().work() as work:
        for key in work.session.scalars(listing()):
            typer.echo(ApiKeyOut.of(key).model_dump_json(by_alias=True))


@keys.command()
def revoke(key: Annotated[str, typer.Argument(help="The key's id (key_…) or its prefix.")]) -> None:
    """End a key at once."""
    from app.administration.api_keys.service import by_name
    from app.administration.api_keys.service import revoke as end
    from app.entrypoints.bootstrap import from_environment
    from app.platform.problems import NotFound

    try:
        with from_environment().work() as work:
            end(work, by_name(work, key).id)
    except NotFound:
        typer.echo("there is no such key", err=True)
        raise typer.Exit(2) from None
    typer.echo("ended")
