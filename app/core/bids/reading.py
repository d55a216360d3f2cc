"""Read a decrypted envelope: its price, what is wrong with it, and the part of the public record that follows from it.

The opening records with these functions, and bidders, custodians and auditors recompute with the same ones.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.bids.prices import PriceRead, read_price
from app.core.bids.sealing import Contents, SealRefused, misplaced, read_contents
from app.core.values.canonical import canonical_json, sha256_hex

UNREADABLE = "envelope_unreadable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an envelope belongs: the tender, the lot, and the bidder that submitted it."""

    tender: str
    lot: str
    bidder: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A decrypted envelope; `fault` if it is not a valid bid of its bidder, `text` is None if it was not decrypted."""

    text: bytes | None
    contents: Contents | None = None
    price: PriceRead | None = None
    fault: str | None = None


def read(text: bytes, place: Place) -> Reading:
    """Read decrypted contents and determine the price; an envelope of another place has a fault and no price."""
    try:
        contents = read_contents(text)
    except SealRefused as refused:
        return Reading(text, fault=refused.code)
    fault = misplaced(contents, place.tender, place.lot, place.bidder)
    return Reading(text, contents, None if fault else read_price(contents.price), fault)


def unread(fault: str = UNREADABLE) -> Reading:
    """Return the reading of an envelope that cannot be decrypted."""
    return Reading(None, fault=fault)


def derived(reading: Reading) -> dict[str, Any]:
    """Return the fields of a line of the record that follow from the contents alone, by their wire names."""
    price, contents, text = reading.price, reading.contents, reading.text
    sheet = contents.price.sheet if contents and not reading.fault else None
    offered = contents.offered if contents and not reading.fault else None
    return {
        "price": None if price is None or price.price is None else f"{price.price:.2f}",
        "priceStatus": "unreadable" if price is None else str(price.status),
        "corrections": [] if price is None else _corrections(price),
        "sheetWords": sheet.words if sheet else None,
        "sheetFigures": sheet.figures if sheet else None,
        "offered": None if offered is None else f"{offered:f}",
        "contents": None if text is None else text.decode("utf-8", "replace").rstrip(" "),
        "contentsBytes": None if text is None else len(text),
        "contentsSha256": None if text is None else hashlib.sha256(text).hexdigest(),
        "nonce": contents.nonce if contents else None,
        "fault": reading.fault,
    }


def _corrections(read: PriceRead) -> list[dict[str, Any]]:
    return [
        {"rule": str(one.rule), "stated": f"{one.stated:f}", "corrected": f"{one.corrected:f}", "line": one.line}
        for one in read.corrections
    ]


def again(line: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Recompute those fields from the contents that a line of the record itself states."""
    contents, size = line["contents"], line["contentsBytes"]
    if contents is None:
        return derived(unread(line["fault"] or UNREADABLE))
    return derived(read(contents.encode().ljust(size), place))


def receipt_hash(tender: str, lot: str, receipt: str, sha256: str, received_at: str) -> str:
    """Return the hash of a receipt; `received_at` in ISO 8601, UTC. The list of envelopes contains it at the deadline."""
    return sha256_hex(canonical_json([tender, lot, receipt, sha256, received_at]))


def record_hash(record: object) -> str:
    """Return the hash of the whole public record (a JSON array), which a checkpoint outside the service states."""
    return sha256_hex(canonical_json(record))
