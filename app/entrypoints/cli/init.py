"""`bidscreen init`: create an instance with its data directory, settings file, secret key and first administrator."""

from pathlib import Path
from typing import Annotated

import typer

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="Data directory of the new instance; empty or missing.")]
Admin = Annotated[str, typer.Option("--admin", metavar="LOGIN", help="Login name of the first administrator.")]
Name = Annotated[str, typer.Option("--name", help="The administrator's full name.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port that `serve` will listen on.")]

_SETTINGS = """\
# Settings of this instance: `bidscreen --instance DIR …` reads them; environment variables win.
# docs/settings.md lists all of them.
BIDSCREEN_HOST=127.0.0.1
BIDSCREEN_PORT={port}
# Required wherever real tenders run:
# BIDSCREEN_TOTP_REQUIRED=true
# The names under which the service is called, behind a proxy that terminates TLS:
# BIDSCREEN_TRUSTED_HOSTS=["tenders.agency.example"]
# For plain HTTP on a local machine only:
# BIDSCREEN_COOKIE_SECURE=false
"""


def register(cli: typer.Typer) -> None:
    """Add `init`."""
    cli.command()(init)


def init(directory: Directory, admin: Admin = "admin", name: Name = "admin", port: Port = 8000) -> None:
    """Create an instance in DIR and print the first administrator's one-time password.

    Exit status 0: created, 2: the directory is not empty or the login name is invalid.

    Example: bidscreen init /srv/tenders --admin zhang.wei --name 张伟
    """
    from app.entrypoints.instance import SETTINGS_FILE, use

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        typer.echo(f"bidscreen init: {directory} is not empty; an instance in it is used with --instance", err=True)
        raise typer.Exit(2)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = directory / SETTINGS_FILE
    file.touch(mode=0o600)
    file.write_text(_SETTINGS.format(port=port), "utf-8")
    use(directory)

    from app.administration.users.service import create_admin
    from app.entrypoints.cli.users import give_out

    made = give_out(lambda work: create_admin(work, admin, name))
    typer.echo(f"instance       {directory.absolute()}")
    typer.echo(f"settings       {file.absolute()}")
    typer.echo(f"secret key     {directory.absolute() / 'secret.key'} (keep a copy apart from the backups)")
    typer.echo(f"administrator  {admin}")
    typer.echo(f"password       {made} (to be changed at the first log-in)")
    typer.echo(f"next           bidscreen --instance {directory} serve")
