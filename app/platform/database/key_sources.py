"""Where the instance's secret comes from: the environment, a file, or a file that only a key service can unwrap."""

import base64
import binascii
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import httpx2

from app.platform.database.keys import read_or_create

LEAST_CHARACTERS = 32
_SECONDS = 10.0


class SecretUnavailable(Exception):
    """The secret is missing or too short, or its key service failed."""


class SecretFixed(Exception):
    """This source can only be changed by the operator, not by a command."""


class KeySource(Protocol):
    """Supplies the secrets of the instance: the current one first, then the previous ones."""

    def secrets(self) -> Sequence[str]:
        """At least one secret of 32 characters or more. Raises SecretUnavailable."""

    def renew(self) -> None:
        """Put a new secret first. Raises SecretFixed where a command cannot."""

    def forget(self) -> None:
        """Drop all but the current secret. Raises SecretFixed."""


class EnvironmentSource:
    """BIDSCREEN_SECRET_KEY and BIDSCREEN_PREVIOUS_SECRET_KEYS."""

    def __init__(self, current: str, previous: Sequence[str]) -> None:
        self._given = [current, *previous]

    def secrets(self) -> Sequence[str]:
        """See KeySource.secrets."""
        return _checked(self._given)

    def renew(self) -> None:
        """Raise SecretFixed: the operator sets the variables."""
        raise SecretFixed("set BIDSCREEN_SECRET_KEY to a new secret, the old one into BIDSCREEN_PREVIOUS_SECRET_KEYS")

    def forget(self) -> None:
        """Raise SecretFixed: the operator sets the variables."""
        raise SecretFixed("remove the old secret from BIDSCREEN_PREVIOUS_SECRET_KEYS")


class FileSource:
    """A file readable only by its owner, one secret per line, the current one first; created on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def secrets(self) -> Sequence[str]:
        """See KeySource.secrets."""
        try:
            return _checked(_lines(read_or_create(self.path)))
        except (OSError, UnicodeDecodeError) as error:
            raise SecretUnavailable(f"{self.path} cannot be read") from error

    def renew(self) -> None:
        """See KeySource.renew."""
        replace_file(self.path, [secrets.token_urlsafe(48), *self.secrets()])

    def forget(self) -> None:
        """See KeySource.forget."""
        replace_file(self.path, self.secrets()[:1])


class KeyService:
    """The client of a key service: two calls, `wrap` and `unwrap`, over HTTP or a Unix socket (docs/privacy.md).

    POST {url}/wrap {"plaintext": base64} → {"ciphertext": text}; POST {url}/unwrap {"ciphertext": text} → {"plaintext": base64}.
    """

    def __init__(self, url: str, token: str | None) -> None:
        socket = url.removeprefix("unix:") if url.startswith("unix:") else None
        self._url = "http://key-service" if socket else url.rstrip("/")
        self._transport = httpx2.HTTPTransport(uds=socket) if socket else None
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def wrap(self, plain: bytes) -> str:
        """Return the wrapped text of these bytes. Raises SecretUnavailable."""
        wrapped = self._ask("wrap", {"plaintext": base64.b64encode(plain).decode()}, "ciphertext")
        if not wrapped.isprintable() or not wrapped:
            raise SecretUnavailable("the key service returned an invalid ciphertext")
        return wrapped

    def unwrap(self, wrapped: str) -> bytes:
        """Return the unwrapped bytes. Raises SecretUnavailable."""
        try:
            return base64.b64decode(self._ask("unwrap", {"ciphertext": wrapped}, "plaintext"), validate=True)
        except binascii.Error:
            raise SecretUnavailable("the key service did not return base64") from None

    def _ask(self, call: str, body: dict[str, str], member: str) -> str:
        try:
            with httpx2.Client(transport=self._transport, timeout=_SECONDS, headers=self._headers) as client:
                answer = client.post(f"{self._url}/{call}", json=body)
            found = answer.json()[member] if answer.status_code == httpx2.codes.OK else None
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            raise SecretUnavailable(f"the key service returned an invalid response to `{call}`") from error
        if not isinstance(found, str):
            raise SecretUnavailable(f"the key service refused `{call}` (status {answer.status_code})")
        return found


class ServiceSource:
    """A file of wrapped secrets, one per line; useless without the key service."""

    def __init__(self, path: Path, service: KeyService) -> None:
        self._path, self._service = path, service

    def secrets(self) -> Sequence[str]:
        """See KeySource.secrets."""
        try:
            if not self._path.exists():
                self._write([secrets.token_urlsafe(48)])
            return _checked([self._service.unwrap(line).decode() for line in _lines(self._path.read_text("utf-8"))])
        except (OSError, UnicodeDecodeError) as error:
            raise SecretUnavailable(f"{self._path} cannot be read") from error

    def renew(self) -> None:
        """See KeySource.renew."""
        self._write([secrets.token_urlsafe(48), *self.secrets()])

    def forget(self) -> None:
        """See KeySource.forget."""
        self._write(self.secrets()[:1])

    def _write(self, plain: Sequence[str]) -> None:
        replace_file(self._path, [self._service.wrap(one.encode()) for one in plain])


def replace_file(path: Path, lines: Sequence[str]) -> None:
    """Atomically replace a file readable only by its owner."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _checked(given: Sequence[str]) -> Sequence[str]:
    if not given or any(len(one) < LEAST_CHARACTERS for one in given):
        raise SecretUnavailable(f"a secret of {LEAST_CHARACTERS} characters or more is expected")
    return given
