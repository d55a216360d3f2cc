"""`bidscreen keys verify`: verifies a published opening against a bidder's own envelope, offline."""

import json
from pathlib import Path
from typing import Any

from app.core.bids.receipts import Own, Proof, Published, RecordedEnvelope, proofs, sha256_of
from app.core.bids.sealing import Sealed, SealRefused


def verified(opening: bytes, envelope: bytes | None, receipt: str | None, contents: str | None) -> tuple[Proof, ...]:
    """Run every check of `app.core.bids.receipts`. Errors: SealRefused `opening_malformed`, `not_closed`."""
    own = None if envelope is None else Own(sha256_of(envelope), receipt, contents)
    return proofs(published(opening), own)


def published(text: bytes) -> Published:
    """Convert the response of `GET /tenders/{id}/opening` for the core. Errors: SealRefused."""
    try:
        value = json.loads(text)
        if value["envelopes"] is None:
            raise SealRefused("not_closed", "The list of envelopes is published at the deadline")
        return _published(value)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, SealRefused):
            raise
        raise SealRefused("opening_malformed", "The response of GET /tenders/{id}/opening is expected") from error


def _published(value: dict[str, Any]) -> Published:
    listed = tuple(Sealed(one["receipt"], one["lot"], one["sha256"]) for one in value["envelopes"])
    record = None if value["record"] is None else tuple(map(_read, value["record"]))
    returned = frozenset(one["lot"] for one in value["failedLots"])
    return Published(
        value["commitment"],
        listed,
        value["listSha256"],
        returned,
        record,
        value["drawSecret"],
        value["drawSeed"],
    )


def _read(line: dict[str, Any]) -> RecordedEnvelope:
    return RecordedEnvelope(line["receipt"], line["lot"], line["sha256"], line["contentsSha256"], line["nonce"])


def read_files(opening: Path, envelope: Path | None) -> tuple[bytes, bytes | None]:
    """Return the bytes of both files."""
    return opening.read_bytes(), None if envelope is None else envelope.read_bytes()
