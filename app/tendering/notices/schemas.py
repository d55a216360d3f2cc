"""Notices and amendments on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from app.platform.web.schema import Input, OfTender, Output, Shaped
from app.platform.web.types import Chars, Instant
from app.tendering.notices.tables import Amendment, Notice


class AmendmentIn(Input):
    """A change of the documents; if it affects the bids, the deadline must be at least 15 days away."""

    text: Annotated[str, Chars(1, 20_000)]
    affects_bids: bool
    bid_deadline: Instant | None = None


class AmendmentOut(OfTender):
    """An amendment: a new version of the documents."""

    id: str
    tender_id: str
    number: int
    text: str
    affects_bids: bool
    deadline_before: datetime
    deadline_after: datetime
    terms_sha256: str
    published_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: Amendment) -> Self:
        """Build from its row."""
        return cls.model_validate(row)


class AmendmentContent(Output):
    """Of an amendment: its text, and the deadline before and after it."""

    number: int
    deadline_before: datetime
    deadline_after: datetime
    text: str
    affects_bids: bool


class AnnouncedAward(Output):
    """The result of a lot; no organization and no price where the lot was not awarded."""

    award: str
    lot_id: str
    state: str
    organization_id: str | None
    price: str | None
    reason: str | None


class AwardResultContent(Output):
    """Of the announcement of the result 中标（成交）结果公告."""

    lots: list[AnnouncedAward]


class OwnResultContent(Output):
    """Of the notice to an unsuccessful bidder: its own score and rank (财政部令第87号 第六十九条)."""

    lot_id: str
    bid: str
    state: str
    total: str | None
    rank: int | None


class LotFailedContent(Output):
    """Of a failed lot 废标: why there is no award."""

    lot_id: str
    reason: str | None


class OpeningKeyContent(Output):
    """Of the key of the sealed bids, to be compared before sealing."""

    public_key: str
    fingerprint: str
    custodians: list[str]
    threshold: int


NoticeContent = AmendmentContent | AwardResultContent | OwnResultContent | LotFailedContent | OpeningKeyContent


class NoticeOut(OfTender):
    """A notice; `organizationId` is null for a notice to all."""

    id: str
    tender_id: str
    kind: Literal["amendment", "award_result", "own_result", "lot_failed", "opening_key"]
    organization_id: str | None
    content: Annotated[Any, Shaped(NoticeContent)]
    created_at: datetime

    @classmethod
    def of(cls, row: Notice) -> Self:
        """Build from its row."""
        return cls.model_validate(row)
