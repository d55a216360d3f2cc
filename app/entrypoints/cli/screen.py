"""`bidscreen screen`: read dossiers, write one explained result line each."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.entrypoints.cli.terminal.formats import Format
from app.entrypoints.cli.terminal.progress import Shown

if TYPE_CHECKING:
    from app.core.facts.policy import Policy
    from app.evidence.credit.consulted import ListConsulted, Searchable


class AssuranceOption(StrEnum):
    """Basis of the facts: the bidder's declaration, or its documents."""

    DECLARED = "declared"
    DOCUMENTED = "documented"


Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH…", help="Dossier folders, folders of dossier folders, .json or .jsonl files."),
]
Organizations = Annotated[
    Path | None,
    typer.Option("--organizations", metavar="FILE", help="Instead of PATH: organizations as CSV or Parquet."),
]
Roster = Annotated[Path | None, typer.Option("--roster", metavar="FILE", help="Their staff, as CSV or Parquet.")]
Certificates = Annotated[
    Path | None, typer.Option("--certificates", metavar="FILE", help="The staff's certificates, as CSV or Parquet.")
]
Form = Annotated[
    Format | None, typer.Option("--format", help="Default: by the name of --out, else jsonl.", show_default=False)
]
PolicyName = Annotated[str, typer.Option("--policy", metavar="ID|FILE", help="A preset, or a policy in YAML.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Day of assessment; required unless the policy states a bid deadline."
    ),
]
Lists = Annotated[
    list[str] | None,
    typer.Option("--credit-list", metavar="NAME=FILE[@DATE]", help="A credit list, and the day it was retrieved."),
]
Mappings = Annotated[
    list[str] | None,
    typer.Option("--mapping", metavar="[NAME=]F", help="A mapping file for a list with other headings."),
]
OutFile = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Output file: .jsonl, .csv, .parquet or .xlsx (default: standard output)."
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, max=64, help="Number of processes.")]
Resume = Annotated[
    bool, typer.Option("--resume", help="Keep the lines in --out and add the missing ones (JSON lines only).")
]

Unmask = Annotated[bool, typer.Option("--unmask", help="Show unmasked ID numbers in a workbook.")]
Progress = Annotated[
    Shown, typer.Option("--progress", help="Progress: a bar on a terminal (auto), plain lines, or none.")
]


def register(cli: typer.Typer) -> None:
    """Add `screen`."""
    cli.command("screen")(screen)


def screen(
    paths: Paths = None,
    policy: PolicyName = "suzhou-current",
    as_of: AsOf = None,
    assurance: AssuranceOption = AssuranceOption.DECLARED,
    credit_list: Lists = None,
    mapping: Mappings = None,
    organizations: Organizations = None,
    roster: Roster = None,
    certificates: Certificates = None,
    format: Form = None,
    out: OutFile = None,
    jobs: Jobs = 1,
    resume: Resume = False,
    unmask: Unmask = False,
    progress: Progress = Shown.AUTO,
) -> None:
    """Screen dossiers: one result line each, and a summary on standard error.

    Exit status 0: all dossiers were read, 3: some could not be read, 2: wrong usage, 130: interrupted.

    Examples:

      bidscreen screen dossiers/ --as-of 2026-05-20 --credit-list court-dishonest=list.csv@2026-05-19

      bidscreen screen dossiers/ --as-of 2026-05-20 --assurance documented --out verdicts.xlsx

      bidscreen screen --organizations bidders.csv --roster staff.csv --as-of 2026-05-20 --out verdicts.parquet
    """
    from app.entrypoints.cli.screening.output import format_of
    from app.entrypoints.cli.screening.run import Asked, ListOptions, Out, ScreenCommand
    from app.entrypoints.cli.terminal.usage import WrongUsage

    try:
        command = ScreenCommand.of(
            asked=Asked(paths or (), organizations, roster, certificates),
            policy=policy,
            as_of=as_of,
            assurance=assurance,
            lists=ListOptions(credit_list or [], _kept_lists, mapping or []),
            jobs=jobs,
        )
        status = command.write(Out(out, format_of(out, format), resume, unmask, progress))
    except WrongUsage as error:
        typer.echo(f"bidscreen screen: {error}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(status)


def _kept_lists(policy: "Policy", as_of: date) -> "dict[str, ListConsulted[Searchable]]":
    """Return usable snapshots of the data directory; none where there is no database yet: screening does not create
    one.
    """
    from app.platform.settings import Settings

    settings = Settings()
    if settings.embedded and not (settings.data_dir / "bidscreen.db").exists():
        return {}
    from app.entrypoints.bootstrap import from_environment
    from app.evidence.credit.service import consulted

    platform = from_environment()
    with platform.work() as work:
        found = consulted(work, policy, as_of).lists.items()
    platform.engine.dispose()  # the processes of --jobs are forks and must not inherit a connection
    return {name: one for name, one in found if one}
