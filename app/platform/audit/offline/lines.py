"""Parse the lines of an export: events as links of chains, checkpoints with their signatures."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.platform.audit.offline.hashing import canonical, event_hash, signed_bytes

_HEX64 = re.compile(r"[0-9a-f]{64}")
SECTIONS = (b'{"export":', b'{"checkpoint":', b'{"opened":', b'{"event":', b'{"row":', b'{"end":')
HEAD, CHECKPOINT, OPENED, EVENT, ROW, END = range(6)


@dataclass(frozen=True, slots=True)
class Break:
    """A break of the trail: the links `sequence` to `last` of a chain; codes in docs/audit.md."""

    chain: str
    sequence: int
    last: int
    code: str
    detail: str


class Link(NamedTuple):
    """The position and hashes of an event; `sound`: its hash matches its content."""

    chain: str
    sequence: int
    previous: str
    hash: str
    sound: bool
    rows: tuple[tuple[str, str, str | None], ...] = ()  # table, id and hash of each row written with it; None: deleted


class Binding(NamedTuple):
    """The newest event that binds a row, and the hash that it states; None: the row was deleted."""

    chain: str
    sequence: int
    hash: str | None


class Told(NamedTuple):
    """A checkpoint: heads that changed since the previous one, and commitments to those of sealed chains."""

    number: int
    previous: str
    heads: tuple[tuple[str, int, str], ...]
    sealed: tuple[tuple[str, str], ...]
    chains: int
    events: int
    root: str
    key: str
    published: tuple[tuple[str, str, str], ...]  # subject, kind, hash of what became public
    signed: bool  # by a trusted key
    known: bool  # whether its key is among the trusted ones


def plain(line: bytes) -> dict[str, Any] | None:
    """Parse the object on a line; None unless the line is its canonical text, byte for byte."""
    try:
        value = json.loads(line.decode("utf-8"))
        return value if isinstance(value, dict) and canonical(value) == line else None
    except (ValueError, RecursionError):
        return None


def examine(line: bytes) -> Link | None:
    """Parse a line as a link of a chain; None where it is not one."""
    value = plain(line)
    body = value.get("event") if value is not None and value.keys() == {"event", "hash"} else None
    if value is None or not isinstance(body, dict):
        return None
    chain, sequence, previous, recorded = (
        body.get("chain"),
        body.get("sequence"),
        body.get("previousHash"),
        value["hash"],
    )
    if not (
        isinstance(chain, str) and type(sequence) is int and isinstance(previous, str) and isinstance(recorded, str)
    ):
        return None
    try:
        rows = tuple(
            (text_value(table), text_value(key), one and digest(one)) for table, key, one in body.get("rows", ())
        )
    except (TypeError, ValueError):
        return None
    return Link(chain, sequence, previous, recorded, event_hash(body) == recorded, rows)


def examine_checkpoint(line: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Told | None:
    """Parse a line as a checkpoint and verify its signature with the trusted keys; None where it is not one."""
    value = plain(line)
    if value is None or value.keys() != {"checkpoint", "signature"}:
        return None
    body = value["checkpoint"]
    try:
        told = Told(
            whole_number(body["number"]), digest(body["previous"]),
            tuple((text_value(chain), whole_number(sequence), digest(head)) for chain, sequence, head in body["heads"]),
            tuple((text_value(chain), digest(promise)) for chain, promise in body["sealed"]),
            whole_number(body["chains"]), whole_number(body["events"]), digest(body["root"]), text_value(body["keyId"]),
            tuple((text_value(subject), text_value(kind), digest(one)) for subject, kind, one in body.get("published", ())),
            signed=False, known=body["keyId"] in keys,
        )  # fmt: skip
        signature = bytes.fromhex(value["signature"])
    except (KeyError, TypeError, ValueError):
        return None
    return told._replace(signed=told.known and _verified(keys[told.key], signature, signed_bytes(body)))


def _verified(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def whole_number(value: object) -> int:
    """Return a non-negative integer, or raise ValueError."""
    if type(value) is not int or value < 0:
        raise ValueError("an integer is expected")
    return value


def text_value(value: object) -> str:
    """Return a text, or raise TypeError."""
    if not isinstance(value, str):
        raise TypeError("text is expected")
    return value


def digest(value: object) -> str:
    """Return a SHA-256 in lower-case hexadecimal, or raise ValueError."""
    if not isinstance(value, str) or not _HEX64.fullmatch(value):
        raise ValueError("a SHA-256 is expected")
    return value
