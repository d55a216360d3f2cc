"""The process that only the demo starts: it prints the first API key, or serves with the demo's clock."""

import sys
from dataclasses import replace

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create
from app.entrypoints.bootstrap import from_environment
from app.entrypoints.server import serve
from app.platform.access.roles import Role
from app.platform.database.in_use import in_use
from app.platform.unit_of_work import Platform
from app.sample.demo.clock import FILE, TurnedClock


def platform() -> Platform:
    """Return the platform as the environment configures it, with the clock file in its data directory."""
    built = from_environment(announced=False)
    return replace(built, clock=TurnedClock(built.settings.data_dir / FILE), watch=None)


def main() -> None:
    """`key` prints an API key of the role admin; `serve` runs until SIGTERM or SIGINT."""
    if sys.argv[1:2] == ["key"]:
        with platform().work() as work:
            print(create(work, "demo", Binding(Role.ADMIN))[1])
    else:
        built = platform()
        with in_use(built.settings.data_dir):
            serve(built)


if __name__ == "__main__":
    main()
