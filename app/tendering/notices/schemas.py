"""Notices and amendments on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from app.platform.web.schema import Input, OfTender
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


class NoticeOut(OfTender):
    """A notice; `organizationId` is null for a notice to all."""

    id: str
    tender_id: str
    kind: Literal["amendment", "award_result", "own_result", "lot_failed", "opening_key"]
    organization_id: str | None
    content: Any
    created_at: datetime

    @classmethod
    def of(cls, row: Notice) -> Self:
        """Build from its row."""
        return cls.model_validate(row)
