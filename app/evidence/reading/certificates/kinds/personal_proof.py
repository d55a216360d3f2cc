"""Insurance proofs of one person: name and number at the top, a table of kinds of insurance and months below."""

import re
from typing import Any

from app.evidence.reading.certificates.kind import KindReading, Region, RowFinding, best
from app.evidence.reading.certificates.kinds.insurance_rows import KINDS, Months, marked, roles_of, runs_of, spans_of
from app.evidence.reading.layout.page import hull
from app.evidence.reading.layout.pieces import Piece
from app.evidence.reading.layout.printed_tables import Column, Table, find_tables
from app.evidence.reading.text import values
from app.evidence.reading.text.characters import compact
from app.evidence.reading.text.dates import find_dates

Paid = dict[str, list[tuple[str, str]]]  # by kind of insurance: runs of months
_BEGIN = re.compile(r"起始|开始|始|(?<!止)起(?!止)")
_END = re.compile(r"终止|截止|截至|结束|末|(?<!起)止")


def personal_table(region: Region) -> Table | None:
    """Return the table of one person's months, or None where the page has none."""
    return next(iter(find_tables(region.layout, _is_heading)), None)


def _is_heading(texts: list[str]) -> bool:
    roles = roles_of([Column(t, 0, 0) for t in texts])
    dated = roles.span is not None or roles.begin is not None or roles.end is not None
    return roles.name is None and (len(roles.single) > 1 or (roles.kinds is not None and dated))


def read_personal(reading: KindReading, region: Region, table: Table, found: dict[str, list[Piece]]) -> None:
    """Read one row for the person, or one for each run of months where kinds of insurance were paid for different ones."""
    person, number = (
        best(found[f], r) if f in found else None
        for f, r in (("name", values.person), ("residentId", values.resident_id))
    )
    if person is None and number is None:
        return
    paid = _by_columns(table) if roles_of(table.columns).single else _by_rows(table)
    boxes = [piece.box for piece, _ in filter(None, (person, number))] + [row.piece.box for row in table.rows]
    score = min([p.score for p, _ in filter(None, (person, number))] + [row.piece.score for row in table.rows])
    who: dict[str, Any] = {
        "name": person[1].value if person else None,
        "residentId": number[1].value if number else None,
    }
    at = ((region.page, number[0].box),) if number else ()
    rows: dict[tuple[str, str], list[str]] = {}
    for kind in KINDS:
        for run in paid.get(kind, ()):
            rows.setdefault(run, []).append(kind)
    if not rows:
        reading.reasons.append(("row_incomplete", "the months of the person cannot be read"))
        rows = {}
    for (first, last), kinds in sorted(rows.items()):
        reading.rows.append(
            RowFinding(who | {"kinds": kinds, "from": first, "to": last}, region.page, hull(boxes), score, at)
        )


def _by_columns(table: Table) -> Paid:
    """Read a table with a column for each kind: rows state where the months begin and end, or there is a row for each
    month.
    """
    roles = roles_of(table.columns)
    edges: dict[str, dict[str, str | None]] = {}
    paid: Paid = {}
    for row in table.rows:
        label = compact("".join(row.text(i) for i in range(len(table.columns)) if i not in roles.single.values()))
        for kind, column in roles.single.items():
            text = row.text(column)
            if _BEGIN.search(label) or _END.search(label):
                edges.setdefault(kind, {})["from" if _BEGIN.search(label) else "to"] = _one_month(text)
            elif dates := find_dates(label):
                if marked(text) or re.search(r"[1-9]", text):
                    paid.setdefault(kind, []).append((str(dates[0].month), str(dates[-1].month)))
            elif len(find_dates(text)) > 1:
                paid.setdefault(kind, []).extend((a, b) for a, b in _known(spans_of(text)))
    for kind, edge in edges.items():
        if edge.get("from") and edge.get("to"):
            paid.setdefault(kind, []).append((str(edge["from"]), str(edge["to"])))
    return {kind: _joined(runs) for kind, runs in paid.items()}


def _by_rows(table: Table) -> Paid:
    """Read a table with a row for each kind, or for some kinds and a month."""
    roles, paid = roles_of(table.columns), Paid()
    for row in table.rows:
        named = [kind for kind in KINDS if kind in compact(row.text(roles.kinds))]
        for kind in named:
            paid.setdefault(kind, []).extend(_known(runs_of(row, roles)))
    return {kind: _joined(runs) for kind, runs in paid.items()}


def _known(runs: list[Months | None]) -> list[tuple[str, str]]:
    return [(run[0], run[1]) for run in runs if run and run[0] and run[1]]


def _joined(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return _known(spans_of("、".join(f"{a}至{b}" for a, b in runs))) if runs else []


def _one_month(text: str) -> str | None:
    found = find_dates(text)
    return found[0].month if len(found) == 1 else None
