"""Checks that a bidder makes with its own envelope and the published record: nothing was replaced, added or
manipulated.

They need neither the service nor a key: only the response of `GET /tenders/{id}/opening`, the envelope and the receipt.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.bids.reading import Place, Reading, again, derived, read, receipt_hash, record_hash
from app.core.bids.sealing import Sealed, commitment, draw_seed, hash_of_list


@dataclass(frozen=True, slots=True)
class RecordedEnvelope:
    """A line of the public opening record; `said` holds every field of it by wire name."""

    receipt: str
    lot: str
    sha256: str
    organization: str
    received_at: str
    contents_sha256: str | None
    nonce: str | None
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """Public data of an opening: keys at publication, hash list at the deadline, record afterwards.

    `stated`: by kind (`key`, `list`, `record`) the hashes that trusted checkpoints outside the service state for this
    tender; None if none were given. `key_sha256`: of the keys as shown now.
    """

    tender: str
    commitment: str
    key_sha256: str
    listed: tuple[Sealed, ...]
    list_sha256: str
    returned_lots: frozenset[str]
    record: tuple[RecordedEnvelope, ...] | None
    draw_secret: str | None
    draw_seed: str | None
    stated: Mapping[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """The bidder's own data: hash of the envelope; receipt (number and hash); contents (hash and text) from sealing."""

    sha256: str
    receipt: str | None = None
    contents_sha256: str | None = None
    receipt_sha256: str | None = None
    contents: bytes | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One check; `holds` is None while the check cannot be made."""

    id: str
    holds: bool | None


def proofs(
    opening: Published, own: Own | None, decrypted: Mapping[str, Reading | None] | None = None
) -> tuple[Proof, ...]:
    """Run all checks: those that concern everyone, those of a bidder with `own` data, and those of custodians.

    `decrypted`: what custodians decrypted with the tender's key, by hash of the envelope; None for an envelope that
    their key does not decrypt.
    """
    return (
        *_of_all(opening),
        *_outside(opening),
        *(_of_one(opening, own) if own is not None else ()),
        *(_of_custodians(opening, decrypted) if decrypted is not None else ()),
    )


def _of_all(opening: Published) -> Iterator[Proof]:
    yield Proof("list_hash", hash_of_list(opening.listed) == opening.list_sha256)
    record = opening.record
    if record is None or opening.draw_secret is None:
        for name in (
            "record_is_of_the_list",
            "arrivals_are_of_the_receipts",
            "prices_follow_from_contents",
            "draw_seed",
        ):
            yield Proof(name, None)
        return
    found = sorted((one.sha256, one.receipt, one.lot) for one in record)
    due = sorted((one.sha256, one.receipt, one.lot) for one in opening.listed if one.lot not in opening.returned_lots)
    yield Proof("record_is_of_the_list", found == due)
    listed = {one.receipt: one.receipt_sha256 for one in opening.listed}
    yield Proof(
        "arrivals_are_of_the_receipts",
        all(_receipt_of(opening, one) == listed.get(one.receipt) for one in record),
    )
    yield Proof("prices_follow_from_contents", all(_follows(opening, one) for one in record))
    yield Proof("draw_seed", _seed_holds(opening, record, opening.draw_secret))


def _receipt_of(opening: Published, line: RecordedEnvelope) -> str:
    return receipt_hash(opening.tender, line.lot, line.receipt, line.sha256, line.received_at)


def _follows(opening: Published, line: RecordedEnvelope) -> bool:
    """Whether price, corrections, sums and fault of a line are those of the contents that it states."""
    return _agrees(line, again(line.said, _place(opening, line)))


def _agrees(line: RecordedEnvelope, computed: Mapping[str, Any]) -> bool:
    return all(line.said.get(name) == value for name, value in computed.items())


def _place(opening: Published, line: RecordedEnvelope) -> Place:
    return Place(opening.tender, line.lot, line.organization)


def _seed_holds(opening: Published, record: Sequence[RecordedEnvelope], secret: str) -> bool:
    try:
        revealed = bytes.fromhex(secret)
        seed = draw_seed(revealed, (one.nonce for one in record if one.nonce is not None))
    except ValueError:
        return False
    return commitment(revealed) == opening.commitment and seed == opening.draw_seed


def _outside(opening: Published) -> Iterator[Proof]:
    """Compare keys, list and record with the hashes that checkpoints outside the service state."""
    record = None if opening.record is None else record_hash([dict(one.said) for one in opening.record])
    shown = {"key": opening.key_sha256, "list": opening.list_sha256, "record": record}
    for kind, sha256 in shown.items():
        stated = None if opening.stated is None or sha256 is None else opening.stated.get(kind, frozenset())
        yield Proof(f"{kind}_stated_outside", None if stated is None else stated == {sha256})


def _of_one(opening: Published, own: Own) -> Iterator[Proof]:
    entry = next((one for one in opening.listed if one.sha256 == own.sha256), None)
    yield Proof("envelope_listed", entry is not None and own.receipt in (None, entry.receipt))
    if own.receipt_sha256 is not None:
        yield Proof("receipt_listed", entry is not None and own.receipt_sha256 == entry.receipt_sha256)
    if opening.record is None or entry is None:
        yield Proof("envelope_read_as_sealed", None)
        return
    line = next((one for one in opening.record if one.sha256 == own.sha256), None)
    if entry.lot in opening.returned_lots:
        yield Proof("returned_unread", line is None)
        return
    same = line is not None and own.contents_sha256 in (None, line.contents_sha256)
    yield Proof("envelope_read_as_sealed", same)
    if own.contents is not None:
        computed = None if line is None else derived(read(own.contents, _place(opening, line)))
        yield Proof("own_price_recorded", line is not None and computed is not None and _agrees(line, computed))


def _of_custodians(opening: Published, decrypted: Mapping[str, Reading | None]) -> Iterator[Proof]:
    """Compare the record with what the custodians' key decrypts; None while an envelope is missing."""
    if opening.record is None or any(one.sha256 not in decrypted for one in opening.record):
        yield Proof("decrypted_as_recorded", None)
        return
    same = (_as_decrypted(one, decrypted[one.sha256]) for one in opening.record)
    yield Proof("decrypted_as_recorded", all(same))


def _as_decrypted(line: RecordedEnvelope, reading: Reading | None) -> bool:
    return line.said.get("contents") is None if reading is None else _agrees(line, derived(reading))


def sha256_of(envelope: bytes) -> str:
    """Return the hash that identifies an envelope in receipt, list and record."""
    return hashlib.sha256(envelope).hexdigest()
