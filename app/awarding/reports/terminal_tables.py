"""Terminal tables of requirements, rankings and awards."""

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from app.awarding.reports import labels
from app.awarding.reports.award_reasons import award_lines
from app.awarding.reports.results import Language, Report, Result, organization_name
from app.core.values.legible import legible

MARKS = {
    "met": Text("✔", "green"),
    "not_met": Text("✘", "bold red"),
    "undetermined": Text("?", "bold yellow"),
}
VERDICT_STYLES = {"eligible": "green", "ineligible": "bold red", "needs_review": "bold yellow"}


def _plain(text: object, style: str = "") -> Text:
    """Neutralise untrusted text: no markup, no control characters."""
    return Text(legible(str(text)), style)


def print_report(console: Console, report: Report, language: Language = "zh") -> None:
    """Print every table that the report has results for."""
    if report.screenings:
        console.print(requirements_matrix(report, language))
        console.print(reasons_table(report, language))
    for ranking in report.rankings:
        console.print(ranking_table(report, ranking, language))
    if report.awards is not None:
        console.print(awards_table(report, language))


def _table(title: str, columns: tuple[str, ...], language: Language) -> Table:
    """Return a table that folds cells and never truncates them: Chinese has no spaces to break at."""
    table = Table(title=_plain(title, "bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(labels.word(column, language), overflow="fold")
    return table


def requirements_matrix(report: Report, language: Language = "zh") -> Group:
    """Build the table of bidders by requirements: ✔ met, ✘ not met, ? undetermined; counts beside their marks, a legend
    below.
    """
    table = _table(labels.word("matrix", language), ("bidder",), language)
    ids = report.requirement_ids
    for number in range(1, len(ids) + 1):
        table.add_column(str(number), justify="center", no_wrap=True)
    table.add_column(labels.word("verdict", language), no_wrap=True)
    table.add_column(labels.word("score", language), justify="right", no_wrap=True)
    for screening in report.screenings:
        answers = {answer["id"]: answer for answer in screening.get("requirements", ())}
        table.add_row(
            _plain(organization_name(screening)),
            *(_mark(answers.get(requirement)) for requirement in ids),
            _verdict(screening, language),
            _plain(str(screening.get("score", ""))),
        )
    legend = "  ".join(f"{number}.{report.requirement(requirement)}" for number, requirement in enumerate(ids, 1))
    return Group(table, _plain(legend, "dim"), Text(""))


def _mark(answer: Result | None) -> Text:
    if answer is None:
        return Text("")
    mark = MARKS[answer["outcome"]].copy()
    if answer.get("observed") is not None:
        mark.append(f" {answer['observed']}/{answer['required']}")
    return mark


def _verdict(screening: Result, language: Language) -> Text:
    verdict = str(screening.get("verdict", "error"))
    return Text(labels.word(verdict, language), VERDICT_STYLES.get(verdict, "bold red"))


def reasons_table(report: Report, language: Language = "zh") -> Table:
    """Return every reason of a requirement that is not met or undetermined, and every dossier that could not be read."""
    table = _table(labels.word("reasons", language), ("bidder", "requirement", "reason"), language)
    for screening in report.screenings:
        name = organization_name(screening)
        if "error" in screening:
            table.add_row(_plain(name), "", _plain(str(screening["error"]["message"])))
        for answer in screening.get("requirements", ()):
            if answer["outcome"] != "met":
                for reason in answer["reasons"]:
                    title = report.requirement(answer["id"])
                    table.add_row(_plain(name), _plain(title), _plain(reason["message"][language]))
    return table


def ranking_table(report: Report, ranking: Result, language: Language = "zh") -> Group:
    """Build the tables of one lot: its rows, then excluded bids with reasons, then warnings."""
    columns = ("rank", "bidder", "price", "price_score", "total", "decided_by")
    table = _table(report.lot(ranking["lot"]), columns, language)
    for row in ranking["rows"]:
        table.add_row(
            str(row["rank"]),
            _plain(report.bidder_of(row["bid"])),
            _plain(report.prices.get(row["bid"], "")),
            row["priceScore"] or "",
            row["total"],
            labels.word(f"decided_by_{row['decidedBy']}", language),
        )
    notes = (_plain(f"  {note}", "dim") for note in ranking_notes(report, ranking, language))
    head = table if ranking["rows"] else _plain(report.lot(ranking["lot"]), "bold")
    return Group(head, *notes, Text(""))


def ranking_notes(report: Report, ranking: Result, language: Language) -> list[str]:
    """Notes on a ranking: failure, exclusions and warnings, by bidder name."""
    notes = []
    if ranking["status"] == "failed":
        notes.append(labels.word(ranking["reason"] or "failed", language))
    for entry in (*ranking["excluded"], *ranking["warnings"]):
        words = labels.word(entry["code"], language)
        bid = entry.get("bid")
        notes.append(f"{report.bidder_of(bid)}：{words}" if bid else words)
    return notes


def awards_table(report: Report, language: Language = "zh") -> Table:
    """Return the award list: lot, winner, total, price and why."""
    table = _table(labels.word("awards", language), ("lot", "winner", "total", "price", "reason"), language)
    for line in award_lines(report, language):
        winner = line.winner or labels.word("none", language)
        table.add_row(_plain(line.lot), _plain(winner), line.total or "", line.price or "", _plain(line.reason))
    return table
