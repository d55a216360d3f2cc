"""Seal an offer for one lot; this runs on the bidder's machine, never on the server."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.core.bids.prices import Line, PriceForm, PriceRead, Said, read_price
from app.core.bids.sealing import Contents, SealRefused, written
from app.core.values.money import NumberError, decimal_of
from app.tendering.envelopes import age


@dataclass(frozen=True, slots=True)
class Offer:
    """The bidder's offer as written; `items` are `QUANTITY*PRICE`."""

    tender: str
    lot: str
    bidder: str
    dossier_version: str = ""
    price: str | None = None
    words: str | None = None
    unit: str = "1"
    items: tuple[str, ...] = ()
    offered: str | None = None


@dataclass(frozen=True, slots=True)
class SealedOffer:
    """The envelope, its contents and their hash (record and receipt must match), and the price as it will be read."""

    envelope: bytes
    contents: bytes
    contents_sha256: str
    nonce: str
    read: PriceRead

    @property
    def sha256(self) -> str:
        """The envelope's SHA-256, in hexadecimal."""
        return hashlib.sha256(self.envelope).hexdigest()

    def shown(self) -> dict[str, Any]:
        """Return the data that the bidder keeps with its receipt."""
        price = None if self.read.price is None else str(self.read.price)
        return {
            "sha256": self.sha256,
            "contentsSha256": self.contents_sha256,
            "nonce": self.nonce,
            "price": {"status": self.read.status, "yuan": price},
            "inconsistencies": [one.rule for one in self.read.corrections],
        }


def sealed(offer: Offer, tender_key: str, documents: Iterable[bytes] = ()) -> SealedOffer:
    """Encrypt the offer with the tender's public key. Errors: SealRefused."""
    nonce = secrets.token_hex(32)
    form = _form(offer)
    hashes = tuple(hashlib.sha256(one).hexdigest() for one in documents)
    try:
        offered = None if offer.offered is None else decimal_of(offer.offered)
    except NumberError as error:
        raise SealRefused("offered_malformed", str(error)) from error
    contents = Contents(offer.tender, offer.lot, offer.bidder, offer.dossier_version, form, hashes, nonce, offered)
    text = written(contents)
    return SealedOffer(age.seal(text, tender_key), text, hashlib.sha256(text).hexdigest(), nonce, read_price(form))


def _form(offer: Offer) -> PriceForm:
    try:
        lines = tuple(_line(item) for item in offer.items)
        unit = decimal_of(offer.unit)
    except NumberError as error:
        raise SealRefused("number_malformed", str(error)) from error
    if unit <= 0:
        raise SealRefused("number_malformed", "A unit above 0 is expected")
    return PriceForm(Said(offer.words, offer.price, unit), Said(), lines)


def _line(item: str) -> Line:
    quantity, _, price = item.partition("*")
    return Line(decimal_of(quantity), decimal_of(price))
