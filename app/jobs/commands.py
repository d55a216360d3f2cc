"""`worker`."""

import typer


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.command()(worker)


def worker() -> None:
    """Carry out jobs beside the service; as many at once as BIDSCREEN_JOBS says."""
    import signal
    import threading

    from app.bootstrap import build
    from app.database.migrate import upgrade
    from app.features import JOB_HANDLERS
    from app.jobs.worker import Workers
    from app.settings import Settings
    from app.web.logs import configure

    settings = Settings()
    configure(settings)
    platform = build(settings)
    upgrade(platform.engine)
    ended = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: ended.set())
    workers = Workers(platform, JOB_HANDLERS, max(1, settings.jobs))
    workers.start()
    ended.wait()
    workers.stop()
