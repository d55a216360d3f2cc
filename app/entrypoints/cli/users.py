"""`users create-admin`, `create`, `list`, `disable`, `reset`, `set-password`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.administration.users.service import GivenOut
    from app.platform.unit_of_work import UnitOfWork

users = typer.Typer(no_args_is_help=True, help="Create, list and disable user accounts.")


class PersonRole(StrEnum):
    """The roles of people, repeated here so that `--help` loads nothing else."""

    officer = "officer"
    evaluator = "evaluator"
    bidder = "bidder"
    auditor = "auditor"
    admin = "admin"


Login = Annotated[str, typer.Argument(help="The login name, or the account's id (usr_…).")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.add_typer(users, name="users")


@users.command("create-admin")
def create_admin(login: Login, name: Annotated[str, typer.Option(help="The person's full name.")] = "admin") -> None:
    """Create the first administrator and print a one-time password. Fails if there is an administrator already."""
    from app.administration.users.service import create_admin as make

    typer.echo(give_out(lambda work: make(work, login, name)))


@users.command()
def create(
    login: Login,
    role: Annotated[PersonRole, typer.Option(help="The account's role.")],
    name: Annotated[str, typer.Option(help="The person's full name.")],
    organization: Annotated[str | None, typer.Option(help="The organization's id (role bidder).")] = None,
    lot: Annotated[list[str] | None, typer.Option(help="A lot's id; repeat for each lot (role evaluator).")] = None,
) -> None:
    """Create an account and print its one-time password."""
    from app.administration.users.schemas import UserIn
    from app.administration.users.service import create as make

    given = {"login": login, "name": name, "role": role.value, "organizationId": organization, "lots": lot or []}
    typer.echo(give_out(lambda work: make(work, UserIn.model_validate_json(_json(given)))))


@users.command("list")
def list_users() -> None:
    """List all accounts, one JSON object per line."""
    from app.administration.users.schemas import UserOut
    from app.administration.users.service import listing

    with _work() as work:
        for user in work.session.scalars(listing()):
            typer.echo(UserOut.of(user).model_dump_json(by_alias=True))


@users.command()
def disable(login: Login) -> None:
    """Disable an account immediately and end its sessions."""
    from app.administration.users.schemas import UserChange
    from app.administration.users.service import by_name, change

    with _work() as work:
        change(work, by_name(work, login), UserChange.model_validate({"disabled": True}))
    typer.echo("disabled")


@users.command()
def reset(login: Login) -> None:
    """Print a new one-time password; remove the second factor and end all sessions."""
    from app.administration.users.service import by_name
    from app.administration.users.service import reset as renew

    typer.echo(give_out(lambda work: renew(work, by_name(work, login).id)))


@users.command("set-password")
def set_password(login: Login) -> None:
    """Set a password that you choose, and end all sessions. It is prompted for, or read from standard input."""
    from app.administration.users.service import by_name
    from app.administration.users.service import set_password as renew

    if sys.stdin.isatty():
        password = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    with _work() as work:
        renew(work, by_name(work, login), password)
    typer.echo("password set")


def give_out(make: "Callable[[UnitOfWork], GivenOut]") -> str:
    """Create or reset an account in one unit of work; return its one-time password."""
    with _work() as work:
        made = make(work)
        work.flush()
    return made.password


@contextmanager
def _work() -> "Iterator[UnitOfWork]":
    """Yield a unit of work; each error is printed with its pointer, exit status 2."""
    from pydantic import ValidationError

    from app.entrypoints.bootstrap import from_environment
    from app.platform.problems import Problem

    try:
        with from_environment().work() as work:
            yield work
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            typer.echo(f"/{'/'.join(map(str, wrong['loc']))}: {wrong['msg']}", err=True)
        raise typer.Exit(2) from None
    except Problem as problem:
        for fault in problem.faults:
            typer.echo(f"{fault.pointer}: {fault.detail}", err=True)
        if not problem.faults:
            typer.echo(problem.detail, err=True)
        raise typer.Exit(2) from None


def _json(value: object) -> str:
    import json

    return json.dumps(value)
