"""What the service knows of the places that checkpoints go to: they take a line once, and never another in its place."""

from typing import Protocol


class SinkUnavailable(Exception):
    """The line could not be delivered now; it is kept and tried again."""


class SinkConflict(Exception):
    """The sink holds another checkpoint of that number: somebody has told another story. It is never overwritten."""


class CheckpointSink(Protocol):
    """A write-once place outside the database."""

    @property
    def name(self) -> str:
        """Its address without credentials."""

    def put(self, number: int, line: bytes) -> None:
        """Keeps a checkpoint's line for good before returning; the same line again is no change.

        SinkUnavailable, SinkConflict. A sink that cannot be read back (a log) takes the same line twice.
        """


def file_name(number: int) -> str:
    """The name of a checkpoint where a sink has names; they sort as the numbers do."""
    return f"checkpoint-{number:012d}.json"
