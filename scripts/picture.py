"""Draw docs/demo.svg, the picture in the README, from the demo's results (`make picture`)."""

import inspect
import re
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME

from app.awarding.reports.terminal_tables import awards_table, ranking_table, requirements_matrix
from app.sample.demo.demo import run_demo

PICTURE = Path(__file__).parent.parent / "docs" / "demo.svg"
WIDTH = 118
SHOWN_LOT = "浒墅关开发区"  # a tie on total and price

# The picture loads nothing from elsewhere; viewers have a monospaced font.
_TEMPLATE = str(inspect.signature(Console.export_svg).parameters["code_format"].default)
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", _TEMPLATE, flags=re.DOTALL)
FORMAT = FORMAT.replace("Fira Code", "ui-monospace").replace("font-variant-east-asian: full-width;", "")


def main() -> None:
    """Run the demo in a temporary folder and draw its tables."""
    with tempfile.TemporaryDirectory() as folder:
        report = run_demo(Path(folder), lambda text: print(text, file=sys.stderr))
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    shown = next(ranking for ranking in report.rankings if report.lot(ranking["lot"]) == SHOWN_LOT)
    console.print(requirements_matrix(report), ranking_table(report, shown), awards_table(report))
    picture = console.export_svg(title="bidscreen demo", theme=SVG_EXPORT_THEME, code_format=FORMAT, unique_id="demo")
    PICTURE.write_text(picture, "utf-8")


if __name__ == "__main__":
    main()
