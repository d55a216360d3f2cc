"""Streaming encryption in authenticated pieces (STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).

magic ‖ salt (32) ‖ pieces of 256 KiB, each AES-256-GCM under a key of this file alone (HKDF of data key and salt). The nonce is
the piece's number and a flag on the last one, so pieces can't be dropped, doubled, reordered, moved to another file or cut off.
"""

import os
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"BSF1"
SALT_BYTES, TAG_BYTES = 32, 16
PIECE = 256 * 1024
HEAD = len(MAGIC) + SALT_BYTES


class StreamBroken(ValueError):
    """The ciphertext was modified, reordered or truncated, or belongs to another key."""


def encrypted(read: Callable[[int], bytes], secret: bytes, context: str) -> Iterator[bytes]:
    """Encrypt what `read` returns until it returns nothing; `secret` has 32 bytes."""
    salt = os.urandom(SALT_BYTES)
    cipher, said = _cipher(secret, salt), context.encode()
    yield MAGIC + salt
    number, piece = 0, read(PIECE)
    while True:
        following = read(PIECE) if len(piece) == PIECE else b""
        yield cipher.encrypt(_nonce(number, last=not following), piece, said)
        if not following:
            return
        number, piece = number + 1, following


def decrypted(pieces: Iterable[bytes], secret: bytes, context: str) -> Iterator[bytes]:
    """Decrypt the pieces; StreamBroken at the first wrong piece, or at the end if the last is missing."""
    held, source = bytearray(), iter(pieces)
    _fill(held, source, HEAD)
    if bytes(held[: len(MAGIC)]) != MAGIC or len(held) < HEAD:
        raise StreamBroken("not an encrypted file")
    cipher, said = _cipher(secret, bytes(held[len(MAGIC) : HEAD])), context.encode()
    del held[:HEAD]
    number, size = 0, PIECE + TAG_BYTES
    while True:
        _fill(held, source, size + 1)
        last = len(held) <= size
        try:
            yield cipher.decrypt(_nonce(number, last=last), bytes(held[:size]), said)
        except InvalidTag:
            raise StreamBroken(f"piece {number} is not what was encrypted") from None
        if last:
            return
        del held[:size]
        number += 1


def _fill(held: bytearray, source: Iterator[bytes], wanted: int) -> None:
    while len(held) < wanted and (piece := next(source, None)) is not None:
        held += piece


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"bidscreen file").derive(secret))
