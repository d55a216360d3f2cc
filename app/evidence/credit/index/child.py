"""Import a list in a child process: `python -m app.evidence.credit.index.child LIBRARY FILE`, options on standard
input.

A list of ten million names takes minutes and gigabytes, and the file is untrusted: it is imported outside the service's
memory and without network access. Each line on standard output is a JSON object: progress, and on the last line the
outcome.
"""

import json
import os
import sys
from pathlib import Path

from app.evidence.credit.index.importer import Library
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.lists.mapping import ColumnMapping
from app.evidence.reading.isolation.sandbox import close_network


def main() -> None:
    """Import the file and report progress and outcome."""
    close_network()
    library, file = map(Path, sys.argv[1:3])
    given = json.load(sys.stdin)
    mapping = ColumnMapping.from_json(given["mapping"])
    parent = os.getppid()

    def progress(stage: str, done: int, total: int | None) -> None:
        if os.getppid() != parent:  # the parent has exited; the next run resumes from the last checkpoint
            raise SystemExit(1)
        _say({"stage": stage, "done": done, "total": total})

    try:
        imported = Library(library).take(file, mapping, progress, allow_empty=given["allowEmpty"])
    except ListUnreadable as error:
        _say({"fault": str(error)})
    else:
        _say({"content": imported.manifest.content_sha256})


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
