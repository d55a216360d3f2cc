"""Output of `screen`: result lines, a table or a workbook, and a summary of the verdicts."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.core.facts.dossier import Dossier
from app.entrypoints.cli.terminal.usage import WrongUsage

FORMATS = {".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
UNREADABLE = "unreadable"
_BUFFER = 256 * 1024
_VERDICT = b'"verdict":"'  # unescaped quotes never occur within a text


def format_of(out: Path | None, stated: str | None) -> str:
    """Return the output format: as stated, else by the file's extension, else JSON lines. WrongUsage if both differ."""
    by_name = FORMATS.get(out.suffix.lower()) if out else None
    if stated and by_name and stated != by_name:
        raise WrongUsage(f"--format {stated} contradicts the name of the file {out}")
    return stated or by_name or "jsonl"


class Tally:
    """Counts the verdicts of a run; earlier ones are those of a resumed output."""

    def __init__(self, total: int, earlier: Iterable[str] = ()) -> None:
        self._total = total
        self._verdicts = Counter(earlier)

    @property
    def refused(self) -> int:
        """Return how many dossiers could not be read."""
        return self._verdicts[UNREADABLE]

    @property
    def done(self) -> int:
        """Return how many dossiers have a line."""
        return self._verdicts.total()

    def counted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines unchanged, counting each once it has been consumed."""
        for line in lines:
            yield line
            self._verdicts[verdict_in(line)] += 1

    def summary(self) -> str:
        """`screened 14 of 14: 5 eligible, 3 ineligible, 6 needs_review, 0 unreadable`."""
        kinds = ("eligible", "ineligible", "needs_review", UNREADABLE)
        counts = ", ".join(f"{self._verdicts[kind]} {kind}" for kind in kinds)
        return f"screened {self.done} of {self._total}: {counts}"


def verdict_in(line: bytes) -> str:
    """Return the verdict of a result line, or `unreadable`."""
    start = line.rfind(_VERDICT)
    if start < 0:
        return UNREADABLE
    start += len(_VERDICT)
    return line[start : line.index(b'"', start)].decode("ascii")


def write_lines(lines: Iterable[bytes], stream: BinaryIO) -> None:
    """Write one JSON object per line."""
    for line in lines:
        stream.write(line + b"\n")


@dataclass(frozen=True, slots=True)
class Workbook:
    """Data of a workbook besides the results: titles of requirements by id, the rosters of the dossiers read so far."""

    titles: Mapping[str, str]
    dossiers: Mapping[str, Dossier]
    unmask: bool

    def write(self, lines: Iterable[bytes], out: Path) -> None:
        """Write a workbook with the sheets matrix, reasons and staff; ID numbers masked unless `unmask`."""
        from app.awarding.reports.results import Report
        from app.awarding.reports.workbook import report_workbook

        results = [json.loads(line) for line in lines]
        report = Report(
            screenings=results,
            requirement_titles=self.titles,
            rosters={name: list(map(_person, dossier.roster or ())) for name, dossier in self.dossiers.items()},
            unmask=self.unmask,
        )
        content = report_workbook(report)
        with output(out) as stream:
            stream.write(content)


def _person(line: Any) -> dict[str, str | None]:
    return {"name": line.name, "residentId": line.resident_id}


@contextmanager
def output(out: Path | None, *, resume: bool = False) -> Iterator[BinaryIO]:
    """Yield the file to write, or standard output; WrongUsage if it cannot be opened."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        stream = out.open("ab" if resume else "wb", buffering=_BUFFER)
    except OSError as error:
        raise WrongUsage(f"{out}: {os.strerror(error.errno or 0)}") from None
    with stream:
        yield stream
