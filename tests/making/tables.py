"""Tables of docs/audit.md that a test measures: it fails where the page says something else.

`make attack-table` (WRITE_TABLES=1) writes what was measured into the page.
"""

import os
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"


def require(name, head, rows):
    """Fail unless the page holds exactly this table between its two marks."""
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(begin)
    held, _, after = rest.partition(end)
    counted = f"{len(rows)} of {len(rows)} found.\n\n{table}"
    if os.environ.get("WRITE_TABLES"):
        PAGE.write_text(f"{before}{begin}\n\n{counted}\n\n{end}{after}", "utf-8")
        return
    assert held.strip() == counted, f"docs/audit.md: run `make attack-table`\n{counted}"
