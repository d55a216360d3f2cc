"""`bidscreen worker`: run background jobs."""

import typer


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.command()(worker)


def worker() -> None:
    """Run jobs beside the service, BIDSCREEN_JOBS at a time."""
    import signal
    import threading
    from contextlib import nullcontext

    import structlog

    from app.entrypoints.bootstrap import from_environment
    from app.entrypoints.core_dumps import forbid_core_dumps
    from app.entrypoints.features import JOB_KINDS
    from app.entrypoints.instance import described
    from app.platform.database.in_use import in_use
    from app.platform.jobs.worker import Workers
    from app.platform.web.logs import configure

    forbid_core_dumps()
    platform = from_environment(announced=False)
    configure(platform.settings)
    structlog.get_logger("bidscreen.instance").info("working", instance=described(platform.settings))
    ended = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: ended.set())
    workers = Workers(platform, JOB_KINDS, max(1, platform.settings.jobs))
    with in_use(platform.settings.data_dir) if platform.settings.embedded else nullcontext():
        workers.start()
        ended.wait()
        workers.stop()
