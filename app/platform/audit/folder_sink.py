"""A folder as a sink, for example mounted from the supervisor's machine; requires hard links."""

import os
import secrets
from pathlib import Path

from app.platform.audit.sinks import SinkConflict, SinkUnavailable, file_name


class FolderSink:
    """Each checkpoint is one file: created atomically, synced, and never overwritten."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """See CheckpointSink.name."""
        return self._folder.absolute().as_uri()

    def put(self, number: int, line: bytes) -> None:
        """See CheckpointSink.put."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o750)
            self._create(self._folder / file_name(number), line + b"\n")
        except OSError as error:
            raise SinkUnavailable(type(error).__name__) from error

    def _create(self, file: Path, content: bytes) -> None:
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            os.link(draft, file)  # a link never replaces an existing file
        except FileExistsError:
            if file.read_bytes() != content:
                raise SinkConflict(file.name) from None
        finally:
            draft.unlink()
        _sync(self._folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
