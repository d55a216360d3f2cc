"""The official OCDS schema with its extensions merged in, where a copy is available."""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path

from jsonschema import Draft4Validator, FormatChecker

FOLDER = Path(os.environ.get("OCDS_SCHEMAS", Path(__file__).parents[4] / "shared" / "ocds"))
RELEASE, RECORD = "release-package-schema.json", "record-package-schema.json"


def merged(target, patch):
    """JSON Merge Patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def release_schema():
    """The release schema with every extension of the folder."""
    schema = _json(FOLDER / "1.1.5" / "release-schema.json")
    for extension in sorted((FOLDER / "extensions").iterdir()):
        schema = merged(schema, _json(extension / "release-schema.json"))
    return schema


def errors(release) -> list[str]:
    """Return what is wrong with one release: against the schema, unknown members, and closed codelists."""
    schema = release_schema()
    found = [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(release)]
    return found + list(_unknown(release, schema, schema, "$")) + list(_codes(release, schema, schema, "$"))


def package_errors(package, name) -> list[str]:
    """Return what is wrong with the envelope of a package; its releases are validated one by one."""
    schema = _json(FOLDER / "1.1.5" / name)
    for parent in (schema, schema.get("definitions", {}).get("record", {})):
        for member in ("releases", "compiledRelease", "versionedRelease"):
            parent.get("properties", {}).pop(member, None)
    return [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(package)]


def validator(schema):
    return Draft4Validator(schema, format_checker=FormatChecker())


def _json(path):
    return json.loads(path.read_text("utf-8"))


def _resolved(schema, root):
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    return schema


def _walk(value, schema, root, at) -> Iterator[tuple]:
    schema = _resolved(schema, root)
    yield value, schema, at
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                yield from _walk(inner, schema["properties"][name], root, f"{at}.{name}")
    elif isinstance(value, list) and "items" in schema:
        for number, inner in enumerate(value):
            yield from _walk(inner, schema["items"], root, f"{at}[{number}]")


def _unknown(value, schema, root, at) -> Iterator[str]:
    for inner, known, place in _walk(value, schema, root, at):
        if isinstance(inner, dict) and "properties" in known:
            yield from (f"{place}.{name} is not in the schema" for name in inner if name not in known["properties"])


def _codes(value, schema, root, at) -> Iterator[str]:
    for inner, known, place in _walk(value, schema, root, at):
        if known.get("codelist") and not known.get("openCodelist"):
            codes = _codelist(known["codelist"])
            yield from (f"{place}: {one} is not in {known['codelist']}" for one in _listed(inner) if one not in codes)


def _listed(value):
    return value if isinstance(value, list) else [value]


def _codelist(name):
    path = next(path for path in FOLDER.rglob(name))
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["Code"] for row in csv.DictReader(lines)}
