"""`bidscreen check`: the invariants of all stored data."""

import typer

MOST_SHOWN = 20


def register(cli: typer.Typer) -> None:
    """Add `check`."""
    cli.command("check")(check)


def check() -> None:
    """Check the invariants of the stored data. Exit status 0: all hold, 3: some are violated."""
    import app.entrypoints.features  # noqa: F401  every table is known
    from app.administration.check.rules import broken
    from app.entrypoints.bootstrap import from_environment
    from app.entrypoints.cli.terminal.json_io import REFUSED, answer

    platform = from_environment()
    with platform.work() as work:
        found = list(broken(work.session, keys={platform.signer.key_id: platform.signer.public}))
    platform.engine.dispose()
    shown = [{"id": one.id, "says": one.says, "broken": list(ids[:MOST_SHOWN])} for one, ids in found]
    answer({"holds": not any(ids for _, ids in found), "invariants": shown})
    if any(ids for _, ids in found):
        raise typer.Exit(REFUSED)
