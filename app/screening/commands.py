"""`bidscreen screen`: dossiers in, one explained line each."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """Output formats."""

    JSONL = "jsonl"
    XLSX = "xlsx"


class AssuranceOption(StrEnum):
    """Whose word is taken."""

    DECLARED = "declared"
    DOCUMENTED = "documented"


Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH…", help="Dossier folders, folders of them, .json or .jsonl files.")
]
PolicyName = Annotated[str, typer.Option("--policy", metavar="ID|FILE", help="A preset, or a policy in YAML.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The day that counts (default: the bid deadline).")
]
Lists = Annotated[list[str] | None, typer.Option("--credit-list", metavar="NAME=FILE", help="A credit list, CSV.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here instead of standard output.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, max=64, help="Processes to work with.")]
Resume = Annotated[bool, typer.Option("--resume", help="Keep the lines that --out has already, add those that lack.")]


def register(cli: typer.Typer) -> None:
    """Add `screen`."""
    cli.command("screen")(screen)


def screen(
    paths: Paths,
    policy: PolicyName = "suzhou-current",
    as_of: AsOf = None,
    assurance: AssuranceOption = AssuranceOption.DECLARED,
    credit_list: Lists = None,
    format: Format = Format.JSONL,
    out: Out = None,
    jobs: Jobs = 1,
    resume: Resume = False,
) -> None:
    """Screen dossiers: one line each. Status 0 all read, 3 some could not be read, 2 wrong usage."""
    from app.screening.command_run import ScreenCommand, WrongUsage

    try:
        command = ScreenCommand.of(
            paths=paths, policy=policy, as_of=as_of, assurance=assurance, lists=credit_list or [], jobs=jobs
        )
        refused = command.write(format, out, resume)
    except WrongUsage as error:
        typer.echo(f"bidscreen screen: {error}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(3 if refused else 0)
