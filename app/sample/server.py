"""The demo's own process: the service on the demo's clock, or its first key. Nobody else starts it."""

import sys
from dataclasses import replace

from app.access.binding import Binding
from app.access.roles import Role
from app.access.service import create
from app.bootstrap import from_environment
from app.sample.demo_clock import FILE, TurnedClock
from app.web.server import serve
from app.work import Platform


def platform() -> Platform:
    """The platform that the environment describes, with the clock in its data directory."""
    built = from_environment()
    return replace(built, clock=TurnedClock(built.settings.data_dir / FILE), watch=None)


def main() -> None:
    """`key` prints a key of the role admin; `serve` serves until it is told to stop."""
    if sys.argv[1:2] == ["key"]:
        with platform().work() as work:
            print(create(work, "demo", Binding(Role.ADMIN))[1])
    else:
        serve(platform())


if __name__ == "__main__":
    main()
