"""`audit export`, `verify`, `checkpoint`, `public-key` and `verifier`."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

audit = typer.Typer(no_args_is_help=True, help="Export and verify the audit trail; sign its checkpoints.")
Out = Annotated[Path | None, typer.Option(help="Output file (default: standard output).")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.add_typer(audit, name="audit")


@audit.command()
def export(out: Out = None) -> None:
    """Export the whole trail, its checkpoints and the public key as JSON lines."""
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
    """Return the file, or standard output, which stays open."""
    import sys

    if out is None:
        return nullcontext(sys.stdout.buffer)
    try:
        return out.open("wb")
    except OSError as error:
        raise typer.BadParameter(f"the file cannot be written: {error.strerror}", param_hint="--out") from None


@audit.command()
def verify(
    export: Annotated[Path | None, typer.Argument(help="An export (default: the instance's database).")] = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="The folder of the sink, or a log that contains its lines.")
    ] = None,
    public_key: Annotated[list[Path] | None, typer.Option(help="PEM file of a trusted public key.")] = None,
) -> None:
    """Verify the hash chains and name the first broken event. Exit status 0: intact, 3: broken."""
    if export is None:
        _verify_here()
        return
    from app.platform.audit.offline.command import main

    given = [str(export), *(f"--public-key={key}" for key in public_key or ())]
    raise typer.Exit(main(given + ([f"--checkpoints={checkpoints}"] if checkpoints else [])))


def _verify_here() -> None:
    from app.administration.trail.schemas import AuditReport
    from app.entrypoints.bootstrap import from_environment
    from app.platform.audit.verify import verify as read_again

    platform = from_environment()
    with platform.work() as work:
        report = AuditReport.of(read_again(work.session, keys={platform.signer.key_id: platform.signer.public}))
    platform.engine.dispose()
    typer.echo(report.model_dump_json(by_alias=True, indent=2))
    if not report.intact:
        raise typer.Exit(3)


@audit.command()
def checkpoint() -> None:
    """Sign a checkpoint if there are new events, and send missing ones to the sinks. Exit status 3 if a sink fails."""
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


@audit.command(name="alarms")
def show_alarms() -> None:
    """List what endangers the proof of the trail: sinks, checkpoints, chains, clock. Exit status 3 if there is anything."""
    from app.administration.trail.alarms import alarms
    from app.entrypoints.bootstrap import from_environment
    from app.entrypoints.cli.terminal.json_io import REFUSED, answer

    platform = from_environment()
    with platform.reading() as work:
        found = alarms(work.session, platform, work.now)
    platform.engine.dispose()
    answer({"alarms": [{"code": one.code, "detail": one.detail} for one in found]})
    if found:
        raise typer.Exit(REFUSED)


@audit.command(name="public-key")
def public_key() -> None:
    """Print the public key of the checkpoints (PEM). Give it to verifiers once, through a separate channel."""
    from app.entrypoints.bootstrap import from_environment

    typer.echo(from_environment().signer.public_pem().decode("ascii"), nl=False)


@audit.command()
def verifier(out: Out = None) -> None:
    """Write the stand-alone verifier: one file that needs only Python and `cryptography`."""
    from app.platform.audit.offline.single_file import single_file

    with _target(out) as target:
        target.write(single_file())
