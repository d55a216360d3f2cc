"""The build of the console: the typed client matches the API, the lock names no host, no built file is committed."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "console.py"))
LISTS = {"tenders", "matrix", "leads", "notices", "jobs", "audit"}

pytestmark = pytest.mark.sqlite_only


@pytest.mark.skipif(not (CONSOLE / "node_modules").is_dir(), reason="the console's packages are not installed")
def test_the_client_is_generated_from_the_api_as_it_is() -> None:
    changed = SCRIPT["check_client"]()
    assert not changed, f"run `make console-client`: {changed}"


@pytest.mark.skipif(not (CONSOLE / "node_modules").is_dir(), reason="the console's packages are not installed")
def test_another_generator_makes_types_that_compile(tmp_path: Path) -> None:
    """openapi-typescript, which many front ends use, generates without a warning, and its types pass the compiler."""
    document, made = tmp_path / "openapi.json", CONSOLE / "src" / "api" / f"other-{tmp_path.name}.d.ts"
    document.write_text(json.dumps(SCRIPT["openapi_document"](str(tmp_path))), "utf-8")
    try:
        told = subprocess.run(
            [CONSOLE / "node_modules" / ".bin" / "openapi-typescript", document, "-o", made],
            env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert made.stat().st_size > 100_000
        assert "interface components" in made.read_text("utf-8")
        SCRIPT["npm"]("exec", "--", "tsc", "--noEmit", "--skipLibCheck", "false", "--strict", str(made))
        assert not re.search("warn|error", told.stdout + told.stderr, re.IGNORECASE)
    finally:
        made.unlink(missing_ok=True)


def test_the_lock_names_no_host_and_no_donation_page() -> None:
    text = (CONSOLE / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    assert all("funding" not in package for package in json.loads(text)["packages"].values())


def test_versions_are_exact() -> None:
    package = json.loads((CONSOLE / "package.json").read_text("utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(version[0].isdigit() for version in versions.values()), versions


def test_built_files_are_not_committed() -> None:
    kept = subprocess.run(["git", "ls-files", SCRIPT["BUILT"]], cwd=ROOT, capture_output=True, text=True, check=True)
    assert kept.stdout == ""


def test_a_source_changes_the_hash_and_a_test_does_not(tmp_path, monkeypatch) -> None:
    build = SCRIPT["sources_hash"]
    monkeypatch.setitem(build.__globals__, "CONSOLE", tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.ts").write_text("1", "utf-8")
    first = build()
    (tmp_path / "src" / "main.test.ts").write_text("1", "utf-8")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "index.js").write_text("1", "utf-8")
    assert build() == first
    (tmp_path / "src" / "main.ts").write_text("2", "utf-8")
    assert build() != first


@pytest.mark.skipif(not (SCRIPT["BUILT"] / "console" / "manifest.json").is_file(), reason="the console is not built")
def test_first_loads_stay_within_their_limits() -> None:
    """Bytes (gzip): entry 170 kB, any page's first load 450 kB, each further page 60 kB."""
    loads = {name: (first, more) for name, first, more in SCRIPT["loads"]()}
    assert loads["entry"][0] <= 170_000
    assert {name: first for name, (first, _) in loads.items() if first > 450_000} == {}
    assert {name: first for name, (first, _) in loads.items() if name in LISTS and first > 350_000} == {}
    assert {name: more for name, (_, more) in loads.items() if more > 60_000 and name != "login"} == {}


@pytest.mark.skipif(not (CONSOLE / "node_modules").is_dir(), reason="the console's packages are not installed")
def test_the_logic_of_the_pages() -> None:
    SCRIPT["npm"]("run", "test")


UNSAFE = re.compile(
    r"dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|"
    r"\bpostMessage\(|addEventListener\([\"']message[\"']"
)


def test_no_source_writes_markup_or_runs_text() -> None:
    sources = [path for path in (ROOT / "console/src").rglob("*.ts*") if "generated" not in path.parts]
    assert len(sources) > 50
    assert not [path.name for path in sources if UNSAFE.search(path.read_text("utf-8"))]
    assert UNSAFE.search("<p dangerouslySetInnerHTML={{ __html: text }} />")
