"""The checkpoint signing key: derived from the instance secret or read from a key file; never stored in the database."""

from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from app.platform.audit.offline.hashing import checkpoint_line, key_id, signed_bytes

PURPOSE = "audit/checkpoints"


class SigningKeyUnusable(Exception):
    """The key file cannot be read or is not an unencrypted Ed25519 private key (PEM, PKCS#8)."""


class Signer:
    """Signs checkpoints (Ed25519, RFC 8032)."""

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.public = self._key.public_key()
        self.key_id = key_id(self.public)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Return the key in a PEM file, as `openssl genpkey -algorithm ed25519` writes it."""
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, TypeError, ValueError) as error:
            raise SigningKeyUnusable(f"{path}: an Ed25519 private key in PEM is expected") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise SigningKeyUnusable(f"{path}: an Ed25519 private key in PEM is expected")
        return cls(key.private_bytes_raw())

    def line(self, body: dict[str, Any]) -> bytes:
        """Return the signed checkpoint as one line."""
        return checkpoint_line(body, self._key.sign(signed_bytes(body)))

    def public_pem(self) -> bytes:
        """Return the public key (PEM). Verifiers get it once, through a channel other than the exports."""
        return self.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
