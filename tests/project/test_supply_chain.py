"""The supply chain: minimum versions, exact versions with hashes, licences, a bill of materials, pinned models."""

import json
import re
import runpy
import shutil
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import rapidocr
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from app.evidence.reading.recognition import ocr

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"
LOCKS = [ROOT / "requirements" / name for name in ("runtime.lock", "dev.lock")]
LICENCES = runpy.run_path(str(SCRIPTS / "licences.py"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
ASKED = {canonicalize_name(one.name): one for one in map(Requirement, PROJECT["dependencies"])}
INDIRECT = {
    canonicalize_name(one.name): one for one in map(Requirement, PYPROJECT["tool"]["uv"]["constraint-dependencies"])
}

# Versions below these have known vulnerabilities.
FLOORS = {
    "cryptography": "48",
    "h11": "0.16",  # chunks whose line ends were not checked
    "pdfminer-six": "20260107",  # character maps read as pickles
    "protobuf": "6.33.5",  # endless recursion of nested messages
    "pdfplumber": "0.11.9",  # its pdfminer read pickles beside a PDF
    "pillow": "12.3",
    "python-multipart": "0.0.32",  # endless preambles, file names that left their folder
    "starlette": "1.5.1",  # quadratic ranges, unbounded forms
    "pyyaml": "6.0.3",
    "pikepdf": "10.1",
    "pypdfium2": "5.9",
}
TOKEN_LIBRARIES = {
    "authlib",
    "itsdangerous",
    "josepy",
    "joserfc",
    "jwcrypto",
    "jwt",
    "pyjwt",
    "python-jose",
    "python-jwt",
}


@pytest.fixture(scope="module")
def locked():
    return {lock.name: list(LICENCES["locked"](lock)) for lock in LOCKS}


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_no_version_below_the_floor_can_be_installed(name, floor, locked):
    lowest = [Version(part.version) for part in (ASKED | INDIRECT)[name].specifier if part.operator == ">="]
    assert lowest, f"{name} has no floor in pyproject.toml"
    assert max(lowest) >= Version(floor)
    assert Version(metadata.version(name)) >= Version(floor)
    for lock, packages in locked.items():
        versions = [Version(package.version) for package in packages if package.name == name]
        assert versions, f"{name} is not in {lock}"
        assert min(versions) >= Version(floor), lock


def test_every_indirect_floor_is_held():
    assert set(INDIRECT) <= set(FLOORS)
    assert not set(INDIRECT) & set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_the_lock_and_what_is_installed_are_what_is_asked_for(name, locked):
    for lock, packages in locked.items():
        versions = [package.version for package in packages if package.name == name and package.applies]
        assert versions, f"{name} is not in {lock}: run `make lock`"
        assert all(ASKED[name].specifier.contains(version) for version in versions), lock
        assert metadata.version(name) in versions, f"another {name} is installed than {lock} says"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_of_a_lock_is_exact_and_hashed_and_no_host_is_named(lock, locked):
    for package in locked[lock.name]:
        assert package.hashes, package.name
        assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in package.hashes), package.name
    text = lock.read_text("utf-8")
    assert not re.search(
        r"://|^\s*--?(i|f|e|index-url|extra-index-url|find-links|trusted-host)\b| @ ", text, re.MULTILINE
    )


def test_both_locks_agree(locked):
    runtime, dev = ({(p.name, p.version) for p in packages} for packages in locked.values())
    assert runtime <= dev


def test_a_lock_with_a_host_or_without_a_hash_would_be_noticed(tmp_path):
    lock = tmp_path / "x.lock"
    lock.write_text("one==1.0\ntwo==2.0 ; sys_platform == 'nowhere' \\\n    --hash=sha256:" + "a" * 64 + "\n")
    one, two = LICENCES["locked"](lock)
    assert (one.hashes, one.applies) == ((), True)
    assert (two.hashes, two.applies) == (("a" * 64,), False)


def test_what_runs_is_under_licences_that_are_known_and_allowed(locked):
    told = {package.name: LICENCES["licence"](package.name) for package in locked["runtime.lock"] if package.applies}
    assert len(told) > 80
    assert not {name: said for name, said in told.items() if LICENCES["refused"](said)}


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (None, True),
        ("AGPL-3.0-only", True),
        ("GPL-3.0-or-later", True),
        ("MIT AND AGPL-3.0-or-later", True),
        ("MIT OR GPL-2.0-only", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", False),
        ("MIT", False),
        ("Commercial", True),
    ],
)
def test_copyleft_that_reaches_us_and_silence_are_refused(said, refused):
    assert LICENCES["refused"](said) is refused


def test_the_licence_that_no_metadata_state_is_named():
    assert metadata.metadata("pyrage").get("License-Expression") is None, "then the entry in scripts/licences.py can go"
    assert LICENCES["licence"]("pyrage") == "MIT"


def test_the_bill_of_materials_is_whole_valid_and_the_same_each_time(monkeypatch, locked):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    bill = runpy.run_path(str(SCRIPTS / "sbom.py"))["bill"]
    text = bill()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert bill() == text
    document = json.loads(text)
    assert document["metadata"]["component"]["name"] == "bidscreen"
    listed = {(part["name"], part.get("version")) for part in document["components"]}
    assert {(package.name, package.version) for package in locked["runtime.lock"]} <= listed
    assert {name for name, version in listed if version is None} == set(ocr.MODELS)
    assert "://" not in re.sub(r"https?://cyclonedx\.org\S*", "", text)
    direct = next(one for one in document["dependencies"] if one["ref"] == "bidscreen")["dependsOn"]
    assert {ref.partition("==")[0] for ref in direct} == set(ASKED)


def test_no_token_library_is_installed_with_the_service(locked):
    assert not TOKEN_LIBRARIES & {package.name for package in locked["runtime.lock"]}
    imported = re.compile(
        rf"^\s*(?:import|from) (?:{'|'.join(name.replace('-', '_') for name in TOKEN_LIBRARIES)}|jose)\b", re.M
    )
    sources = list((ROOT / "app").rglob("*.py"))
    assert len(sources) > 200
    assert not [path for path in sources if imported.search(path.read_text("utf-8"))]


def test_a_model_that_is_not_the_pinned_one_is_not_loaded(monkeypatch, tmp_path):
    source = Path(rapidocr.__file__).parent / "models"
    (tmp_path / "models").mkdir()
    for name in ocr.MODELS:
        shutil.copy(source / name, tmp_path / "models" / name)
    monkeypatch.setattr(sys.modules["rapidocr"], "__file__", str(tmp_path / "__init__.py"))
    assert ocr._models() == tmp_path / "models"
    changed = tmp_path / "models" / next(iter(ocr.MODELS))
    whole = bytearray(changed.read_bytes())
    whole[len(whole) // 2] ^= 1
    changed.write_bytes(whole)
    with pytest.raises(ocr.ModelsChanged):
        ocr.Recogniser()
