"""Set up `.venv` from a hashed lock, reporting each step and its duration.

    install.py VENV runtime what the service needs to run: enough for the demo and for serving
    install.py VENV dev in addition what tests and linters need

Runs on the machine's own Python before anything is installed: standard library only.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = {which: ROOT / "requirements" / f"{which}.lock" for which in ("runtime", "dev")}
NEEDS = (3, 11)
POINTER = "bidscreen-from-here.pth"
_REPORT_EVERY = 25  # packages per line of progress, if the output is not a terminal


def packages(lock: Path) -> int:
    """Count the packages that a lock names (each once, whatever its markers)."""
    lines = lock.read_text("utf-8").splitlines()
    return len({line.partition("==")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))})


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announce a step, then state how long it took."""
    print(f"→ {what}", flush=True)
    began = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - began:.0f} s", flush=True)


def pip(venv: Path, arguments: list[str], note: Callable[[str], None]) -> None:
    """Run pip of the environment; `note` gets each line it prints. Ends the process with pip's status when it fails."""
    command = [str(venv / "bin" / "pip"), "install", "--disable-pip-version-check", "--progress-bar", "off", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        output = []
        for line in process.stdout or ():
            output.append(line)
            note(line)
    if process.returncode:
        sys.stderr.write("".join(output[-30:]))
        sys.exit(process.returncode)


def counter(total: int) -> Callable[[str], None]:
    """Return a function that shows pip's progress: in place on a terminal, else a line per twenty-five packages."""
    seen = 0

    def note(line: str) -> None:
        nonlocal seen
        if line.startswith(("Collecting ", "Processing ")):
            seen += 1
            name = line.split()[1].rpartition("/")[2].partition("==")[0][:40]
            if sys.stdout.isatty():
                print(f"\r  fetching {seen} of up to {total}: {name:<40}", end="", flush=True)
            elif seen % _REPORT_EVERY == 0:
                print(f"  fetching {seen} of up to {total}", flush=True)
        elif line.startswith("Installing collected packages"):
            start = "\r" if sys.stdout.isatty() else ""
            print(f"{start}  unpacking {seen} packages{' ' * 40}".rstrip() + " …", flush=True)

    return note


def link(venv: Path) -> None:
    """Make `bidscreen` runnable from this folder without building it, which would need a build backend."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (venv / "lib" / version / "site-packages" / POINTER).write_text(f"{ROOT}\n", "utf-8")
    command = venv / "bin" / "bidscreen"
    command.write_text(
        f"#!{venv.resolve() / 'bin' / 'python'}\nfrom app.entrypoints.cli.main import main\nmain()\n", "utf-8"
    )
    command.chmod(0o755)


def unlink(venv: Path) -> None:
    """Remove what `link` created: the editable installation replaces it."""
    for pointer in venv.glob(f"lib/*/site-packages/{POINTER}"):
        pointer.unlink()
    (venv / "bin" / "bidscreen").unlink(missing_ok=True)


def main() -> int:
    """Create the environment, install the lock, then the project itself."""
    if sys.version_info < NEEDS:
        sys.stderr.write(f"bidscreen needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable})\n")
        return 1
    venv, which = Path(sys.argv[1]), sys.argv[2]
    lock = LOCKS[which]
    if not (venv / "bin" / "pip").exists():
        with step(f"creating {venv} with Python {sys.version.split()[0]}"):
            subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    with step(f"installing pinned packages from {lock.relative_to(ROOT)}; the first time takes some minutes"):
        # Not compiled in advance: Python compiles modules on import, a third of all.
        pip(venv, ["--no-compile", "--no-deps", "--require-hashes", "-r", str(lock)], counter(packages(lock)))
    with step("installing bidscreen itself"):
        if which == "runtime":
            link(venv)
        else:
            unlink(venv)
            pip(venv, ["--quiet", "--no-deps", "--no-build-isolation", "-e", str(ROOT)], lambda _line: None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
