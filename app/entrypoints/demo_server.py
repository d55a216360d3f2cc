"""The demo's own process: the service on the demo's clock, or its first key. Nobody else starts it."""

import sys
from dataclasses import replace

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create
from app.entrypoints.bootstrap import from_environment
from app.entrypoints.server import serve
from app.platform.access.roles import Role
from app.platform.unit_of_work import Platform
from app.sample.demo.clock import FILE, TurnedClock


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
