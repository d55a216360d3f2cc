"""Bids on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.bids.stated import Differs
from app.core.procedure.qualification import BidState, Ground
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Amount, Chars, Id, Score
from app.tendering.bids.tables import Bid

Reason = Annotated[str, Chars(1, 2_000)]


class BidIn(Input):
    """A bid as read out at the opening 开标: price in yuan, null where none was stated.

    `deduction` is the share deducted from the price for comparison (财库〔2020〕46号), `offered` the quantity offered where
    the scheme scores that.
    """

    lot: Annotated[Id, Field(alias="lotId")]
    organization: Annotated[Id, Field(alias="organizationId")]
    price: Amount | None
    deduction: Annotated[Score, Field(lt=1)] = Decimal(0)
    offered: Score | None = None


class BidChange(Input):
    """A decision on the bid, or a price correction (财政部令第87号 第五十九条), with the reason."""

    state: Literal["valid", "invalid"] | None = None
    ground: Ground | None = None
    price: Amount | None = None
    reason: Reason

    @model_validator(mode="after")
    def _something(self) -> Self:
        if (self.state == "invalid") != (self.ground is not None) or self.ground is Ground.QUALIFICATION:
            raise PydanticCustomError(
                "ground", "A ground is expected with `invalid`, and only there; `qualification` comes from one"
            )
        if self.state is None and self.price is None:
            raise PydanticCustomError("nothing", "`state` or `price` is expected")
        return self


class BidWarning(Output):
    """A difference between a bid's contents and the bidder's uploads at the deadline; an officer judges it."""

    code: Differs
    stated: str
    found: str | None


class BidOut(OfTender):
    """A bid; its ETag shows `version`."""

    id: str
    tender_id: str
    lot_id: str
    organization_id: str
    organization_name: str
    price: Amount | None
    deduction: str
    offered: str | None
    state: BidState
    ground: Ground | None
    reason: str | None
    warnings: list[BidWarning] = Field(
        description="Where its contents state other documents, or another dossier version, than were uploaded in time"
    )
    version: int
    created_at: datetime

    @classmethod
    def of(cls, bid: Bid) -> Self:
        """Build from its row."""
        return cls(
            id=bid.id,
            tender_id=bid.tender_id,
            lot_id=bid.lot_id,
            organization_id=bid.organization_id,
            organization_name=bid.organization_name,
            price=bid.price,
            deduction=bid.deduction,
            offered=bid.offered,
            state=BidState(bid.state),
            ground=Ground(bid.ground) if bid.ground else None,
            reason=bid.reason,
            warnings=[BidWarning.model_validate(one) for one in bid.warnings],
            version=bid.version,
            created_at=bid.created_at,
        )
