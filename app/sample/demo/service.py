"""The demo's service: a separate process on a free port of 127.0.0.1, with a fresh data directory, ended with the demo."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2

from app.platform.database.in_use import is_in_use

COMMAND = (sys.executable, "-c", "from app.entrypoints.cli.main import main; main()")
SERVICE = (sys.executable, "-m", "app.entrypoints.demo_server")
_ADDRESS = re.compile(r"^listening on (http://\S+)$", re.MULTILINE)
_OURS = ".demo"
_READY_SECONDS = 60.0
_STOP_SECONDS = 30.0


class DemoFailed(Exception):
    """The demo cannot continue; the message states why."""


def fresh_directory(data: Path) -> None:
    """Create an empty data directory; an earlier demo's is removed, any other is left untouched."""
    if data.exists():
        if not (data / _OURS).is_file():
            raise DemoFailed(f"{data} exists and was not made by the demo; choose another --out")
        if is_in_use(data):
            raise DemoFailed(f"{data} is being served: stop that service first, or choose another --out")
        shutil.rmtree(data)
    data.mkdir(parents=True)
    (data / _OURS).write_text("This data was made by `bidscreen demo`; the next demo removes it.\n", "utf-8")


def command(*arguments: object, env: Mapping[str, str] | None = None) -> str:
    """Run a command and return its output; DemoFailed where it ends with a status other than 0."""
    done = subprocess.run(  # noqa: S603  this package itself
        [*COMMAND, *map(str, arguments)], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DemoFailed(f"bidscreen {arguments[0]} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout.strip()


def first_key(data: Path) -> str:
    """Create the first key, of the role admin, beside the service as an operator does."""
    done = subprocess.run(  # noqa: S603  this package itself
        [*SERVICE, "key"], env=environment(data), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DemoFailed(f"no first key could be created: {done.stderr.strip()[-500:]}")
    return done.stdout.split()[-1]


@contextmanager
def serving(data: Path, log: Path, **settings: str) -> Iterator[str]:
    """Run the service during the block; yields its address once `/health` answers. `log` receives its output.

    `settings`: further settings, named without their prefix.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  this package itself
            [*SERVICE, "serve"],
            env=environment(data, **settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _ready(process, log)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment(data: Path, **settings: str) -> Mapping[str, str]:
    """Return the caller's environment without its own bidscreen settings, so that the demo touches only its data."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIDSCREEN_")}
    jobs = str(min(4, os.cpu_count() or 1))
    own = {"DATA_DIR": str(data), "HOST": "127.0.0.1", "PORT": "0", "JOBS": jobs, **settings}
    return {**kept, **{f"BIDSCREEN_{name}": value for name, value in own.items()}}


def _ready(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise DemoFailed(f"the service ended with status {process.returncode}; see {log}")
        found = _ADDRESS.search(log.read_text("utf-8", "replace"))
        if found and _healthy(found[1]):
            return found[1]
        time.sleep(0.05)
    raise DemoFailed(f"the service did not answer within {_READY_SECONDS:.0f} s; see {log}")


def _healthy(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/api/v1/health", timeout=5, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False
