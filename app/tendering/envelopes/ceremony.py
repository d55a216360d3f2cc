"""The key ceremony: the tender's key pair, its private part wrapped once for each k-subset of the custodians.

It runs on a custodian's own machine. What leaves it is public key, commitment and wraps; the private key is written
nowhere. Fewer than k custodians cannot put it together; any k can, by peeling a wrap one after the other.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.core.bids.sealing import SealRefused, commitment, key_subsets
from app.tendering.envelopes import age

CEREMONY = "bidscreen-ceremony/1"
WRAP = "bidscreen-wrap/1"
TENDER_KEY = "bidscreen-tender-key/1"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Wrap:
    """The tender's key under one subset's keys; `custodians` are those who still have to peel, the next one first.

    `layers`: SHA-256 of what each of them finds inside its layer, as the ceremony published it. `subset`: all custodians
    of the wrap, those who have peeled first.
    """

    custodians: tuple[str, ...]
    wrap: bytes
    layers: tuple[str, ...]
    subset: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return the wrap as the file that each custodian passes to the next."""
        wrap = b64encode(self.wrap).decode()
        return {"format": WRAP, "custodians": list(self.custodians), "wrap": wrap, "subset": list(self.subset)}

    def published(self) -> dict[str, Any]:
        """Return the wrap as the ceremony publishes it."""
        wrap = b64encode(self.wrap).decode()
        return {"custodians": list(self.custodians), "wrap": wrap, "layers": list(self.layers)}


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
            "wraps": [one.published() for one in self.wraps],
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
    with wiped(bytearray(secrets.token_bytes(_SECRET_BYTES))) as secret:
        text = json.dumps({"format": TENDER_KEY, **TenderKey(identity, secret.hex()).document()})
        with wiped(bytearray(text.encode())) as key:
            wraps = tuple(_wrapped(bytes(key), subset, custodians) for subset in subsets)
        return Ceremony(public_key, commitment(bytes(secret)), threshold, dict(custodians), wraps)


@contextmanager
def wiped(secret: bytearray) -> Iterator[bytearray]:
    """Yield the buffer of a secret and overwrite it afterwards.

    Copies that Python or the age library made (text, `bytes`) cannot be overwritten; they end with the process.
    """
    try:
        yield secret
    finally:
        secret[:] = bytes(len(secret))


def _wrapped(key: bytes, subset: tuple[str, ...], recipients: Mapping[str, str]) -> Wrap:
    """Encrypt in layers from the inside out; the first custodian of the subset removes the outermost layer."""
    layers: list[str] = []
    for name in reversed(subset):
        layers.append(sha256(key).hexdigest())
        key = age.seal(key, recipients[name])
    return Wrap(subset, key, tuple(reversed(layers)), subset)


def peel(layer: Wrap, identity: str) -> Wrap | TenderKey:
    """Remove one custodian's layer; return the wrap for the next custodian, or the tender's key after the last.

    Errors: SealRefused `envelope_unreadable` for a key that is not the next custodian's, `share_forged` naming whose
    share is not what the ceremony published.
    """
    inside = age.unseal(layer.wrap, identity)
    if sha256(inside).hexdigest() != layer.layers[0]:
        raise _forged("the ceremony")
    rest = layer.custodians[1:]
    return Wrap(rest, inside, layer.layers[1:], layer.subset) if rest else _tender_key(inside)


def handed_on(text: bytes, ceremony: bytes) -> Wrap:
    """Read the file of the previous custodian and compare it with the published ceremony.

    Errors: SealRefused `wrap_malformed`; `share_forged` with the name of the custodian whose share it is.
    """
    try:
        value = json.loads(text)
        custodians, subset = (tuple(str(name) for name in value[part]) for part in ("custodians", "subset"))
        wrap = b64decode(value["wrap"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _malformed() from error
    whole, peeled = of_subset(ceremony, subset), len(subset) - len(custodians)
    if not 0 < peeled < len(subset) or subset[peeled:] != custodians or whole.subset != subset:
        raise _malformed()
    if sha256(wrap).hexdigest() != whole.layers[peeled - 1]:
        raise _forged(subset[peeled - 1])
    return Wrap(custodians, wrap, whole.layers[peeled:], subset)


def of_subset(ceremony: bytes, custodians: Iterable[str]) -> Wrap:
    """Return the wrap of these custodians, in any order, from the published ceremony.

    Errors: SealRefused `wrap_malformed`, `no_such_subset`.
    """
    wanted = sorted(custodians)
    try:
        for one in json.loads(ceremony)["wraps"]:
            if sorted(one["custodians"]) == wanted:
                subset = tuple(str(name) for name in one["custodians"])
                layers = tuple(str(digest) for digest in one["layers"])
                if len(layers) != len(subset):
                    raise _malformed()
                return Wrap(subset, b64decode(one["wrap"], validate=True), layers, subset)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, SealRefused):
            raise
        raise _malformed() from error
    raise SealRefused("no_such_subset", "The ceremony has no wrap for exactly these custodians")


def _forged(whose: str) -> SealRefused:
    return SealRefused("share_forged", f"The share of {whose} is not what the ceremony published")


def _tender_key(text: bytes) -> TenderKey:
    try:
        value = json.loads(text)
        return TenderKey(value["identity"], value["drawSecret"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _malformed() from error


def _malformed() -> SealRefused:
    return SealRefused("wrap_malformed", "A wrap made by `bidscreen keys ceremony` is expected")
