"""Generate the reference pages docs/settings.md and docs/problems.md from the code; tests check that they are current."""

import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from wording import WIDEST, columns

import app
from app.platform.problems import all_problems
from app.platform.settings import Settings
from app.tendering.policies.json_schema import policy_schema

DOCS = Path(__file__).parent.parent / "docs"

SETTINGS_HEAD = """# Settings

Every setting is an environment variable with the prefix `BIDSCREEN_`. `make docs` generates this page from
`app/platform/settings.py`; a test fails when they differ. The default is in brackets.

"""

SETTINGS_TAIL = """
## The secret key

Encryption of ID numbers and facts, keyed hashes, API keys and cursors depend on one root secret. Each key is derived
from it (HKDF), and every stored ciphertext names its key.

- With SQLite and no `BIDSCREEN_SECRET_KEY`, the first command creates `secret.key` in the data directory, readable
  by its owner only (mode 0600). **Back it up apart from the database**: it decrypts everything, and without it nothing
  encrypted can be recovered.
- With PostgreSQL the key must be given (32 characters or more, for example from `openssl rand -base64 48`), since
  several machines share the database. The service does not start without it.
- There is no default key.
- `BIDSCREEN_KEY_SOURCE` selects the source: `environment`, `file`, or `service` (a file that only a key service can
  unwrap). docs/privacy.md describes the key service, rotation, and what each key encrypts.
- `BIDSCREEN_PREVIOUS_SECRET_KEYS` (a JSON list) keeps previous keys for decryption until `bidscreen secrets rotate` has
  re-encrypted everything with the current one. API keys stay valid after a rotation.

## Databases and files

`BIDSCREEN_DATABASE_URL` takes `sqlite:///path` or `postgresql://user:password@host/name`. SQLite runs in WAL mode with
`synchronous=FULL`: an answered request survives a power cut. `BIDSCREEN_FILES_URL` takes `file:///path` or
`s3://bucket/prefix` (credentials and endpoint from the usual `AWS_*` variables). Files are stored by SHA-256 and
never changed.
"""

PROBLEMS_HEAD = """# Problems

Errors are `application/problem+json` (RFC 9457). `code` is stable; `pointer` is a JSON pointer to the place in the
input; `errors` lists every error with its `source` (body, query, path or header). The input is never repeated. `make
docs` generates this page; a test fails when a code is missing. Each item gives the code, the title, and when it occurs.
"""


def settings_page() -> str:
    """Return the content of docs/settings.md."""
    items = [
        f"`BIDSCREEN_{name.upper()}` ({_default(field.get_default(call_default_factory=True))}): {field.description}"
        for name, field in Settings.model_fields.items()
    ]
    return SETTINGS_HEAD + _list(items) + SETTINGS_TAIL


def problems_page() -> str:
    """Return the content of docs/problems.md. Every module is imported first, since problems register when defined."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = {kind.code: kind for kind in all_problems() if kind.__module__.startswith("app.")}
    ordered = sorted(kinds.values(), key=lambda kind: (kind.status, kind.code))
    sections = [
        f"\n## Status {status}\n\n" + _list([f"`{kind.code}` **{kind.title}**: {_first_line(kind)}" for kind in same])
        for status, same in groupby(ordered, key=lambda kind: kind.status)
    ]
    return PROBLEMS_HEAD + "".join(sections)


def policy_schema_page() -> str:
    """Return the content of docs/policy.schema.json."""
    return json.dumps(policy_schema(), ensure_ascii=False, indent=2) + "\n"


PAGES = {"settings.md": settings_page, "problems.md": problems_page, "policy.schema.json": policy_schema_page}


def _default(value: object) -> str:
    return f"`{value}`" if value not in ("", None, []) else "none"


def _first_line(kind: type) -> str:
    """Return the first paragraph of the docstring."""
    return " ".join((inspect.getdoc(kind) or "").partition("\n\n")[0].split())


def _list(items: Iterable[str]) -> str:
    """Return a list in Markdown, wrapped at 120 columns; a Chinese character takes two, a code span is never broken."""
    lines = []
    for item in items:
        line, empty = "- ", True
        for word in re.findall(r"(?:`[^`]*`|[^\s`])+", item):
            if not empty and columns(line) + 1 + columns(word) > WIDEST:
                lines.append(line)
                line, empty = "  ", True
            line, empty = line + ("" if empty else " ") + word, False
        lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
