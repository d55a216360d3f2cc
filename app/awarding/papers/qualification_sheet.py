"""资格审查表 of a lot: each bidder by each requirement, the officer's decision, the reasons with their legal basis.

财政部令第87号 第四十四条: the purchaser or its agency examines the bidders' qualification after the opening.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.awarding.papers.paper import Cell, Column, Head, Paper, Table
from app.awarding.papers.words import word
from app.awarding.reports.results import Language


@dataclass(frozen=True, slots=True)
class Examined:
    """A bidder, the officer's decision (`active`, `unsuccessful`), and the screening that it cites.

    `answers` maps requirement → answer as on the wire; `reason` is the officer's.
    """

    bidder: str
    proposal: str
    decision: str
    reason: str | None
    decided_on: date
    answers: Mapping[str, Mapping[str, Any]]


def qualification_sheet(head: Head, requirements: Sequence[tuple[str, str]], bidders: Sequence[Examined]) -> Paper:
    """Return the sheet; `requirements` are id and title in the order of the policy."""
    language = head.language
    return Paper(
        title=word("qualification_sheet", language),
        subject=f"{head.tender_title} {head.lot_name}",
        decided_at=head.decided_at,
        fields=[
            (word("tender", language), head.tender_title),
            (word("tender_id", language), head.tender_id),
            (word("lot", language), head.lot_name),
        ],
        tables=[
            _matrix(requirements, bidders, language),
            _decisions(bidders, language),
            _reasons(requirements, bidders, language),
        ],
        signatures=[word("reviewer", language), word("supervisor", language), word("decided_on", language)],
        practice=head.practice,
        wide=True,
        language=language,
    )


def _matrix(requirements: Sequence[tuple[str, str]], bidders: Sequence[Examined], language: Language) -> Table:
    columns = [
        Column(word("number", language), "number"),
        Column(word("bidder", language), width=3),
        *(Column(title, width=1) for _, title in requirements),
        Column(word("decision", language), width=1),
    ]
    rows = [
        [
            number,
            one.bidder,
            *(_outcome(one.answers.get(name), language) for name, _ in requirements),
            word(one.decision, language),
        ]
        for number, one in enumerate(bidders, 1)
    ]
    return Table(word("matrix_title", language), columns, rows)


def _outcome(answer: Mapping[str, Any] | None, language: Language) -> Cell:
    """Return 符合, for a headcount with its number: 符合 9/8."""
    if answer is None:
        return None
    found = word(answer["outcome"], language)
    return found if answer.get("observed") is None else f"{found} {answer['observed']}/{answer['required']}"


def _decisions(bidders: Sequence[Examined], language: Language) -> Table:
    columns = [
        Column(word("number", language), "number"),
        Column(word("bidder", language), width=3),
        Column(word("proposal", language), width=1),
        Column(word("decision", language), width=1),
        Column(word("reason", language), width=4),
        Column(word("decided_on", language), "date"),
    ]
    rows = [
        [number, one.bidder, word(one.proposal, language), word(one.decision, language), one.reason, one.decided_on]
        for number, one in enumerate(bidders, 1)
    ]
    return Table(word("decisions_title", language), columns, rows)


def _reasons(requirements: Sequence[tuple[str, str]], bidders: Sequence[Examined], language: Language) -> Table:
    columns = [
        Column(word("bidder", language), width=3),
        Column(word("requirement", language), width=2),
        Column(word("outcome", language), width=1),
        Column(word("reason", language), width=5),
        Column(word("legal_basis", language), width=3),
    ]
    return Table(word("reasons_title", language), columns, list(_reason_rows(requirements, bidders, language)))


def _reason_rows(
    requirements: Sequence[tuple[str, str]], bidders: Sequence[Examined], language: Language
) -> Iterator[list[Cell]]:
    joined = "；" if language == "zh" else "; "
    for one in bidders:
        for name, title in requirements:
            answer = one.answers.get(name)
            if answer is not None and answer["outcome"] != "met":
                reasons = joined.join(reason["message"][language] for reason in answer["reasons"])
                basis = joined.join(answer.get("legalBasis", ()))
                yield [one.bidder, title, word(answer["outcome"], language), reasons, basis]
