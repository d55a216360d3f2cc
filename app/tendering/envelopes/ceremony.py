"""The key ceremony: the tender's key pair, its private part wrapped once for each k-subset of the custodians.

It runs on a custodian's own machine. What leaves it is public key, commitment and wraps; the private key is written
nowhere. Fewer than k custodians cannot put it together; any k can, by peeling a wrap one after the other.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.bids.sealing import SealRefused, commitment, key_subsets
from app.tendering.envelopes import age

CEREMONY = "bidscreen-ceremony/1"
WRAP = "bidscreen-wrap/1"
TENDER_KEY = "bidscreen-tender-key/1"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Wrap:
    """The tender's key under one subset's keys; `custodians` are those who still have to peel, the next one first."""

    custodians: tuple[str, ...]
    wrap: bytes

    def document(self) -> dict[str, Any]:
        """Return the wrap as the file that each custodian passes to the next."""
        return {"format": WRAP, "custodians": list(self.custodians), "wrap": b64encode(self.wrap).decode()}


@dataclass(frozen=True, slots=True)
class Ceremony:
    """The public result, sent to the server. `custodians`: name → public key; `commitment`: hash of the draw secret."""

    public_key: str
    commitment: str
    threshold: int
    custodians: Mapping[str, str]
    wraps: tuple[Wrap, ...]

    def document(self) -> dict[str, Any]:
        """Return the body of `PUT /tenders/{id}/opening/key`."""
        return {
            "publicKey": self.public_key,
            "commitment": self.commitment,
            "threshold": self.threshold,
            "custodians": [{"name": name, "recipient": key} for name, key in self.custodians.items()],
            "wraps": [{"custodians": list(one.custodians), "wrap": b64encode(one.wrap).decode()} for one in self.wraps],
        }


@dataclass(frozen=True, slots=True)
class TenderKey:
    """The secrets that k custodians recover together: the tender's private key and the draw secret, in hexadecimal."""

    identity: str
    draw_secret: str

    def document(self) -> dict[str, Any]:
        """Return the body of `POST /tenders/{id}/opening`."""
        return {"identity": self.identity, "drawSecret": self.draw_secret}


def hold(custodians: Mapping[str, str], threshold: int) -> Ceremony:
    """Create a tender key and wrap it for every subset of the threshold's size. Errors: SealRefused."""
    if len(set(custodians.values())) != len(custodians):
        raise SealRefused("custodians", "A different key for each custodian is expected")
    subsets = key_subsets(tuple(custodians), threshold)
    identity, public_key = age.new_identity()
    secret = secrets.token_bytes(_SECRET_BYTES)
    key = json.dumps({"format": TENDER_KEY, **TenderKey(identity, secret.hex()).document()}).encode()
    wraps = tuple(Wrap(subset, _wrapped(key, [custodians[name] for name in subset])) for subset in subsets)
    return Ceremony(public_key, commitment(secret), threshold, dict(custodians), wraps)


def _wrapped(key: bytes, recipients: list[str]) -> bytes:
    """Encrypt in layers from the inside out; the first custodian of the subset removes the outermost layer."""
    for recipient in reversed(recipients):
        key = age.seal(key, recipient)
    return key


def peel(layer: Wrap, identity: str) -> Wrap | TenderKey:
    """Remove one custodian's layer; return the wrap for the next custodian, or the tender's key after the last.

    Errors: SealRefused `envelope_unreadable` for a key that is not the next custodian's.
    """
    inside = age.unseal(layer.wrap, identity)
    rest = layer.custodians[1:]
    return Wrap(rest, inside) if rest else _tender_key(inside)


def _tender_key(text: bytes) -> TenderKey:
    try:
        value = json.loads(text)
        return TenderKey(value["identity"], value["drawSecret"])
    except (ValueError, KeyError, TypeError) as error:
        raise _malformed() from error


def read_wrap(text: bytes) -> Wrap:
    """Read a wrap from its file. Errors: SealRefused `wrap_malformed`."""
    try:
        value = json.loads(text)
        custodians = tuple(str(name) for name in value["custodians"])
        wrap = b64decode(value["wrap"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _malformed() from error
    if not custodians:
        raise _malformed()
    return Wrap(custodians, wrap)


def _malformed() -> SealRefused:
    return SealRefused("wrap_malformed", "A wrap made by `bidscreen keys ceremony` is expected")
