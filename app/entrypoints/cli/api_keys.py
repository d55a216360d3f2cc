"""`api-keys create`, `list` and `revoke`."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

keys = typer.Typer(no_args_is_help=True, help="Create, list and revoke API keys.")


class RoleName(StrEnum):
    """The roles, repeated here so that `--help` loads nothing else."""

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
    role: Annotated[RoleName, typer.Option(help="The key's role.")],
    name: Annotated[str, typer.Option(help="What the key is used for.")] = "command line",
    organization: Annotated[str | None, typer.Option(help="The organization's id (role bidder).")] = None,
    lot: Annotated[list[str] | None, typer.Option(help="A lot's id; repeat for each lot (role evaluator).")] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="A scope such as tenders:read; repeat for each scope (role client).")
    ] = None,
    expires: Annotated[datetime | None, typer.Option(help="Expiry time (UTC).")] = None,
) -> None:
    """Create an API key and print it. It cannot be shown again."""
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
    """List all keys without their secrets, one JSON object per line."""
    from app.administration.api_keys.schemas import ApiKeyOut
    from app.administration.api_keys.service import listing
    from app.entrypoints.bootstrap import from_environment

    with from_environment().work() as work:
        for key in work.session.scalars(listing()):
            typer.echo(ApiKeyOut.of(key).model_dump_json(by_alias=True))


@keys.command()
def revoke(key: Annotated[str, typer.Argument(help="The key's id (key_…) or its prefix.")]) -> None:
    """Revoke a key immediately."""
    from app.administration.api_keys.service import by_name
    from app.administration.api_keys.service import revoke as end
    from app.entrypoints.bootstrap import from_environment
    from app.platform.problems import NotFound

    try:
        with from_environment().work() as work:
            end(work, by_name(work, key).id)
    except NotFound:
        typer.echo("no such API key", err=True)
        raise typer.Exit(2) from None
    typer.echo("revoked")
