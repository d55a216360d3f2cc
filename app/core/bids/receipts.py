"""Checks that a bidder makes with its own envelope and the published record: nothing was replaced, added or
manipulated.

They need neither the service nor a key: only the response of `GET /tenders/{id}/opening`, the envelope and the receipt.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.bids.sealing import Sealed, commitment, draw_seed, hash_of_list


@dataclass(frozen=True, slots=True)
class RecordedEnvelope:
    """A line of the public opening record; `contents_sha256` and `nonce` are None where the envelope was unreadable."""

    receipt: str
    lot: str
    sha256: str
    contents_sha256: str | None
    nonce: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """Public data of an opening: commitment at publication, hash list at the deadline, record afterwards."""

    commitment: str
    listed: tuple[Sealed, ...]
    list_sha256: str
    returned_lots: frozenset[str]
    record: tuple[RecordedEnvelope, ...] | None
    draw_secret: str | None
    draw_seed: str | None


@dataclass(frozen=True, slots=True)
class Own:
    """The bidder's own data: hash of the envelope, receipt number, hash of the contents printed at sealing."""

    sha256: str
    receipt: str | None = None
    contents_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One check; `holds` is None while the check cannot be made."""

    id: str
    holds: bool | None


def proofs(opening: Published, own: Own | None) -> tuple[Proof, ...]:
    """Run all checks; without `own` only those that concern every bidder."""
    return (*_of_all(opening), *(_of_one(opening, own) if own is not None else ()))


def _of_all(opening: Published) -> Iterator[Proof]:
    yield Proof("list_hash", hash_of_list(opening.listed) == opening.list_sha256)
    if opening.record is None or opening.draw_secret is None:
        yield Proof("record_is_of_the_list", None)
        yield Proof("draw_seed", None)
        return
    read = sorted((one.sha256, one.receipt, one.lot) for one in opening.record)
    due = sorted((one.sha256, one.receipt, one.lot) for one in opening.listed if one.lot not in opening.returned_lots)
    yield Proof("record_is_of_the_list", read == due)
    yield Proof("draw_seed", _seed_holds(opening, opening.record, opening.draw_secret))


def _seed_holds(opening: Published, record: Sequence[RecordedEnvelope], secret: str) -> bool:
    try:
        revealed = bytes.fromhex(secret)
        seed = draw_seed(revealed, (one.nonce for one in record if one.nonce is not None))
    except ValueError:
        return False
    return commitment(revealed) == opening.commitment and seed == opening.draw_seed


def _of_one(opening: Published, own: Own) -> Iterator[Proof]:
    entry = next((one for one in opening.listed if one.sha256 == own.sha256), None)
    yield Proof("envelope_listed", entry is not None and own.receipt in (None, entry.receipt))
    if opening.record is None or entry is None:
        yield Proof("envelope_read_as_sealed", None)
        return
    line = next((one for one in opening.record if one.sha256 == own.sha256), None)
    if entry.lot in opening.returned_lots:
        yield Proof("returned_unread", line is None)
        return
    same = line is not None and own.contents_sha256 in (None, line.contents_sha256)
    yield Proof("envelope_read_as_sealed", same)


def sha256_of(envelope: bytes) -> str:
    """Return the hash that identifies an envelope in receipt, list and record."""
    return hashlib.sha256(envelope).hexdigest()
