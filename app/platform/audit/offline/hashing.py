"""Hashes and signed bytes of the trail: events, rows, checkpoints. The service writes its trail with these functions."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FORMAT = "bidscreen-audit/1"
GENESIS = "0" * 64
CHECKPOINTS = "checkpoints"  # reported as the chain where a checkpoint is at fault; its sequence is the number
EXPORT = "export"  # reported as the chain where the file itself is at fault; its sequence is the line
_CONTEXT = b"bidscreen audit checkpoint 1\n"
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: object) -> bytes:
    """Encode plain values as UTF-8 JSON with sorted keys and no white space. ValueError for NaN and lone surrogates."""
    return _ENCODER.encode(value).encode("utf-8")


def event_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an event's content, its place in the chain and the previous hash."""
    return hashlib.sha256(canonical(body)).hexdigest()


def event_line(body: Mapping[str, Any], recorded: str) -> bytes:
    """Return an event as one line of an export."""
    return canonical({"event": body, "hash": recorded})


def row_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a row that events bind: its table, id, chain and complete content."""
    return hashlib.sha256(canonical(body)).hexdigest()


def row_line(body: Mapping[str, Any]) -> bytes:
    """Return a row as one line of an export."""
    return canonical({"row": body})


def signed_bytes(body: Mapping[str, Any]) -> bytes:
    """Return the bytes that the Ed25519 signature of a checkpoint covers."""
    return _CONTEXT + canonical(body)


def checkpoint_line(body: Mapping[str, Any], signature: bytes) -> bytes:
    """Return a checkpoint as one line, as delivered to sinks and written to exports."""
    return canonical({"checkpoint": body, "signature": signature.hex()})


def line_hash(line: bytes) -> str:
    """Return the hash of a checkpoint's line, which the next checkpoint states."""
    return hashlib.sha256(line).hexdigest()


def heads_root(heads: Mapping[str, tuple[int, str]]) -> str:
    """Return one hash over all heads stated so far: chain, sequence, hash, ordered by chain."""
    return hashlib.sha256(canonical([[chain, *heads[chain]] for chain in sorted(heads)])).hexdigest()


def commitment(nonce: str, chain: str, sequence: int, recorded: str) -> str:
    """Return a commitment of a checkpoint to the head of a sealed chain, whose length must stay hidden; the nonce opens
    it later.
    """
    return hashlib.sha256(canonical([nonce, chain, sequence, recorded])).hexdigest()


def key_id(public_key: Ed25519PublicKey) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def head_of(key: Ed25519PublicKey) -> dict[str, Any]:
    """Return the first line of an export, for information: the verifier gets the trusted key separately, never from the
    export.
    """
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return {"format": FORMAT, "keyId": key_id(key), "publicKey": raw}
