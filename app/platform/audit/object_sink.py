"""An object store as a sink: create-only puts, retained by the bucket's object lock (docs/audit.md)."""

import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlparse

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore, from_url

from app.platform.audit.sinks import SinkConflict, SinkUnavailable, file_name

PATIENCE = timedelta(seconds=10)


class ObjectSink:
    """One object for each checkpoint, put with create-only semantics (`If-None-Match: *` on S3)."""

    def __init__(self, url: str, store: ObjectStore | None = None) -> None:
        parts = urlparse(url)
        self._name = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
        self._store: ObjectStore = store or from_url(url, **_options(parts.scheme))

    @property
    def name(self) -> str:
        """See CheckpointSink.name."""
        return self._name

    def put(self, number: int, line: bytes) -> None:
        """See CheckpointSink.put."""
        content = line + b"\n"
        try:
            obstore.put(self._store, file_name(number), content, mode="create")
        except AlreadyExistsError:
            self._compare(number, content)
        except (BaseError, OSError) as error:
            raise SinkUnavailable(type(error).__name__) from error

    def _compare(self, number: int, content: bytes) -> None:
        try:
            found = bytes(obstore.get(self._store, file_name(number)).bytes())
        except (BaseError, OSError) as error:
            raise SinkUnavailable(type(error).__name__) from error
        if found != content:
            raise SinkConflict(file_name(number))


def _options(scheme: str) -> dict[str, Any]:
    """Client options: bounded timeouts, and on S3 a checksum, which buckets with object lock require.

    Options given here override the environment's, so permission to use plain HTTP is passed on.
    """
    plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("true", "1")
    options: dict[str, Any] = {
        "client_options": {"timeout": PATIENCE, "connect_timeout": PATIENCE, "allow_http": plain},
        "retry_config": {"max_retries": 1, "retry_timeout": PATIENCE},
    }
    if scheme == "memory":
        return {}
    if scheme == "s3":
        options["config"] = {"checksum_algorithm": "SHA256"}
    return options
