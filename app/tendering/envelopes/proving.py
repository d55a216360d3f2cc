"""`bidscreen keys verify`: verifies a published opening against a bidder's own envelope, offline."""

import json
from base64 import b64decode
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.core.bids.reading import Place, Reading, read, receipt_hash
from app.core.bids.receipts import Own, Proof, Published, RecordedEnvelope, proofs, sha256_of
from app.core.bids.sealing import Sealed, SealRefused
from app.platform.audit.offline.verification import public_keys
from app.platform.audit.offline.witness import published_in, witnessed_in
from app.tendering.envelopes import age
from app.tendering.envelopes.pins import key_hash_shown


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody verifies an opening with; each part that is missing leaves its checks out.

    A bidder has envelope, receipt (its number, or the saved response) and contents (the hash, or the kept file); anybody
    has checkpoints of a sink with the public key of the service; custodians have the tender's key and the envelopes.
    """

    envelope: Path | None = None
    receipt: str | None = None
    receipt_file: Path | None = None
    contents_sha256: str | None = None
    contents: Path | None = None
    checkpoints: Path | None = None
    public_keys: tuple[Path, ...] = ()
    tender_key: Path | None = None
    envelopes: Path | None = None


def verified(opening: Path, given: Given) -> tuple[Proof, ...]:
    """Run every check of `app.core.bids.receipts`. Errors: SealRefused `opening_malformed`, `not_closed`, …; OSError."""
    shown = published(opening.read_bytes())
    if given.checkpoints is not None:
        shown = replace(shown, stated=_stated(shown.tender, given.checkpoints, given.public_keys))
    return proofs(shown, _own(shown, given), _decrypted(shown, given))


def _stated(tender: str, checkpoints: Path, keys: tuple[Path, ...]) -> dict[str, frozenset[str]]:
    try:
        trusted = public_keys(keys)
    except ValueError as error:
        raise SealRefused("public_key_malformed", "A public key of the service (PEM) is expected") from error
    found = published_in(witnessed_in(checkpoints), trusted)
    return {kind: frozenset(hashes) for (subject, kind), hashes in found.items() if subject == tender}


def _own(shown: Published, given: Given) -> Own | None:
    if given.envelope is None:
        return None
    number, whole = given.receipt, None
    if given.receipt_file is not None:
        number, whole = _receipt(shown, given.receipt_file.read_bytes())
    text = None if given.contents is None else given.contents.read_bytes()
    digest = given.contents_sha256 or (None if text is None else sha256_of(text))
    return Own(sha256_of(given.envelope.read_bytes()), number, digest, whole, text)


def _receipt(shown: Published, text: bytes) -> tuple[str, str]:
    """Return the number and the hash of a receipt, from the saved response of `POST /tenders/{id}/envelopes`."""
    try:
        value = json.loads(text)
        received = datetime.fromisoformat(value["receivedAt"]).astimezone(UTC).isoformat()
        number = str(value["receipt"])
        return number, receipt_hash(shown.tender, str(value["lotId"]), number, str(value["sha256"]), received)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SealRefused("receipt_malformed", "The response of POST /tenders/{id}/envelopes is expected") from error


def _decrypted(shown: Published, given: Given) -> dict[str, Reading | None] | None:
    """Decrypt the recorded envelopes of a folder with the custodians' key, by hash."""
    if given.tender_key is None or given.envelopes is None:
        return None
    files = {sha256_of(content): content for content in (one.read_bytes() for one in given.envelopes.iterdir())}
    identity = _identity(given.tender_key.read_bytes())
    found: dict[str, Reading | None] = {}
    for line in shown.record or ():
        if line.sha256 in files:
            place = Place(shown.tender, line.lot, line.organization)
            found[line.sha256] = _unsealed(files[line.sha256], identity, place)
    return found


def _unsealed(envelope: bytes, identity: str, place: Place) -> Reading | None:
    try:
        return read(age.unseal(envelope, identity), place)
    except SealRefused:
        return None


def _identity(text: bytes) -> str:
    """Extract the private key from the last custodian's `bidscreen keys peel`."""
    try:
        return str(json.loads(text)["identity"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SealRefused("tender_key_malformed", "The output of the last `bidscreen keys peel` is expected") from error


def trial_value(trials: bytes, custodian: str, identity: str) -> str:
    """Open a custodian's trial from the response of `GET /tenders/{id}/opening/trials`.

    Errors: SealRefused `trials_malformed`, `no_such_custodian`, `envelope_unreadable`.
    """
    try:
        found = {str(one["custodian"]): b64decode(one["trial"], validate=True) for one in json.loads(trials)["trials"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SealRefused("trials_malformed", "The response of GET /tenders/{id}/opening/trials is expected") from error
    if custodian not in found:
        raise SealRefused("no_such_custodian", "The ceremony has no custodian of this name")
    return age.unseal(found[custodian], identity).decode("ascii", "replace")


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
    return Published(
        tender=value["tenderId"],
        commitment=value["commitment"],
        key_sha256=key_hash_shown(value),
        listed=tuple(
            Sealed(one["receipt"], one["lot"], one["sha256"], one["receiptSha256"]) for one in value["envelopes"]
        ),
        list_sha256=value["listSha256"],
        returned_lots=frozenset(one["lot"] for one in value["failedLots"]),
        record=None if value["record"] is None else tuple(map(_read, value["record"])),
        draw_secret=value["drawSecret"],
        draw_seed=value["drawSeed"],
    )


def _read(line: dict[str, Any]) -> RecordedEnvelope:
    names = ("receipt", "lot", "sha256", "organization", "receivedAt", "contentsSha256", "nonce")
    if line["contents"] is not None and not isinstance(line["contentsBytes"], int):
        raise TypeError
    receipt, lot, sha256, organization, received, contents, nonce = (line[name] for name in names)
    return RecordedEnvelope(receipt, lot, sha256, organization, received, contents, nonce, line)
