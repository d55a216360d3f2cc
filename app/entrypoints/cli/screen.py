"""`bidscreen screen`: dossiers in, one explained line each."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.core.facts.policy import Policy
    from app.examination.screening.run import LoadedList


class Format(StrEnum):
    """Output formats."""

    JSONL = "jsonl"
    XLSX = "xlsx"
    PARQUET = "parquet"


class AssuranceOption(StrEnum):
    """Whose word is taken."""

    DECLARED = "declared"
    DOCUMENTED = "documented"


Paths = Annotated[
    list[Path] | None, typer.Argument(metavar="PATH…", help="Dossier folders, folders of them, .json or .jsonl files.")
]
Organizations = Annotated[
    Path | None, typer.Option("--organizations", metavar="FILE", help="Instead of PATH: bidders as CSV or Parquet.")
]
Roster = Annotated[Path | None, typer.Option("--roster", metavar="FILE", help="Their staff, as CSV or Parquet.")]
Certificates = Annotated[
    Path | None, typer.Option("--certificates", metavar="FILE", help="The staff's certificates, as CSV or Parquet.")
]
Form = Annotated[
    Format | None, typer.Option("--format", help="Default: jsonl, or parquet where --out ends so.", show_default=False)
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
    paths: Paths = None,
    policy: PolicyName = "suzhou-current",
    as_of: AsOf = None,
    assurance: AssuranceOption = AssuranceOption.DECLARED,
    credit_list: Lists = None,
    organizations: Organizations = None,
    roster: Roster = None,
    certificates: Certificates = None,
    format: Form = None,
    out: Out = None,
    jobs: Jobs = 1,
    resume: Resume = False,
) -> None:
    """Screen dossiers: one line each. Status 0 all read, 3 some could not be read, 2 wrong usage."""
    from app.entrypoints.cli.screen_run import Asked, ListOptions, ScreenCommand, WrongUsage

    try:
        command = ScreenCommand.of(
            asked=Asked(paths or (), organizations, roster, certificates),
            policy=policy,
            as_of=as_of,
            assurance=assurance,
            lists=ListOptions(credit_list or [], _kept_lists),
            jobs=jobs,
        )
        refused = command.write(format or _form_of(out), out, resume)
    except WrongUsage as error:
        typer.echo(f"bidscreen screen: {error}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(3 if refused else 0)


def _form_of(out: Path | None) -> Format:
    return Format.PARQUET if out is not None and out.suffix == ".parquet" else Format.JSONL


def _kept_lists(policy: "Policy", as_of: date) -> "dict[str, LoadedList]":
    """Usable snapshots of the data directory; none where there is no database yet: screening does not make one."""
    from app.platform.settings import Settings

    settings = Settings()
    if settings.embedded and not (settings.data_dir / "bidscreen.db").exists():
        return {}
    from app.entrypoints.bootstrap import from_environment
    from app.evidence.credit.service import consulted
    from app.examination.screening.run import LoadedList

    platform = from_environment()
    with platform.work() as work:
        found = consulted(work, policy, as_of).lists.items()
    platform.engine.dispose()  # the processes of --jobs are forks: they inherit no connection
    return {name: LoadedList(name, one.snapshot, one.retrieved_on, one) for name, one in found if one}
