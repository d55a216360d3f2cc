"""Sealed bids 密封投标: contents of an envelope, padding, custodians, published hashes.

This module handles text and bytes only; encryption uses the age format (app/tendering/envelopes/age.py). Fewer custodians
than the threshold cannot decrypt a price; an envelope names its tender, lot and bidder, so that a copy is invalid.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from app.core.bids.prices import Line, PriceForm, Said
from app.core.values.canonical import canonical_json, sha256_hex
from app.core.values.money import NumberError, decimal_of

FORMAT = "bidscreen-envelope/1"
KIBIBYTE = 1024
CLASSES = tuple(size * KIBIBYTE for size in (4, 16, 64, 256, 1024))  # bytes of the JSON text inside
ROOM = 4 * KIBIBYTE  # bytes for the header and the tags of the encryption
LARGEST = CLASSES[-1] + ROOM
_LENGTH = 4  # bytes before a stored envelope that state its length
_NONCE = re.compile(r"[0-9a-f]{64}")
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n(?:-> [!-~]+(?: [!-~]+)*\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)+--- [A-Za-z0-9+/]{43}\n"
)
_STANZA = b"\n-> X25519 "
_LEAST_PAYLOAD = 16 + 16  # bytes: nonce of the stream and one tag
_MOST_CUSTODIANS = 9


class SealRefused(ValueError):
    """An invalid envelope or key ceremony; `code` is stable, the message never repeats contents."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents that a bidder seals for one lot."""

    tender: str
    lot: str
    bidder: str
    dossier_version: str
    price: PriceForm
    documents: tuple[str, ...]
    nonce: str
    offered: Decimal | None = None


def written(contents: Contents) -> bytes:
    """Encode the contents as JSON, padded with white space to a size class.

    Errors: SealRefused `contents_oversized`.
    """
    form = contents.price
    value = {
        "format": FORMAT,
        "tender": contents.tender,
        "lot": contents.lot,
        "bidder": contents.bidder,
        "dossierVersion": contents.dossier_version,
        "price": {
            "sheet": _said_out(form.sheet),
            "bid": _said_out(form.bid),
            "lines": [{"quantity": line.quantity, "unitPrice": line.unit_price} for line in form.lines],
        },
        "documents": list(contents.documents),
        "nonce": contents.nonce,
        "offered": contents.offered,
    }
    text = canonical_json(value)
    return text.ljust(size_class(len(text)))


def size_class(size: int) -> int:
    """Return the smallest size class for `size` bytes. Errors: SealRefused `contents_oversized`."""
    fitting = next((one for one in CLASSES if size <= one), None)
    if fitting is None:
        raise SealRefused("contents_oversized", f"At most {CLASSES[-1]} bytes of contents are expected")
    return fitting


def read_contents(text: bytes) -> Contents:
    """Parse the contents of a decrypted envelope. Errors: SealRefused `contents_malformed`."""
    try:
        value = json.loads(text)
        return _contents(value)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SealRefused("contents_malformed", "An envelope's contents as `bidscreen seal` writes them") from error


def _contents(value: Any) -> Contents:
    if value["format"] != FORMAT or not _NONCE.fullmatch(value["nonce"]):
        raise ValueError
    form, offered = value["price"], value.get("offered")
    lines = tuple(Line(decimal_of(line["quantity"]), decimal_of(line["unitPrice"])) for line in form["lines"])
    names = (value[name] for name in ("tender", "lot", "bidder", "dossierVersion"))
    tender, lot, bidder, dossier = (_text(name) for name in names)
    documents = tuple(_text(one) for one in value["documents"])
    price = PriceForm(_said_in(form["sheet"]), _said_in(form["bid"]), lines)
    amount = None if offered is None else decimal_of(_text(offered))
    return Contents(tender, lot, bidder, dossier, price, documents, value["nonce"], amount)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _said_out(said: Said) -> dict[str, object]:
    return {"words": said.words, "figures": said.figures, "unit": said.unit}


def _said_in(value: Mapping[str, Any]) -> Said:
    words, figures = (None if value[name] is None else _text(value[name]) for name in ("words", "figures"))
    unit = decimal_of(_text(value["unit"]))
    if unit <= 0:
        raise NumberError("unit", "A unit above 0 is expected")
    return Said(words, figures, unit)


def misplaced(contents: Contents, tender: str, lot: str, bidder: str) -> str | None:
    """Return why contents do not belong to their envelope (a copy of another bidder's envelope is not a bid), else
    None.
    """
    checks = (
        ("other_tender", contents.tender == tender),
        ("other_lot", contents.lot == lot),
        ("other_bidder", contents.bidder == bidder),
    )
    return next((code for code, fits in checks if not fits), None)


def envelope_fault(envelope: bytes) -> str | None:
    """Return why bytes are not a sealed envelope (`envelope_empty`, `envelope_oversized`, `envelope_malformed`), or
    None.
    """
    if not envelope:
        return "envelope_empty"
    if len(envelope) > LARGEST - _LENGTH:
        return "envelope_oversized"
    header = _HEADER.match(envelope)
    sealed_to_key = header is not None and _STANZA in header.group()
    if header is None or not sealed_to_key or len(envelope) - header.end() < _LEAST_PAYLOAD:
        return "envelope_malformed"
    return None


def stored(envelope: bytes) -> bytes:
    """Return the envelope as stored in the database: length, bytes, zeros up to a size class."""
    size = next(one for one in CLASSES if len(envelope) + _LENGTH <= one + ROOM) + ROOM
    return (len(envelope).to_bytes(_LENGTH) + envelope).ljust(size, b"\0")


def unstored(padded: bytes) -> bytes:
    """Return the envelope without length and padding, the inverse of `stored`."""
    size = int.from_bytes(padded[:_LENGTH])
    return padded[_LENGTH : _LENGTH + size]


def key_subsets(custodians: Sequence[str], threshold: int) -> tuple[tuple[str, ...], ...]:
    """List every k-subset of the custodians, each in the order of decryption; each subset gets one wrap of the key.

    Errors: SealRefused `custodians`: 2 to 9 different names and a threshold from 2 to their number are expected.
    """
    count = len(custodians)
    if not 2 <= threshold <= count <= _MOST_CUSTODIANS or len(set(custodians)) != count:
        raise SealRefused("custodians", "2 to 9 different custodians and a threshold from 2 up are expected")
    return tuple(combinations(custodians, threshold))


@dataclass(frozen=True, slots=True)
class Sealed:
    """Public data of an envelope at the deadline: receipt, lot, hash of its bytes, hash of the whole receipt."""

    receipt: str
    lot: str
    sha256: str
    receipt_sha256: str


def hash_list(envelopes: Iterable[Sealed]) -> tuple[Sealed, ...]:
    """Return the list published to every bidder before any custodian acts, sorted by hash."""
    return tuple(sorted(envelopes, key=lambda one: (one.sha256, one.receipt)))


def hash_of_list(listed: Sequence[Sealed]) -> str:
    """Return the hash of the whole list."""
    return sha256_hex(canonical_json([[one.sha256, one.lot, one.receipt, one.receipt_sha256] for one in listed]))


def proof_fault(own: Sealed, listed: Sequence[Sealed], list_sha256: str) -> str | None:
    """Return why an opened envelope is not one of those listed before the opening, or None where it is."""
    if hash_of_list(listed) != list_sha256:
        return "list_changed"
    return None if own in listed else "not_listed"


def commitment(secret: bytes) -> str:
    """Return the commitment to the draw secret, published with the tender so that it cannot be chosen afterwards."""
    return hashlib.sha256(secret).hexdigest()


def draw_seed(secret: bytes, nonces: Iterable[str]) -> str:
    """Derive the seed of the draw: SHA-256 of the secret and the opened envelopes' nonces in sorted order, in
    hexadecimal.

    Neither the holder of the secret nor a single bidder can influence it (财政部令第87号 第六十八条: 随机抽取).
    """
    return hashlib.sha256(secret + b"".join(bytes.fromhex(nonce) for nonce in sorted(nonces))).hexdigest()
