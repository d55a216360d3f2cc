"""The age format, through pyrage: the only module that encrypts and decrypts bids. Any age client can seal a bid."""

import re

import pyrage
from pyrage import x25519

from app.core.bids.sealing import SealRefused

RECIPIENT = r"^age1[02-9ac-hj-np-z]{58}$"
IDENTITY = r"^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$"
_LINE = re.compile(r"(?m)^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}\s*$")


def new_identity() -> tuple[str, str]:
    """Return a new key pair: the identity (private, to be kept) and the recipient (public)."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(identity: str) -> str:
    """Return the public key of a private one. Errors: SealRefused `identity_malformed`."""
    return str(_identity(identity).to_public())


def identity_in(text: str) -> str:
    """Return the private key in a key file as `age-keygen` writes it. Errors: SealRefused `identity_malformed`."""
    found = _LINE.search(text)
    if found is None:
        raise SealRefused("identity_malformed", "A key file with one AGE-SECRET-KEY-1… line is expected")
    return found.group().strip()


def seal(text: bytes, recipient: str) -> bytes:
    """Encrypt content for the holder of the recipient's private key. Errors: SealRefused `recipient_malformed`."""
    try:
        key = x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise SealRefused("recipient_malformed", "A public key as age1… is expected") from error
    envelope: bytes = pyrage.encrypt(text, [key])
    return envelope


def unseal(envelope: bytes, identity: str) -> bytes:
    """Decrypt an envelope. Errors: SealRefused `envelope_unreadable` for a wrong key or damaged content."""
    key = _identity(identity)
    try:
        text: bytes = pyrage.decrypt(envelope, [key])
    except pyrage.DecryptError as error:
        raise SealRefused("envelope_unreadable", "The envelope was encrypted for another key, or is damaged") from error
    return text


def _identity(text: str) -> x25519.Identity:
    try:
        return x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise SealRefused("identity_malformed", "A private key as AGE-SECRET-KEY-1… is expected") from error
