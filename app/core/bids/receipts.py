"""What a bidder checks for itself with its own envelope and what was published: nothing was swapped, added or aimed.

Needs no service and no key: only the answer of `GET /tenders/{id}/opening`, the envelope's bytes and the receipt.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.bids.sealing import Sealed, commitment, draw_seed, hash_of_list


@dataclass(frozen=True, slots=True)
class Read:
    """A line of the public record; `contents_sha256` and `nonce` are None where the envelope could not be read."""

    receipt: str
    lot: str
    sha256: str
    contents_sha256: str | None
    nonce: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """What is public of an opening: the commitment with the tender, the list at the deadline, the record afterwards."""

    commitment: str
    listed: tuple[Sealed, ...]
    list_sha256: str
    returned_lots: frozenset[str]
    record: tuple[Read, ...] | None
    draw_secret: str | None
    draw_seed: str | None


@dataclass(frozen=True, slots=True)
class Own:
    """What the bidder holds: the envelope's hash, the receipt's number, the hash of the contents that sealing printed."""

    sha256: str
    receipt: str | None = None
    contents_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One check: `holds` is None where it cannot be made yet."""

    id: str
    holds: bool | None


def proofs(opening: Published, own: Own | None) -> tuple[Proof, ...]:
    """Every check that can be made; `own` None checks what concerns everybody."""
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


def _seed_holds(opening: Published, record: Sequence[Read], secret: str) -> bool:
    try:
        told = bytes.fromhex(secret)
        seed = draw_seed(told, (one.nonce for one in record if one.nonce is not None))
    except ValueError:
        return False
    return commitment(told) == opening.commitment and seed == opening.draw_seed


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
    """The hash that receipt, list and record name an envelope by."""
    return hashlib.sha256(envelope).hexdigest()
