"""Rosters (花名册) printed to PDF or scanned: the table on the page is read with the rules for spreadsheets."""

import re
from collections.abc import Sequence

from app.evidence.reading.certificates.kind import KindReading, Region, RowFinding, says
from app.evidence.reading.certificates.kinds.insurance_rows import number_places
from app.evidence.reading.layout.labels import Labels
from app.evidence.reading.layout.printed_tables import Column, Row, Table, find_tables, over_the_edge
from app.evidence.reading.limits import Limits
from app.evidence.reading.rosters.headers import Role, classify
from app.evidence.reading.rosters.importer import read_sheets
from app.evidence.reading.rosters.spreadsheet import Sheet
from app.evidence.reading.text.values import whole_id


class PrintedRoster:
    """A list of staff; the headings may be repeated on every page, or appear only on the first."""

    name = "roster"
    title = ""
    many_pages = True
    begins_anew = False
    labels: Labels | None = None
    anchor = ""
    required: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()

    def claims(self, text: str) -> float:
        """Claim pages with a title that contains roster, and roster headings; insurance proofs are excluded."""
        head = text[:150]
        if not says(head, "名册|人员名单|员工名单|人员一览表|人员信息表|人员情况表|工作人员表"):
            return 0.0
        known = ("姓名", "身份证|证件号", "岗位|职务", "合同|入职", "用工|专职|全职", "管理号|证书")
        headings = sum(says(text[:600], words) for words in known)
        proof = says(head, "参保缴费证明|缴费明细")
        return min(1.0, 0.35 + 0.15 * headings) if headings >= 3 and not proof else 0.0

    def read(self, regions: Sequence[Region]) -> KindReading:
        """Read every line of every page."""
        reading = KindReading()
        columns: list[Column] | None = None
        tables: list[tuple[Table, Region]] = []
        for region in regions:
            for table in find_tables(region.layout, _is_heading, columns):
                columns = table.columns
                if tables and table.rows and tables[-1][0].rows:
                    _mend_edge(tables[-1][0].rows[-1], table)
                tables.append((table, region))
        for table, region in tables:
            _read_lines(table, region, reading)
        if not reading.rows:
            reading.reasons.append(
                ("header_not_found", "no table with a name (姓名) and another known column was found")
            )
        return reading

    def check(self, reading: KindReading) -> None:
        """Require a complete identity number in every line of a picture; in a text layer, a number of 10 digits or more
        must not be truncated.
        """
        for row in reading.rows:
            number = row.values.get("residentId")
            cut = row.page.method == "ocr" or (number and re.fullmatch(r"\d{10,14}|\d{16}[\dX]?|\d{19,}X?", number))
            if cut and number and not re.fullmatch(r"\d{17}[\dX]", number):
                reading.reasons.append(("check_failed", "an identity number in a line cannot be read"))


def _is_heading(texts: list[str]) -> bool:
    roles = {role for role in map(classify, texts) if role and role is not Role.SERIAL}
    return Role.NAME in roles and len(roles) >= 3


def _mend_edge(last: Row, table: Table) -> None:
    """Join a row divided by the page break; `last` is the last row of the page before."""
    number = next((i for i, c in enumerate(table.columns) if classify(c.heading) is Role.RESIDENT_ID), None)
    if over_the_edge(last, table.rows[0], number, whole_id):
        del table.rows[0]


def _read_lines(table: Table, region: Region, reading: KindReading) -> None:
    """Read the table as a sheet, whose lines refer back to the rows on the page."""
    cells = (tuple(c.heading for c in table.columns), *(_texts(row, len(table.columns)) for row in table.rows))
    found = read_sheets([Sheet(f"page {region.page.number}", cells)], "", Limits())
    number = next((i for i, c in enumerate(table.columns) if classify(c.heading) is Role.RESIDENT_ID), None)
    for line in found.rows:
        row = table.rows[line["row"] - 2]
        place = row.piece
        values = {k: v for k, v in line.items() if k not in ("sheet", "row", "extra")}
        reading.rows.append(RowFinding(values, region.page, place.box, place.score, number_places(row, number, region)))
    reading.reasons += [
        (p.code, f"{p.message} (page {region.page.number})") for p in found.problems if p.code != "header_not_found"
    ]


def _texts(row: Row, width: int) -> tuple[str, ...]:
    return tuple(row.text(column) for column in range(width))
