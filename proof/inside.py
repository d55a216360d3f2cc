"""What runs first in a process of the product that is put to the proof; then the command line runs as always."""

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from app.entrypoints import bootstrap
from app.entrypoints.cli.main import main as command
from app.platform.clock import WatchedClock
from proof.boundary import PLACE, enter

OFFSET = "PROOF_OFFSET"  # seconds to add to the machine's clock, for tenders whose dates are fixed
JUMP = "PROOF_JUMP"  # a file with further seconds, so that the clock can jump while the process runs


def main() -> None:
    """Set the clock, go behind the boundary, be `bidscreen`."""
    offset = timedelta(seconds=float(os.environ.pop(OFFSET, "0")))
    jump = Path(os.environ.pop(JUMP, "/nowhere"))

    def wall() -> datetime:
        later = timedelta(seconds=float(jump.read_text("utf-8"))) if jump.exists() else timedelta()
        return datetime.now(UTC) + offset + later

    if offset:
        bootstrap.WatchedClock = partial(WatchedClock, wall)  # type: ignore[assignment,misc]
    place = os.environ.pop(PLACE, "")
    if place:
        enter(place)
    command()
