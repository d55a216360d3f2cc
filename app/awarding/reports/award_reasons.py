"""Explain each award in a sentence: rank, deciding criterion, and bidders passed over because of a limit."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.awarding.reports import labels
from app.awarding.reports.results import Language, Report, Result, ranking_of


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One lot of an award list; winner, price and total are None if there is no winner."""

    lot: str
    winner: str | None
    total: str | None
    price: str | None
    reason: str


def award_lines(report: Report, language: Language) -> list[AwardLine]:
    """Return the award list in the order of the rankings, then the other lots of the scenario."""
    if report.awards is None:
        return []
    assigned = {entry["lot"]: entry for entry in report.awards["assignment"]}
    unassigned = {entry["lot"]: entry for entry in report.awards["unassigned"]}
    order = dict.fromkeys([*(ranking["lot"] for ranking in report.rankings), *assigned, *unassigned])
    return [_line(report, lot, assigned.get(lot), unassigned.get(lot), language) for lot in order]


def _line(report: Report, lot: str, award: Result | None, gap: Result | None, language: Language) -> AwardLine:
    if award is None:
        return AwardLine(report.lot(lot), None, None, None, _why_not(report, lot, gap, language))
    row = _row(report, lot, award["bid"])
    reason = "" if row is None else "；".join(_reasons(report, lot, row, language))
    return AwardLine(
        lot=report.lot(lot),
        winner=report.bidder(award["bidder"]),
        total=row["total"] if row else None,
        price=report.prices.get(award["bid"]),
        reason=reason if language == "zh" else reason.replace("；", "; "),
    )


def _row(report: Report, lot: str, bid: str) -> Result | None:
    ranking = ranking_of(report, lot)
    return next((row for row in ranking["rows"] if row["bid"] == bid), None) if ranking else None


def _reasons(report: Report, lot: str, row: Result, language: Language) -> Iterator[str]:
    yield labels.rank(row["rank"], language)
    yield labels.word(f"decided_by_{row['decidedBy']}", language)
    ranking = ranking_of(report, lot)
    passed = [other for other in ranking["rows"] if other["rank"] < row["rank"]] if ranking else []
    if passed:
        names = "、".join(report.bidder_of(other["bid"]) for other in passed)
        rule = report.awards["rule"] if report.awards else ""
        yield labels.passed_over(names, rule, language)


def _why_not(report: Report, lot: str, gap: Result | None, language: Language) -> str:
    ranking = ranking_of(report, lot)
    if ranking is not None and ranking["status"] == "failed":
        return labels.word(ranking["reason"] or "failed", language)
    if gap is None:
        return labels.word("not_assigned", language)
    reason = labels.word(gap["reason"], language)
    limits = "、".join(report.bidder(bidder) for bidder in gap.get("limits", ()))
    return f"{reason}（{limits}）" if limits else reason
