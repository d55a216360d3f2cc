"""`bidscreen extract`: fields with page and box from certificates, proofs, reports and rosters, one JSON line a file."""

import typer


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.command("extract")(extract)


def extract(
    files: list[str] = typer.Argument(
        ..., metavar="FILE...", help="PDF, pictures (JPEG, PNG, TIFF, WEBP, BMP), XLSX, XLS, CSV, DOCX."
    ),
    jobs: int = typer.Option(
        0, "--jobs", min=0, max=64, help="Files read side by side; 0 means as many as there are processors, at most 4."
    ),
) -> None:
    """Read files and print one JSON line for each, in the order given.

    Exit status 0: every file was read; 3: some could not be opened or were rejected; 2: wrong usage.
    """
    import json
    import os
    import sys
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path

    from rich.console import Console
    from rich.progress import track

    from app.evidence.reading.isolation.pool import Pool
    from app.evidence.reading.limits import Limits

    width = jobs or min(4, os.cpu_count() or 1)
    limits = Limits()

    def read(name: str) -> dict[str, object]:
        path = Path(name)
        try:
            if path.stat().st_size > limits.file_bytes:
                return _unread(name, "file_too_large", f"the file is larger than {limits.file_bytes} bytes")
            with path.open("rb") as file:  # a device says that it is empty, and has no end
                data = file.read(limits.file_bytes + 1)
        except OSError as error:
            return _unread(
                name, "not_readable", f"the file cannot be opened ({error.strerror or type(error).__name__})"
            )
        return pool.extract(data, name)

    refused = False
    with Pool(width, limits) as pool, ThreadPoolExecutor(width) as threads:
        records = threads.map(read, files)
        shown = track(
            records,
            "extract",
            total=len(files),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        for record in shown:
            refused = refused or record["status"] == "rejected"
            # UTF-8 whatever the terminal; bytes of a file's name that are none become escapes
            sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
            sys.stdout.buffer.flush()
    if refused:
        raise typer.Exit(3)


def _unread(name: str, code: str, message: str) -> dict[str, object]:
    """The record of a file that was not read at all."""
    empty: dict[str, object] = {"sha256": None, "mediaType": None, "pages": 0, "kind": None, "status": "rejected"}
    return {
        "file": name,
        **empty,
        "reasons": [{"code": code, "message": message}],
        "fields": [],
        "groups": [],
        "rows": [],
        "provenance": {},
    }
