"""Progress of a long command on standard error: a bar on a terminal, or plain lines that a log can keep."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol

from rich.console import Console
from rich.progress import Progress

_DRAWN_EVERY = 50  # drawing a bar costs as much as screening a dossier
_PLAIN_SECONDS = 5.0


class Shown(StrEnum):
    """How to show progress."""

    AUTO = "auto"
    PLAIN = "plain"
    NONE = "none"


class Step(Protocol):
    """One step of the work: its name and the number of items."""

    def __call__(self, what: str, total: int) -> None:
        """Begin a step."""

    def advance(self) -> None:
        """Count one more item as done."""


class _Bar:
    def __init__(self, progress: Progress, every: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", visible=False)
        self._done, self._every = 0, every

    def __call__(self, what: str, total: int) -> None:
        self._done = 0
        self._progress.reset(self._task, description=what, total=total, visible=True)

    def advance(self) -> None:
        self._done += 1
        if self._done % self._every == 0:
            self._progress.update(self._task, completed=self._done)


class _Lines:
    """Writes a line when a step begins, every five seconds, and at its end."""

    def __init__(self) -> None:
        self._what, self._total, self._done = "", 0, 0
        self._next = 0.0

    def __call__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._say()

    def advance(self) -> None:
        self._done += 1
        if self._done == self._total or time.monotonic() >= self._next:
            self._say()

    def _say(self) -> None:
        self._next = time.monotonic() + _PLAIN_SECONDS
        sys.stderr.write(f"{self._what}: {self._done}/{self._total}\n")
        sys.stderr.flush()


@contextmanager
def progress(shown: str = Shown.AUTO, *, drawn_every: int = _DRAWN_EVERY) -> Iterator[Step]:
    """Yield the step to report to; `auto` draws a bar if standard error is a terminal and is silent otherwise."""
    if shown == Shown.PLAIN:
        yield _Lines()
        return
    console = Console(stderr=True)
    silent = shown == Shown.NONE or not console.is_terminal
    with Progress(console=console, disable=silent, transient=True) as bar:
        yield _Bar(bar, drawn_every)
