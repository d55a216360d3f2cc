"""`bidscreen extract`: fields with page and box from certificates, proofs, reports and rosters."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.entrypoints.cli.terminal.formats import Format
from app.entrypoints.cli.terminal.progress import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.entrypoints.cli.extraction.output import Outcomes

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...", help="PDF, pictures (JPEG, PNG, TIFF, WEBP, BMP), XLSX, XLS, CSV, DOCX, or folders of them."
    ),
]
Jobs = Annotated[
    int, typer.Option("--jobs", min=0, max=64, help="Files read in parallel; 0: one per processor, at most 4.")
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Output file: .jsonl, .csv, .parquet or .xlsx.")
]
Form = Annotated[
    Format | None, typer.Option("--format", help="Default: by the name of --out, else jsonl.", show_default=False)
]
Resume = Annotated[bool, typer.Option("--resume", help="Keep the lines in --out and read the missing files.")]
Mask = Annotated[
    bool | None,
    typer.Option(
        "--mask/--unmask",
        help="Mask ID numbers (default: masked in tables, unmasked in JSON lines).",
        show_default=False,
    ),
]
Progress = Annotated[
    Shown, typer.Option("--progress", help="Progress: a bar on a terminal (auto), plain lines, or none.")
]


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.command("extract")(extract)


def extract(
    files: Files,
    jobs: Jobs = 0,
    out: Out = None,
    format: Form = None,
    resume: Resume = False,
    mask: Mask = None,
    progress: Progress = Shown.AUTO,
) -> None:
    """Extract fields from files and write one JSON line per file, in the order given; folders are read with all their
    files.

    JSON lines contain complete ID numbers, as the format in docs/documents.md states; --mask masks them.

    Exit status 0: every file was read, 3: some were rejected, 2: wrong usage, 130: interrupted.

    Examples:

      bidscreen extract registration.pdf roster.xlsx

      bidscreen extract bids/ --out values.xlsx

      bidscreen extract bids/ --out values.jsonl --resume --progress plain
    """
    from app.entrypoints.cli.extraction.output import Outcomes, finished
    from app.entrypoints.cli.screening.output import format_of
    from app.entrypoints.cli.terminal.usage import WrongUsage

    try:
        form = _checked(format_of(out, format), out, resume=resume)
        done = finished(out) if resume and out else {}
        names = [name for name in _expanded(files) if out is None or not _same(name, out)]
        outcomes = Outcomes(len(names), [done[name] for name in names if name in done])
        records = _records([name for name in names if name not in done], jobs, progress, outcomes)
        try:
            _write(records, out, form, resume=resume, hide=form != "jsonl" if mask is None else mask)
        except KeyboardInterrupt:
            typer.echo(f"interrupted: {outcomes.summary()}", err=True)
            raise typer.Exit(130) from None
    except WrongUsage as error:
        typer.echo(f"bidscreen extract: {error}", err=True)
        raise typer.Exit(2) from None
    if out is not None or len(names) > 1:
        typer.echo(outcomes.summary(), err=True)
    raise typer.Exit(3 if outcomes.rejected else 0)


def _checked(form: str, out: Path | None, *, resume: bool) -> str:
    from app.entrypoints.cli.terminal.usage import WrongUsage

    if (resume or form != "jsonl") and out is None:
        raise WrongUsage("--resume and tables need --out FILE")
    if resume and form != "jsonl":
        raise WrongUsage("--resume is for JSON lines")
    return form


def _expanded(paths: "Sequence[str]") -> list[str]:
    """Expand folders to all their files, by name, without hidden ones."""
    import os

    found = []
    for path in paths:
        if not Path(path).is_dir():
            found.append(path)
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            found += [os.path.join(folder, name) for name in sorted(names) if not name.startswith(".")]  # noqa: PTH118
    return found


def _same(name: str, out: Path) -> bool:
    """Whether a file is the output itself."""
    return out.exists() and Path(name).exists() and out.samefile(name)


def _records(names: "Sequence[str]", jobs: int, shown: Shown, outcomes: "Outcomes") -> "Iterator[dict[str, Any]]":
    import os
    from concurrent.futures import ThreadPoolExecutor

    from app.entrypoints.cli.terminal.progress import progress
    from app.evidence.reading.isolation.pool import Pool
    from app.evidence.reading.limits import Limits

    width, limits = jobs or min(4, os.cpu_count() or 1), Limits()

    def read(name: str) -> dict[str, Any]:
        path = Path(name)
        try:
            if path.stat().st_size > limits.file_bytes:
                return _unread(name, "file_too_large", f"the file is larger than {limits.file_bytes} bytes")
            with path.open("rb") as file:  # a device reports no size, and has no end
                data = file.read(limits.file_bytes + 1)
        except OSError as error:
            return _unread(
                name, "not_readable", f"the file cannot be opened ({error.strerror or type(error).__name__})"
            )
        return pool.extract(data, name)

    with Pool(width, limits) as pool, ThreadPoolExecutor(width) as threads, progress(shown, drawn_every=1) as step:
        step("extract", len(names))
        try:
            for record in threads.map(read, names):
                outcomes.add(record)
                step.advance()
                yield record
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _write(records: "Iterator[dict[str, Any]]", out: Path | None, form: str, *, resume: bool, hide: bool) -> None:
    from app.entrypoints.cli.extraction.output import line, masked, write_table
    from app.entrypoints.cli.screening.output import output

    shown = map(masked, records) if hide else records
    with output(out, resume=resume) as stream:
        if form != "jsonl":
            write_table(shown, stream, form)
            return
        for record in shown:
            stream.write(line(record))
            stream.flush()


def _unread(name: str, code: str, message: str) -> dict[str, Any]:
    """Return the record of a file that was not read at all."""
    empty: dict[str, Any] = {"sha256": None, "mediaType": None, "pages": 0, "kind": None, "status": "rejected"}
    return {
        "file": name,
        **empty,
        "reasons": [{"code": code, "message": message}],
        "fields": [],
        "groups": [],
        "rows": [],
        "provenance": {},
    }
