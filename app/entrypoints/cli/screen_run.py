"""What `bidscreen screen` does: options into a run, a run into lines, lines into a file."""

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Self

import typer
from rich.console import Console
from rich.progress import Progress

from app.core.eligibility.screening import Assurance
from app.core.facts.policy import Policy
from app.core.values.engine_version import ENGINE_VERSION
from app.entrypoints.cli.collector import resting_collector
from app.evidence.credit.index.list_file import read_list_file
from app.evidence.credit.lists.entries import ListUnreadable
from app.examination.screening.batch.folders import Extractor, read_entry
from app.examination.screening.batch.many import Batch, Entry, lines
from app.examination.screening.batch.sources import NoDossiers, Source, find_sources, is_read
from app.examination.screening.run import LoadedList, Run
from app.tendering.policies.loader import PolicyInvalid, find_policy

_DRAWN_EVERY = 50
_WRITTEN_AT_ONCE = 256 * 1024


@dataclass(frozen=True, slots=True)
class ListOptions:
    """Where credit lists come from: files, `NAME=FILE`, and for the others the snapshots kept in the data directory."""

    files: Sequence[str]
    kept: Callable[[Policy, date], Mapping[str, LoadedList]]

    def loaded(self, policy: Policy, day: date) -> dict[str, LoadedList]:
        """All lists of a run; a file wins. WrongUsage where one cannot be read."""
        given = _lists(self.files, policy, policy.credit.cut_off or day)
        if all(rule.name in given for rule in policy.credit.lists):
            return given
        return {**self.kept(policy, day), **given}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be screened: paths, or tables (organizations, roster, certificates)."""

    paths: Sequence[Path]
    organizations: Path | None = None
    roster: Path | None = None
    certificates: Path | None = None

    @property
    def files(self) -> list[Path]:
        """All paths that are read."""
        return [*self.paths, *filter(None, (self.organizations, self.roster, self.certificates))]

    def sources(self, assurance: str) -> list[Source]:
        """The dossiers; NoDossiers, OSError. WrongUsage where paths and tables are mixed, or a table lacks."""
        if self.paths and self.organizations is None and self.roster is None and self.certificates is None:
            return find_sources(self.paths)
        if self.paths or self.organizations is None or self.roster is None:
            raise WrongUsage("PATH…, or --organizations and --roster, are expected")
        if assurance != Assurance.DECLARED:
            raise WrongUsage("tables hold no documents: --assurance declared")
        from app.examination.screening.batch.columns import Tables, TableUnreadable

        try:
            sources, notes = Tables(self.organizations, self.roster, self.certificates).read()
        except TableUnreadable as error:
            raise WrongUsage(str(error)) from None
        for note in notes:
            typer.echo(f"warning: {note}", err=True)
        return sources


class WrongUsage(ValueError):
    """Options or paths that make no sense; exit status 2."""


@dataclass(frozen=True, slots=True)
class ScreenCommand:
    """A run, the dossiers it is for, the processes it may use."""

    run: Run
    sources: Sequence[Source]
    jobs: int
    inputs: Sequence[Path] = ()

    @classmethod
    def of(cls, *, asked: Asked, policy: str, as_of: str | None, assurance: str, lists: ListOptions, jobs: int) -> Self:
        """Read policy, lists and paths; WrongUsage says what is wrong with them."""
        try:
            rules = find_policy(policy)
            sources = asked.sources(assurance)
        except (PolicyInvalid, NoDossiers, OSError) as error:
            raise WrongUsage(str(error)) from None
        day = _day(as_of) if as_of is not None else _deadline(rules)
        inputs = [*asked.files, *(Path(option.partition("=")[2]) for option in lists.files)]
        return cls(Run(rules, day, Assurance(assurance), lists.loaded(rules, day)), sources, jobs, inputs)

    def write(self, form: str, out: Path | None, resume: bool) -> int:
        """Write all lines; the number of dossiers that could not be read."""
        if form != "jsonl" and (out is None or resume):
            raise WrongUsage(f"--format {form} needs --out FILE, and no --resume")
        if resume and out is None:
            raise WrongUsage("--resume needs --out FILE")
        if out is not None and is_read(out, self.inputs):
            raise WrongUsage(f"{out} is read by this run: it is not written over")
        done = _done(out, self.run) if resume else {}
        with closing(_Readers(self.jobs)) as readers, _progress() as step:
            answers = self._lines(readers, step, done)
            if form == "jsonl":
                with _output(out, resume) as stream:
                    return sum(done.values()) + _write_lines(answers, stream)
            assert out is not None
            if form == "parquet":
                from app.examination.screening.batch.verdict_table import write_verdicts

                with _output(out, resume) as stream:
                    return write_verdicts(answers, stream)
            return _write_workbook(answers, out, {one.id: one.title.zh for one in self.run.policy.requirements})

    def _lines(self, readers: "_Readers", step: "_Step", done: Collection[str]) -> Iterator[bytes]:
        with resting_collector():
            step("reading", len(self.sources))
            batch = Batch.of(self.run, [self._read(source, readers, step) for source in self.sources])
            wanted = [index for index, entry in enumerate(batch.entries) if entry.name not in done]
            step("screening", len(wanted))
            for line in lines(batch, self.jobs, wanted):
                step.advance()
                yield line

    def _read(self, source: Source, readers: "_Readers", step: "_Step") -> Entry:
        entry = read_entry(source, self.run.assurance, readers)
        step.advance()
        return entry


class _Readers:
    """The pool of document readers; it starts with the first file, since most runs need none."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._open = ExitStack()
        self._pool: Extractor | None = None

    def extract(self, data: bytes, name: str) -> dict[str, Any]:
        """The extraction record of a file."""
        if self._pool is None:
            from app.evidence.reading.isolation.pool import Pool

            self._pool = self._open.enter_context(Pool(self._jobs))
        return self._pool.extract(data, name)

    def close(self) -> None:
        """End the child processes."""
        self._open.close()


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # fromisoformat reads weeks and dates without hyphens too
        raise WrongUsage("--as-of takes a date, YYYY-MM-DD")
    return day


def _deadline(policy: Policy) -> date:
    """The plan's own deadline, where it has one; else today."""
    schedule: Any = policy.tender.get("schedule") or {}
    return date.fromisoformat(schedule["tenderBy"]) if schedule.get("tenderBy") else date.today()  # noqa: DTZ011


def _lists(options: Sequence[str], policy: Policy, cut_off: date) -> dict[str, LoadedList]:
    """Lists given as files count as retrieved on the cut-off day."""
    known = {rule.name for rule in policy.credit.lists}
    loaded = {}
    for option in options:
        name, separator, path = option.partition("=")
        if not name or not separator or not path:
            raise WrongUsage("--credit-list takes NAME=FILE")
        if name in loaded:
            raise WrongUsage(f"--credit-list {name} is given twice")
        loaded[name] = _list(name, Path(path), cut_off)
        if name not in known:
            typer.echo(f"note: the policy {policy.id} does not ask for the list {name}", err=True)
    return loaded


def _list(name: str, path: Path, cut_off: date) -> LoadedList:
    if not path.is_file():  # a list is read twice, which a pipe cannot be
        raise WrongUsage(f"--credit-list {name}: {path}: there is no such file")
    try:
        file = read_list_file(path)
    except (ListUnreadable, OSError) as error:
        reason = error if isinstance(error, ListUnreadable) else "cannot be read"
        raise WrongUsage(f"--credit-list {name}: {path}: {reason}") from None
    for row in file.bad_rows[:20]:
        typer.echo(f"warning: {path}, line {row.line}: not imported: {row.reason}", err=True)
    if len(file.bad_rows) > 20:
        typer.echo(f"warning: {path}: {len(file.bad_rows) - 20} more rows not imported", err=True)
    return LoadedList(name, file.snapshot, cut_off, file.index)


def _done(out: Path | None, run: Run) -> dict[str, bool]:
    """Dossiers whose lines are whole in the output, and whether each was refused; a torn last line is cut off.

    Lines of another day, policy, assurance, engine or other lists are not taken over: one output is one run.
    """
    if out is None or not out.exists():
        return {}
    try:
        text = out.read_bytes()
    except OSError as error:
        raise WrongUsage(f"{out}: {error.strerror}") from None
    whole = text[: text.rfind(b"\n") + 1]
    try:
        answers = [json.loads(line) for line in whole.splitlines()]
        if not all("error" in answer or _is_of(answer, run) for answer in answers):
            raise WrongUsage(
                f"{out} holds lines of another policy, day or assurance, or of other lists: it cannot be resumed"
            )
        done = {str(answer["dossier"]): "error" in answer for answer in answers}
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, WrongUsage):
            raise
        raise WrongUsage(f"{out} is no output of `screen`: it cannot be resumed") from None
    if len(whole) < len(text):
        out.write_bytes(whole)
    return done


def _is_of(answer: dict[str, Any], run: Run) -> bool:
    own = (run.as_of.isoformat(), run.policy.sha256, run.assurance, ENGINE_VERSION)
    stated = (answer["asOf"], answer["policy"]["sha256"], answer["assurance"], answer["engineVersion"])
    consulted = {one["list"]: one["snapshot"] for one in answer["creditSnapshots"] if one["snapshot"]}
    return stated == own and consulted == {
        rule.name: run.lists[rule.name].snapshot for rule in run.policy.credit.lists if rule.name in run.lists
    }


def _write_workbook(answers: Iterable[bytes], out: Path, titles: dict[str, str]) -> int:
    from app.awarding.reports.workbook import write_workbook

    results = [json.loads(line) for line in answers]
    try:
        write_workbook(out, results, titles)
    except OSError as error:
        raise WrongUsage(f"{out}: {os.strerror(error.errno or 0)}") from None
    return sum("error" in result for result in results)


def _write_lines(answers: Iterable[bytes], stream: BinaryIO) -> int:
    refused = 0
    for line in answers:
        stream.write(line + b"\n")
        refused += b'"error":{' in line[:4096] and "error" in json.loads(line)
    return refused


@contextmanager
def _output(out: Path | None, resume: bool) -> Iterator[BinaryIO]:
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        stream = out.open("ab" if resume else "wb", buffering=_WRITTEN_AT_ONCE)
    except OSError as error:
        raise WrongUsage(f"{out}: {os.strerror(error.errno or 0)}") from None
    with stream:
        yield stream


class _Step:
    """Progress on standard error, where it is a terminal; not at each dossier, since drawing costs as much as one."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", visible=False)
        self._done = 0

    def __call__(self, what: str, total: int) -> None:
        self._done = 0
        self._progress.reset(self._task, description=what, total=total, visible=True)

    def advance(self) -> None:
        self._done += 1
        if self._done % _DRAWN_EVERY == 0:
            self._progress.update(self._task, completed=self._done)


@contextmanager
def _progress() -> Iterator[_Step]:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        yield _Step(progress)
