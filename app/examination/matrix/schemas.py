"""The matrix on the wire."""

from datetime import date, datetime

from app.core.facts.outcome import Outcome, Verdict
from app.core.procedure.qualification import BidState
from app.platform.web.schema import OfTender, Output


class Label(Output):
    """A label in Chinese and English."""

    zh: str
    en: str


class Column(Output):
    """A requirement of the tender's policy; `minimum` for counts."""

    requirement: str
    title: Label
    minimum: int | None


class Cell(Output):
    """The outcome of a requirement in a bidder's newest screening: numbers for headcounts, reason codes, number of
    evidence items.
    """

    requirement: str
    outcome: Outcome
    observed: int | None
    required: int | None
    doubtful: int | None
    evidence: int
    reasons: list[str]


class BidInLot(Output):
    """A bid of the bidder, and its state."""

    lot_id: str
    bid: str
    state: BidState


class Row(Output):
    """A bidder; before its first screening, `screening` and `verdict` are null and `cells` is empty."""

    organization_id: str
    name: str
    screening: str | None
    verdict: Verdict | None
    score: str | None
    as_of: date | None
    screened_at: datetime | None
    cells: list[Cell]
    open_leads: int
    blocking_leads: int
    open_candidates: int
    bids: list[BidInLot]


class MatrixOut(OfTender):
    """Bidders × requirements, bidders ordered by id.

    `openLeads` counts undecided integrity leads, `blockingLeads` those that block a qualification (实施条例 第十八条),
    `openCandidates` the credit-list entries that await a reviewer's judgement in the newest screening.
    """

    tender_id: str
    policy: str
    columns: list[Column]
    rows: list[Row]
