"""The pinned key: its fingerprint in the tender's notice, and the hash of everything that the ceremony fixed.

A bidder compares the fingerprint before sealing. The hash is stated by a checkpoint outside the service at publication,
so that a key that is replaced in the database later is noticed by bidders, custodians and auditors.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.bids.sealing import SealRefused
from app.core.values.canonical import canonical_json, sha256_hex

_DIGITS = 32


def fingerprint(public_key: str) -> str:
    """Return the fingerprint of a public key: 32 hexadecimal digits of its SHA-256 in groups of four."""
    digits = hashlib.sha256(public_key.encode("ascii")).hexdigest()[:_DIGITS]
    return "-".join(digits[start : start + 4] for start in range(0, _DIGITS, 4))


def require_fingerprint(public_key: str, given: str) -> None:
    """Refuse a key whose fingerprint is not the published one; case, spaces and hyphens do not count.

    Errors: SealRefused `fingerprint_differs`, `recipient_malformed`.
    """
    if not public_key.isascii():
        raise SealRefused("recipient_malformed", "A public key as age1… is expected")
    if re.sub(r"[\s-]", "", given).lower() != fingerprint(public_key).replace("-", ""):
        raise SealRefused(
            "fingerprint_differs",
            "The key does not have the fingerprint in the tender's notice: do not seal, ask the agency",
        )


def key_hash(ceremony: Mapping[str, Any]) -> str:
    """Return the hash of what a ceremony fixed: key, commitment, threshold, custodians, wraps (as on the wire)."""
    return _hash(ceremony, wraps_hash(ceremony["wraps"]))


def key_hash_shown(opening: Mapping[str, Any]) -> str:
    """Return the same hash from the response of `GET /tenders/{id}/opening`, which states the hash of the wraps."""
    return _hash(opening, opening["wrapsSha256"])


def wraps_hash(wraps: Sequence[Mapping[str, Any]]) -> str:
    """Return the hash of all wraps of the key, with the hashes of their layers."""
    return sha256_hex(canonical_json([[one["custodians"], one["wrap"], one["layers"]] for one in wraps]))


def trial_answer(value: str, given: str) -> str:
    """Return a custodian's answer to its trial value: it opened it with its own key, and confirms this fingerprint."""
    digits = re.sub(r"[\s-]", "", given).lower()
    return hashlib.sha256(f"bidscreen-trial/1\n{value}\n{digits}".encode()).hexdigest()


def _hash(value: Mapping[str, Any], wraps: str) -> str:
    custodians = [[one["name"], one["recipient"]] for one in value["custodians"]]
    parts = [value["publicKey"], value["commitment"], value["threshold"], custodians, wraps]
    return sha256_hex(canonical_json(parts))
