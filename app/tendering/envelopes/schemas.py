"""Sealed bids and the opening on the wire."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field

from app.core.bids.prices import Inconsistency
from app.core.bids.reading import receipt_hash
from app.core.procedure.qualification import BidState
from app.core.values.money_words import Stated
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Amount, Chars, Id, Sha256, whole
from app.tendering.bids.schemas import BidWarning
from app.tendering.envelopes.age import RECIPIENT
from app.tendering.envelopes.pins import fingerprint, key_hash, wraps_hash
from app.tendering.envelopes.tables import Envelope, Opening

Reason = Annotated[str, Chars(1, 2_000)]
CustodianName = Annotated[str, Chars(1, 80)]
AgeKey = Annotated[str, Chars(62, 62, RECIPIENT)]
Base64 = Annotated[str, Chars(4, 20_000, r"^[A-Za-z0-9+/]+={0,2}$")]


class CustodianIn(Input):
    """A custodian 密钥保管人 and its public key."""

    name: CustodianName
    recipient: AgeKey


class WrapIn(Input):
    """The tender's private key encrypted for one subset of custodians; the first removes the outermost layer."""

    custodians: Annotated[list[CustodianName], Field(min_length=2, max_length=9)]
    wrap: Base64
    layers: Annotated[
        list[Sha256],
        Field(
            min_length=2,
            max_length=9,
            description="Hash of what each custodian finds inside its layer; the last is that of the tender's key",
        ),
    ]


class KeyIn(Input):
    """The output of `bidscreen keys ceremony`."""

    public_key: AgeKey
    commitment: Sha256
    threshold: Annotated[int, whole(2, 9)]
    custodians: Annotated[list[CustodianIn], Field(min_length=2, max_length=9)]
    wraps: Annotated[list[WrapIn], Field(min_length=1, max_length=126)]


class TenderKeyIn(Input):
    """The output of the last custodian's `bidscreen keys peel`; used in this request only, never stored."""

    identity: Annotated[str, Chars(1, 200)]
    draw_secret: Annotated[str, Chars(1, 200)]


class TrialAnswerIn(Input):
    """The output of `bidscreen keys prove`: a custodian's answer to its trial value, and the fingerprint it confirms."""

    custodian: CustodianName
    answer: Sha256


class TrialOut(Output):
    """A random value that the service sealed to a custodian's key; the answer shows that the custodian can open it."""

    custodian: str
    trial: str
    proved_at: datetime | None


class TrialsOut(Output):
    """The trial of every custodian."""

    trials: list[TrialOut]


class ConfirmationIn(Input):
    """The bidder's written answer to a corrected price (财政部令第87号 第五十九条)."""

    envelope: Id
    confirmed: bool
    answer: Reason


class CustodianOut(Output):
    """A custodian and its public key."""

    name: str
    recipient: str


class ListedEnvelope(Output):
    """An envelope as published at the deadline, without its bidder."""

    receipt: str
    lot: str
    sha256: str
    receipt_sha256: Annotated[
        str, Field(description="Hash of the bidder's whole receipt: its number, hash, lot and time")
    ]


class PriceCorrectionOut(Output):
    """A corrected inconsistency in a price; yuan."""

    rule: Inconsistency
    stated: str
    corrected: str
    line: int | None


class OpenedEnvelope(Output):
    """An opened bid: name, price, how the price was derived, and the proof against receipt and list."""

    envelope: str
    receipt: str
    lot: str
    organization: str
    organization_name: str
    bid: str
    price: Amount | None
    price_status: Stated
    sheet_words: str | None
    sheet_figures: str | None
    corrections: list[PriceCorrectionOut]
    offered: str | None
    sha256: str
    received_at: Annotated[str, Field(description="Arrival of the last byte, as on the receipt")]
    contents: Annotated[
        str | None, Field(description="The decrypted contents without padding: price and sums follow from it")
    ]
    contents_bytes: Annotated[int | None, Field(description="Length of the contents with their padding")]
    contents_sha256: str | None
    nonce: str | None
    differences: list[BidWarning]
    fault: str | None


class FailedLot(Output):
    """A lot with too few envelopes: all are returned unopened."""

    lot: str
    envelopes: int


class OpeningOut(OfTender):
    """State of the opening. List and failed lots from the deadline on; record, secret and seed after the opening."""

    tender_id: str
    public_key: str
    fingerprint: Annotated[
        str, Field(description="Of the public key, as in the tender's notice; compare it before sealing")
    ]
    key_sha256: Annotated[str, Field(description="Hash of the whole key ceremony, which a checkpoint outside states")]
    wraps_sha256: str
    commitment: str
    threshold: int
    custodians: list[CustodianOut]
    closed_at: datetime | None
    envelopes: list[ListedEnvelope] | None
    list_sha256: str | None
    failed_lots: list[FailedLot] | None
    opened_at: datetime | None
    record: list[OpenedEnvelope] | None
    record_sha256: Annotated[str | None, Field(description="Hash of the record, which a checkpoint outside states")]
    draw_secret: str | None
    draw_seed: str | None
    version: int

    @classmethod
    def of(cls, row: Opening) -> Self:
        """Build from its row."""
        listed: dict[str, Any] = row.listed or {}
        return cls.model_validate(
            {
                "tenderId": row.tender_id,
                "publicKey": row.public_key,
                "fingerprint": fingerprint(row.public_key),
                "keySha256": key_hash(_ceremony(row)),
                "wrapsSha256": wraps_hash(row.wraps),
                "commitment": row.commitment,
                "threshold": row.threshold,
                "custodians": row.custodians,
                "closedAt": row.closed_at,
                "envelopes": [ListedEnvelope(**one) for one in listed["envelopes"]] if listed else None,
                "listSha256": row.list_sha256,
                "failedLots": listed.get("failedLots"),
                "openedAt": row.opened_at,
                "record": row.record,
                "recordSha256": row.record_sha256,
                "drawSecret": row.draw_secret,
                "drawSeed": row.draw_seed,
                "version": row.version,
            }
        )


def _ceremony(row: Opening) -> dict[str, Any]:
    shown = {"publicKey": row.public_key, "commitment": row.commitment, "threshold": row.threshold}
    return {**shown, "custodians": row.custodians, "wraps": row.wraps}


class WrapOut(Output):
    """A wrap, as input of `bidscreen keys peel`."""

    custodians: list[str]
    wrap: str
    layers: list[str]


class WrapsOut(Output):
    """Every wrap of the tender's key."""

    wraps: list[WrapOut]


class EnvelopeOut(OfTender):
    """An envelope and its receipt 签收回执: random number, hash of the bytes, time of arrival."""

    id: str
    tender_id: str
    lot_id: str
    organization_id: str
    receipt: str
    sha256: str
    received_at: datetime
    receipt_sha256: str
    state: BidState
    price_needs_confirmation: bool

    @classmethod
    def of(cls, row: Envelope) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            tender_id=row.tender_id,
            lot_id=row.lot_id,
            organization_id=row.organization_id,
            receipt=row.receipt,
            sha256=row.sha256,
            received_at=row.received_at,
            receipt_sha256=receipt_hash(
                row.tender_id, row.lot_id, row.receipt, row.sha256, row.received_at.isoformat()
            ),
            state=BidState(row.state),
            price_needs_confirmation=bool(row.price_read and row.price_read["corrections"])
            and row.price_confirmed is None,
        )
