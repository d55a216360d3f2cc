"""评标报告 of a lot: the ranking, every score of every member, excluded bids, each member's position.

财政部令第87号 第五十八条 (contents of the report), 第六十一条 (signatures and dissent).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.awarding.papers.paper import Cell, Column, Head, Paper, Table, shown
from app.awarding.papers.words import word
from app.awarding.reports.results import Language


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A stored ranking: input and result as on the wire, with its hash; names by bid, titles by factor.

    `stands` are member, position and dissent.
    """

    ranking: Mapping[str, Any]
    result: Mapping[str, Any]
    result_hash: str
    policy_sha256: str
    engine_version: str
    bidders: Mapping[str, str]
    factors: Mapping[str, str]
    stands: Sequence[tuple[str, str, str | None]]


def evaluation_report(head: Head, found: Evaluated) -> Paper:
    """Return the report with a line for each member's signature."""
    language = head.language
    ceiling = shown(Decimal(found.ranking["lot"]["ceiling"]), "money")
    return Paper(
        title=word("evaluation_report", language),
        subject=f"{head.tender_title} {head.lot_name}",
        decided_at=head.decided_at,
        fields=[
            (word("tender", language), head.tender_title),
            (word("tender_id", language), head.tender_id),
            (word("lot", language), head.lot_name),
            (word("ceiling", language), ceiling),
            (word("policy_sha256", language), found.policy_sha256),
            (word("result_hash", language), found.result_hash),
            (word("engine", language), found.engine_version),
        ],
        tables=[
            _ranking(found, language),
            _scores(found, language),
            _excluded(found, language),
            _stands(found, language),
        ],
        notes=list(_notes(found, language)),
        signatures=[f"{word('member', language)} {member}" for member, _, _ in found.stands],
        practice=head.practice,
        wide=True,
        language=language,
    )


def _ranking(found: Evaluated, language: Language) -> Table:
    columns = [
        Column(word("rank", language), "number"),
        Column(word("bidder", language), width=4),
        Column(word("price", language), "money", width=2),
        Column(word("price_score", language), "number", width=1),
        Column(word("total", language), "number", width=1),
        Column(word("decided_by", language), width=3),
    ]
    prices = {bid["id"]: bid["price"] for bid in found.ranking["bids"]}
    rows = [
        [
            row["rank"],
            found.bidders[row["bid"]],
            _decimal(prices[row["bid"]]),
            _decimal(row["priceScore"]),
            _decimal(row["total"]),
            word(f"decided_by_{row['decidedBy']}", language),
        ]
        for row in found.result["rows"]
    ]
    return Table(word("ranking_title", language), columns, rows)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _scores(found: Evaluated, language: Language) -> Table:
    columns = [
        Column(word("bidder", language), width=3),
        Column(word("member", language), width=1),
        *(Column(title, "number", width=1) for title in found.factors.values()),
        Column(word("sum", language), "number", width=1),
    ]
    return Table(word("scores_title", language), columns, list(_score_rows(found)))


def _score_rows(found: Evaluated) -> Iterator[list[Cell]]:
    """Yield each member's points for each ranked bid, in the order of the ranking."""
    scores = {bid["id"]: bid["scores"] for bid in found.ranking["bids"]}
    for row in found.result["rows"]:
        for member, points in sorted(scores[row["bid"]].items()):
            cells = [_decimal(points.get(factor)) for factor in found.factors]
            yield [found.bidders[row["bid"]], member, *cells, _decimal(row["memberTotals"][member])]


def _excluded(found: Evaluated, language: Language) -> Table:
    columns = [Column(word("bidder", language), width=3), Column(word("reason", language), width=5)]
    rows = [[found.bidders[one["bid"]], word(one["code"], language)] for one in found.result["excluded"]]
    return Table(word("excluded_title", language), columns, rows)


def _stands(found: Evaluated, language: Language) -> Table:
    columns = [
        Column(word("member", language), width=2),
        Column(word("stand", language), width=2),
        Column(word("dissent", language), width=5),
    ]
    rows = [[member, word(stand, language), dissent] for member, stand, dissent in found.stands]
    return Table(word("stands_title", language), columns, rows)


def _notes(found: Evaluated, language: Language) -> Iterator[str]:
    if found.result["status"] == "failed":
        yield word("failed_lot", language) + word(found.result["reason"], language)
    for one in found.result["warnings"]:
        named = found.bidders.get(one.get("bid") or "")
        yield f"{named}：{word(one['code'], language)}" if named else word(one["code"], language)
