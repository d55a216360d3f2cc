"""Join the verifier's modules to the one file that is given to verifiers."""

import ast
from importlib import resources

PACKAGE = __package__ or ""
MODULES = ("hashing", "lines", "events", "rows", "witness", "verification", "command")  # each after those it imports
HEAD = '''"""Verify an export of the audit trail independently of the service: needs only Python 3.11 and `cryptography`.

    python verifier.py EXPORT --checkpoints PATH --public-key KEY.pem

Exit status: 0 the trail is intact, 2 wrong usage, 3 it is not. docs/audit.md states what is proved and what is not.
"""
'''


def single_file() -> bytes:
    """Return the source of the stand-alone verifier: the modules in order, without the imports of one another."""
    return "\n\n".join(
        [HEAD, *map(_part, MODULES), 'import sys\n\nif __name__ == "__main__":\n    sys.exit(main())\n']
    ).encode("utf-8")


def _part(module: str) -> str:
    text = resources.files(PACKAGE).joinpath(f"{module}.py").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            del lines[node.lineno - 1 : node.end_lineno]
    return "".join(lines).strip() + "\n"
