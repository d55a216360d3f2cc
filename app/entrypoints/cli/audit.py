"""`audit export`, `verify`, `checkpoint`, `public-key` and `verifier`."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

audit = typer.Typer(no_args_is_help=True, help="Export the audit trail, prove it, and sign checkpoints of it.")
Out = Annotated[Path | None, typer.Option(help="The file to write; without it, standard output.")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.add_typer(audit, name="audit")


@audit.command()
def export(out: Out = None) -> None:
    """Write the whole trail, its checkpoints and the public key as JSON lines."""
    from app.entrypoints.bootstrap import from_environment
    from app.platform.audit.export import export as lines
    from app.platform.database.engine import snapshot
    from app.platform.database.session import make_session

    platform = from_environment()
    with make_session(snapshot(platform.engine), platform.clock()) as session, _target(out) as target:
        for line in lines(session, platform.signer):
            target.write(line + b"\n")
    platform.engine.dispose()


def _target(out: Path | None) -> AbstractContextManager[BinaryIO]:
    """The file, or standard output, which is left open."""
    import sys

    if out is None:
        return nullcontext(sys.stdout.buffer)
    try:
        return out.open("wb")
    except OSError as error:
        raise typer.BadParameter(f"the file cannot be written: {error.strerror}", param_hint="--out") from None


@audit.command()
def verify(
    export: Annotated[Path | None, typer.Argument(help="An export; without it the database itself is read.")] = None,
    checkpoints: Annotated[Path | None, typer.Option(help="The sink's folder, or a log with its lines.")] = None,
    public_key: Annotated[list[Path] | None, typer.Option(help="PEM file of a key to trust.")] = None,
) -> None:
    """Read the chains again and say where one is broken. Status 0 it holds, 3 it does not."""
    if export is None:
        _verify_here()
        return
    from app.platform.audit.offline import main

    given = [str(export), *(f"--public-key={key}" for key in public_key or ())]
    raise typer.Exit(main(given + ([f"--checkpoints={checkpoints}"] if checkpoints else [])))


def _verify_here() -> None:
    from app.administration.trail.schemas import AuditReport
    from app.entrypoints.bootstrap import from_environment
    from app.platform.audit.verify import verify as read_again

    platform = from_environment()
    with platform.work() as work:
        report = AuditReport.of(read_again(work.session))
    platform.engine.dispose()
    typer.echo(report.model_dump_json(by_alias=True, indent=2))
    if not report.intact:
        raise typer.Exit(3)


@audit.command()
def checkpoint() -> None:
    """Sign a checkpoint now if anything has happened, and hand the sinks what they lack. Status 3 where one fails."""
    from app.administration.trail.delivery import Delivery
    from app.administration.trail.service import sink_states
    from app.entrypoints.bootstrap import from_environment

    platform = from_environment()
    Delivery(platform).tick(at_once=True)
    with platform.work() as work:
        states = sink_states(work)
    platform.engine.dispose()
    for state in states:
        typer.echo(state.model_dump_json(by_alias=True))
    if any(state.waiting for state in states):
        raise typer.Exit(3)


@audit.command(name="public-key")
def public_key() -> None:
    """Print the public key of the checkpoints (PEM); hand it to those who verify, once and by another way."""
    from app.entrypoints.bootstrap import from_environment

    typer.echo(from_environment().signer.public_pem().decode("ascii"), nl=False)


@audit.command()
def verifier(out: Out = None) -> None:
    """Write the stand-alone verifier, one file that needs Python and `cryptography` only."""
    from app.platform.audit import offline

    with _target(out) as target:
        target.write(Path(offline.__file__).read_bytes())
