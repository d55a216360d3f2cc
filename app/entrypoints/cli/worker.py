"""`bidscreen worker`: run background jobs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.platform.jobs.kinds import JobKind


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.command()(worker)


def worker(
    kinds: Annotated[
        str | None,
        typer.Option(help="Only these, separated by commas: ocr, lists, screening, integrity, duties, or full names."),
    ] = None,
) -> None:
    """Run jobs beside the service, BIDSCREEN_JOBS at a time, on this machine or any other that reaches the database."""
    import signal
    import threading
    from contextlib import nullcontext

    import structlog

    from app.entrypoints.bootstrap import from_environment
    from app.entrypoints.core_dumps import forbid_core_dumps
    from app.entrypoints.features import JOB_KINDS
    from app.entrypoints.instance import described
    from app.platform.database.in_use import in_use
    from app.platform.web.logs import configure

    only = _named(kinds, JOB_KINDS)
    forbid_core_dumps()
    platform = from_environment(announced=False)
    configure(platform.settings)
    structlog.get_logger("bidscreen.instance").info("working", instance=described(platform.settings))
    ended = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: ended.set())
    workers = platform.queue.workers(platform, JOB_KINDS, max(1, platform.settings.jobs), only)
    with in_use(platform.settings.data_dir) if platform.settings.embedded else nullcontext():
        workers.start()
        ended.wait()
        workers.stop()


def _named(kinds: str | None, known: "Mapping[str, JobKind]") -> tuple[str, ...] | None:
    """Return the kinds that the names stand for, a lane or a kind each; None if nothing is named."""
    if kinds is None:
        return None
    names = [one.strip() for one in kinds.split(",")]
    lanes = {kind.lane for kind in known.values()}
    strange = [one for one in names if one not in lanes and one not in known]
    if strange:
        raise typer.BadParameter(f"{', '.join(strange)}: known are {', '.join(sorted(lanes))}", param_hint="--kinds")
    return tuple(sorted(name for name, kind in known.items() if name in names or kind.lane in names))
