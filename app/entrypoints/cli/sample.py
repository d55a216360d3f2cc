"""`sample` and `demo`: the files of the sample tender, and the demonstration."""

from pathlib import Path
from typing import Annotated

import typer

CONSOLE = "http://127.0.0.1:8000/console/login"


def register(cli: typer.Typer) -> None:
    """Add `sample` and `demo` to the command line."""

    @cli.command()
    def sample(out: Annotated[Path, typer.Option(help="Output folder; created if missing.")]) -> None:
        """Write the sample tender: nine lots, fourteen invented bidders, credit lists, bids and score sheets."""
        from app.sample.write import write_sample

        written = write_sample(out)
        typer.echo(f"{len(written.agencies)} dossiers, {len(written.files)} files below {out}")

    @cli.command()
    def demo(
        out: Annotated[Path, typer.Option(help="Folder for data, key and report; created if missing.")] = Path("demo"),
    ) -> None:
        """Take the sample tender through the whole procedure over HTTP and print the result."""
        from rich.console import Console

        from app.awarding.reports.terminal_tables import print_report
        from app.sample.demo.accounts import ACCOUNTS_FILE
        from app.sample.demo.demo import REPORT_FILE, run_demo
        from app.sample.demo.service import DemoFailed

        progress = Console(stderr=True, soft_wrap=True)
        out.mkdir(parents=True, exist_ok=True)
        try:
            report = run_demo(out, lambda text: progress.print(text, markup=False, highlight=False))
        except DemoFailed as failure:
            typer.echo(str(failure), err=True)
            raise typer.Exit(1) from None
        print_report(Console(), report)
        typer.echo(f"{out / REPORT_FILE}")
        typer.echo(
            f"\nConsole, once `make serve` runs: {CONSOLE}\nAccounts (demo only, also in {out / ACCOUNTS_FILE}):"
        )
        typer.echo((out / ACCOUNTS_FILE).read_text("utf-8").rstrip())
