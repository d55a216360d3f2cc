"""Interface of checkpoint sinks: a sink accepts each checkpoint once and never replaces it."""

from typing import Protocol


class SinkUnavailable(Exception):
    """The checkpoint could not be delivered; it is kept and retried."""


class SinkConflict(Exception):
    """The sink holds a different checkpoint with that number: the trail was forked. Nothing is overwritten."""


class CheckpointSink(Protocol):
    """A write-once place outside the database."""

    @property
    def name(self) -> str:
        """Its address without credentials."""

    def put(self, number: int, line: bytes) -> None:
        """Store a checkpoint's line durably before returning; the same line again changes nothing.

        Raises SinkUnavailable, SinkConflict. A sink that cannot be read back (a log) accepts the same line twice.
        """


def file_name(number: int) -> str:
    """Return the name of a checkpoint in sinks with names; names sort in numeric order."""
    return f"checkpoint-{number:012d}.json"
