"""`backup` and `restore`."""

import json
from pathlib import Path
from typing import Annotated

import typer

REFUSED = 3


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.command()(backup)
    cli.command()(restore)


def backup(
    target: Annotated[Path, typer.Argument(help="The archive to create, for example 2026-05-31.tar.")],
    with_secret: Annotated[
        bool, typer.Option("--with-secret", help="Include the secret key: the archive alone then reveals everything.")
    ] = False,
) -> None:
    """Back up database and files into one archive, still encrypted. The service may keep running."""
    from app.administration.backup.making import back_up
    from app.entrypoints.bootstrap import from_environment, key_source

    if target.exists():
        typer.echo(f"{target}: the file exists already", err=True)
        raise typer.Exit(2)
    platform = from_environment()
    secret = "\n".join(key_source(platform.settings).secrets()) if with_secret else None
    try:
        manifest = back_up(platform, target, secret)
    except OSError as error:
        typer.echo(f"{target}: {error.strerror or 'cannot be written'}", err=True)
        raise typer.Exit(REFUSED) from None
    if secret is None:
        typer.echo(
            f"the archive cannot be read without the secret {manifest.key}: keep a copy of it elsewhere", err=True
        )
    typer.echo(json.dumps({"archive": str(target), "members": len(manifest.members), "key": manifest.key}))


def restore(archive: Annotated[Path, typer.Argument(help="An archive written by `backup`.")]) -> None:
    """Restore an archive into an empty instance. Repeat later erasures afterwards (docs/privacy.md)."""
    from app.administration.backup.archive import ArchiveBroken
    from app.administration.backup.restoring import CannotRestore, inspected, place_secret
    from app.administration.backup.restoring import restore as put_back
    from app.entrypoints.bootstrap import build, from_environment, key_file
    from app.platform.database.key_sources import SecretUnavailable
    from app.platform.settings import Settings

    settings = Settings()
    try:
        manifest = inspected(archive, settings)
        place_secret(archive, manifest, key_file(settings))
        bare = build(settings)
        files = put_back(bare, archive, manifest)
        bare.engine.dispose()
    except (ArchiveBroken, CannotRestore, SecretUnavailable) as error:
        typer.echo(f"{archive}: {error}", err=True)
        raise typer.Exit(REFUSED) from None
    from_environment()  # records it
    typer.echo(json.dumps({"madeAt": manifest.made_at, "files": files}))
