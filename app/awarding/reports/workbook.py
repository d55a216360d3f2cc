"""`report.xlsx`: matrix, reasons, staff, rankings and awards as sheets.

Every text is written as text, which prevents formula injection; ID numbers are masked unless the report unmasks them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter

from app.awarding.reports import labels
from app.awarding.reports.award_reasons import award_lines
from app.awarding.reports.results import Language, Report, Result, organization_name, staff_person
from app.awarding.reports.terminal_tables import ranking_notes
from app.core.eligibility.explain import staff_reasons
from app.core.values.id_spellings import mask_spellings
from app.core.values.identity import masked_id

CELL_LIMIT = 32_767
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 (fixed: the same results give the same bytes)
COLOURS = {"met": "#C6EFCE", "not_met": "#FFC7CE", "undetermined": "#FFEB9C"}
MARKS = {"met": "✔", "not_met": "✘", "undetermined": "?"}
Value = str | int | Decimal | None
Row = tuple[Value, ...]


def report_workbook(report: Report, language: Language = "zh") -> bytes:
    """Return the workbook; a sheet for each part that the report has results for, at least the matrix."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": "bidscreen", "created": CREATED})
        sheets = _Sheets(book, language)
        sheets.matrix(report)
        sheets.add(
            "reasons",
            ("dossier", "bidder", "requirement", "outcome", "code", "reason", "pointer", "legal_basis"),
            _reasons(report, language),
        )
        if any(screening.get("staff") for screening in report.screenings):
            sheets.add(
                "staff",
                ("dossier", "bidder", "pointer", "name", "resident_id", "full_time", "social_worker", "reason"),
                _staff(report, language),
            )
        if report.rankings:
            sheets.add(
                "rankings",
                ("lot", "rank", "bidder", "price", "price_score", "total", "decided_by"),
                _rankings(report, language),
            )
        if report.awards is not None:
            sheets.add("awards", ("lot", "winner", "total", "price", "reason"), _awards(report, language))
    return buffer.getvalue()


class _Sheets:
    """Sheets with a frozen bold head, a filter and columns as wide as their text."""

    def __init__(self, book: xlsxwriter.Workbook, language: Language) -> None:
        self._book = book
        self._language = language
        self._head = book.add_format(
            {"num_format": "@", "bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True}
        )
        self._text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._number = book.add_format({"num_format": "General", "valign": "top"})
        self._outcomes = {
            outcome: book.add_format({"bg_color": colour, "align": "center", "num_format": "@"})
            for outcome, colour in COLOURS.items()
        }

    def add(self, name: str, columns: Iterable[str], rows: Iterable[Row]) -> None:
        """Add a sheet of rows under these column headings."""
        sheet = self._book.add_worksheet(labels.word(name, self._language))
        titles = [labels.word(column, self._language) for column in columns]
        self._write_head(sheet, titles)
        last, widths = 0, [len(title) * 2 for title in titles]
        for last, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self._write(sheet, last, column, value)
                widths[column] = max(widths[column], _width(value))
        sheet.autofilter(0, 0, last, len(titles) - 1)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(60, width + 2))

    def matrix(self, report: Report) -> None:
        """Add the matrix of bidders by requirements."""
        sheet = self._book.add_worksheet(labels.word("matrix", self._language))
        ids = report.requirement_ids
        words = [labels.word(word, self._language) for word in ("dossier", "bidder", "verdict", "score")]
        self._write_head(sheet, [*words, *(report.requirement(requirement) for requirement in ids)])
        for row, screening in enumerate(report.screenings, 1):
            verdict = labels.word(str(screening.get("verdict", "error")), self._language)
            first = (screening["dossier"], organization_name(screening), verdict, _decimal(screening.get("score")))
            for column, value in enumerate(first):
                self._write(sheet, row, column, value)
            answers = {answer["id"]: answer for answer in screening.get("requirements", ())}
            for column, requirement in enumerate(ids, len(words)):
                if requirement in answers:
                    self._outcome(sheet, row, column, answers[requirement])
        sheet.set_column(0, 1, 36)
        sheet.set_column(2, len(words) - 1 + len(ids), 12)

    def _outcome(self, sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, answer: Result) -> None:
        mark = MARKS[answer["outcome"]]
        if answer.get("observed") is not None:
            mark += f" {answer['observed']}/{answer['required']}"
        sheet.write_string(row, column, mark, self._outcomes[answer["outcome"]])

    def _write_head(self, sheet: xlsxwriter.worksheet.Worksheet, titles: list[str]) -> None:
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, self._head)
        sheet.freeze_panes(1, 1)

    def _write(self, sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, value[:CELL_LIMIT], self._text)
        elif value is not None:
            sheet.write_number(row, column, value, self._number)


def _width(value: Value) -> int:
    """Chinese characters are two columns wide."""
    return sum(1 + (char > "\u2e7f") for char in str(value)) if value is not None else 0


def _decimal(value: str | None) -> Decimal | None:
    return Decimal(value) if value else None


def _reasons(report: Report, language: Language) -> Iterator[Row]:
    for screening in report.screenings:
        name = organization_name(screening)
        if "error" in screening:
            error = screening["error"]
            unread = labels.word("error", language)
            yield screening["dossier"], name, "", unread, error["code"], error["message"], error["pointer"], ""
        for answer in screening.get("requirements", ()):
            basis = "；".join(answer.get("legalBasis", ()))
            for reason in answer["reasons"]:
                yield (
                    screening["dossier"],
                    name,
                    report.requirement(answer["id"]),
                    labels.word(answer["outcome"], language),
                    reason["code"],
                    reason["message"][language],
                    reason["pointer"],
                    basis,
                )


def _staff(report: Report, language: Language) -> Iterator[Row]:
    for screening in report.screenings:
        for entry in screening.get("staff", ()):
            person = staff_person(report, screening, entry["pointer"])
            name, number = person.get("name"), person.get("residentId")
            if not report.unmask:
                name, number = name and mask_spellings(name), masked_id(number)
            yield (
                screening["dossier"],
                organization_name(screening),
                entry["pointer"],
                name,
                number,
                labels.word(entry["fullTime"], language),
                labels.word(entry["socialWorker"], language),
                "；".join(getattr(one, language) for one in staff_reasons(entry["codes"], entry.get("missing", ()))),
            )


def _rankings(report: Report, language: Language) -> Iterator[Row]:
    for ranking in report.rankings:
        lot = report.lot(ranking["lot"])
        for row in ranking["rows"]:
            yield (
                lot,
                row["rank"],
                report.bidder_of(row["bid"]),
                _decimal(report.prices.get(row["bid"])),
                _decimal(row["priceScore"]),
                _decimal(row["total"]),
                labels.word(f"decided_by_{row['decidedBy']}", language),
            )
        for note in ranking_notes(report, ranking, language):
            yield lot, None, note, None, None, None, None


def _awards(report: Report, language: Language) -> Iterator[Row]:
    for line in award_lines(report, language):
        winner = line.winner or labels.word("none", language)
        yield line.lot, winner, _decimal(line.total), _decimal(line.price), line.reason
