"""`credit import` and `credit match`."""

from pathlib import Path
from typing import Annotated

import typer

credit = typer.Typer(no_args_is_help=True, help="Credit lists: import snapshots, match names and codes.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The list's name in policies: court-dishonest, …")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSON lines, XLSX or Parquet; CSV also gzipped.")]
Retrieved = Annotated[
    str | None, typer.Option("--retrieved-at", metavar="DATE", help="The day it was retrieved (default: today).")
]
Coverage = Annotated[str | None, typer.Option("--coverage", help="What the list covers.")]
SourceOption = Annotated[str | None, typer.Option("--source", help="The source of the list.")]
Mapping = Annotated[Path | None, typer.Option("--mapping", metavar="F", help="A mapping file for other column names.")]
AllowEmpty = Annotated[bool, typer.Option("--allow-empty", help="The list is known to have no entries.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The cut-off day (default: today).")]
Lists = Annotated[str | None, typer.Option("--lists", metavar="A,B", help="The lists to search (default: all).")]
PolicyName = Annotated[str, typer.Option("--policy", metavar="ID|FILE", help="Threshold, most candidates, age.")]
Queries = Annotated[Path, typer.Argument(metavar="QUERIES|-", help="CSV or JSON lines with id, name, uscc.")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.add_typer(credit, name="credit")


@credit.command("import")
def import_list(
    name: Name,
    file: File,
    retrieved_at: Retrieved = None,
    coverage: Coverage = None,
    source: SourceOption = None,
    mapping: Mapping = None,
    allow_empty: AllowEmpty = False,
) -> None:
    """Import a list as an immutable snapshot. Exit status 0: all rows were read, 3: some (or the file) could not be, 2:
    wrong usage.
    """
    from app.entrypoints.bootstrap import from_environment
    from app.entrypoints.cli.credit_lists.importing import ImportCommand
    from app.entrypoints.cli.credit_lists.options import WrongUsage

    try:
        command = ImportCommand.of(name, file, retrieved_at, (source, coverage), mapping, allow_empty=allow_empty)
        status = command.run(from_environment())
    except WrongUsage as error:
        typer.echo(f"bidscreen credit import: {error}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(status)


@credit.command("match")
def match(queries: Queries, as_of: AsOf = None, lists: Lists = None, policy: PolicyName = "suzhou-current") -> None:
    """Match names and codes: one JSON line each, in input order. Exit status 3 if a query could not be read."""
    from app.entrypoints.bootstrap import from_environment
    from app.entrypoints.cli.credit_lists.matching import run
    from app.entrypoints.cli.credit_lists.options import WrongUsage

    try:
        status = run(from_environment(), queries, as_of, lists.split(",") if lists else None, policy)
    except WrongUsage as error:
        typer.echo(f"bidscreen credit match: {error}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(status)
