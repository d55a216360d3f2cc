"""JSON input and output of commands, with the exit status."""

import json
import sys
from pathlib import Path

import typer

MOST_BYTES = 128 * 1024 * 1024
REFUSED = 3
_TOO_LARGE = {"code": "document_too_large", "message": f"At most {MOST_BYTES} bytes are expected", "pointer": ""}


def read_document(file: Path) -> bytes:
    """Read a file, or standard input for `-`.

    An unreadable file is wrong usage (status 2); a file that is too large is refused (status 3).
    """
    try:
        with sys.stdin.buffer if str(file) == "-" else file.open("rb") as source:
            content = source.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "invalid file name"
        raise typer.BadParameter(f"the file cannot be read: {reason}", param_hint="FILE") from None
    if len(content) > MOST_BYTES:
        answer({"errors": [_TOO_LARGE]})
    return content


def answer(result: object) -> None:
    """Print one JSON object in UTF-8, independent of the terminal; if it contains errors, the command ends with status
    3.
    """
    typer.echo(json.dumps(result, ensure_ascii=False, indent=2).encode("utf-8"))
    if isinstance(result, dict) and "errors" in result:
        raise typer.Exit(REFUSED)
