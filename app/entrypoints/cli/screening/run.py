"""Steps of `bidscreen screen`: parse options, screen dossiers, write lines."""

import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

import typer

from app.core.eligibility.screening import Assurance
from app.core.facts.dossier import Dossier
from app.core.facts.policy import Policy
from app.core.values.engine_version import ENGINE_VERSION
from app.entrypoints.cli.screening.output import UNREADABLE, Tally, Workbook, output, write_lines
from app.entrypoints.cli.terminal.collector import resting_collector
from app.entrypoints.cli.terminal.progress import Step, progress
from app.entrypoints.cli.terminal.usage import WrongUsage
from app.evidence.credit.consulted import Consulted, ListConsulted, Searchable
from app.evidence.credit.index.list_file import read_list_file
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.lists.mapping import STANDARD, ColumnMapping, read_mapping_file
from app.evidence.credit.lists.option import ListOption
from app.examination.screening.batch.folders import Extractor, read_entry
from app.examination.screening.batch.many import Batch, Entry, Run, lines
from app.examination.screening.batch.sources import NoDossiers, Source, find_sources, is_read
from app.tendering.policies.loader import PolicyInvalid, find_policy

_REFUSED = 3
_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class ListOptions:
    """Where credit lists come from: files given as `NAME=FILE`, else the snapshots stored in the data directory."""

    files: Sequence[str]
    kept: Callable[[Policy, date], Mapping[str, ListConsulted[Searchable]]]
    mappings: Sequence[str] = ()

    def paths(self) -> list[Path]:
        """Return the files to read."""
        return [*(_option(one).path for one in self.files), *(Path(one.rpartition("=")[2]) for one in self.mappings)]

    def mapping_of(self, name: str) -> ColumnMapping:
        """Return the mapping of one list: its own `NAME=F`, else the one given without a name."""
        own = next((one.partition("=")[2] for one in self.mappings if one.startswith(f"{name}=")), None)
        path = own or next((one for one in self.mappings if "=" not in one), None)
        try:
            return read_mapping_file(Path(path)) if path else STANDARD
        except ListUnreadable as error:
            raise WrongUsage(f"--mapping {path}: {error}") from None
        except OSError as error:
            raise WrongUsage(f"--mapping {path}: {os.strerror(error.errno or 0)}") from None

    def loaded(self, policy: Policy, day: date) -> Consulted:
        """Load all lists of a run; a file takes precedence over a snapshot. WrongUsage where one cannot be read."""
        given = _lists(self, policy, policy.credit.cut_off or day)
        if all(rule.name in given for rule in policy.credit.lists):
            return Consulted.of(policy.credit, given)
        kept = {name: one for name, one in self.kept(policy, day).items() if name not in given}
        for name, one in kept.items():
            typer.echo(
                f"note: list {name} from the data directory: {one.snapshot}, retrieved on {one.retrieved_on}", err=True
            )
        return Consulted.of(policy.credit, {**kept, **given})


@dataclass(frozen=True, slots=True)
class Asked:
    """The input to screen: paths, or tables (organizations, roster, certificates)."""

    paths: Sequence[Path]
    organizations: Path | None = None
    roster: Path | None = None
    certificates: Path | None = None

    @property
    def files(self) -> list[Path]:
        """Return all paths to read."""
        return [*self.paths, *filter(None, (self.organizations, self.roster, self.certificates))]

    def sources(self, assurance: str) -> list[Source]:
        """Return the dossiers; NoDossiers, OSError. WrongUsage where paths and tables are mixed, or a table is missing."""
        if self.paths and self.organizations is None and self.roster is None and self.certificates is None:
            return find_sources(self.paths)
        if self.paths or self.organizations is None or self.roster is None:
            raise WrongUsage("PATH…, or --organizations and --roster, are expected")
        if assurance != Assurance.DECLARED:
            raise WrongUsage("tables contain no documents: use --assurance declared")
        from app.examination.screening.batch.columns import Tables, TableUnreadable

        try:
            sources, notes = Tables(self.organizations, self.roster, self.certificates).read()
        except TableUnreadable as error:
            raise WrongUsage(str(error)) from None
        for note in notes:
            typer.echo(f"warning: {note}", err=True)
        return sources


@dataclass(frozen=True, slots=True)
class Out:
    """Where results are written and in which format, and how progress is shown."""

    file: Path | None
    form: str
    resume: bool = False
    unmask: bool = False
    progress: str = "auto"

    def check(self, inputs: Sequence[Path]) -> None:
        """Raise WrongUsage for options that contradict each other, or an output that is also an input."""
        if self.form != "jsonl" and (self.file is None or self.resume):
            raise WrongUsage(f"--format {self.form} needs --out FILE, and no --resume")
        if self.resume and self.file is None:
            raise WrongUsage("--resume needs --out FILE")
        if self.unmask and self.form != "xlsx":
            raise WrongUsage("--unmask is for workbooks (--out FILE.xlsx): other formats contain no ID numbers")
        if self.file is not None and is_read(self.file, inputs):
            raise WrongUsage(f"{self.file} is an input of this run and is not overwritten")

    def continuation(self) -> str:
        """Return how to continue after an interruption."""
        if self.form == "jsonl" and self.file is not None:
            return "the same command with --resume continues"
        return "nothing was written" if self.form != "jsonl" else "use --out FILE.jsonl and --resume to continue a run"


@dataclass(frozen=True, slots=True)
class ScreenCommand:
    """A run, its dossiers, and the number of processes."""

    run: Run
    sources: Sequence[Source]
    jobs: int
    inputs: Sequence[Path] = ()

    @classmethod
    def of(cls, *, asked: Asked, policy: str, as_of: str | None, assurance: str, lists: ListOptions, jobs: int) -> Self:
        """Read policy, lists and paths; WrongUsage states what is wrong with them."""
        try:
            rules = find_policy(policy)
            sources = asked.sources(assurance)
        except (PolicyInvalid, NoDossiers, OSError) as error:
            raise WrongUsage(str(error)) from None
        day = _day(as_of) if as_of is not None else _deadline(rules)
        inputs = [*asked.files, *lists.paths()]
        return cls(Run(rules, day, Assurance(assurance), lists.loaded(rules, day)), sources, jobs, inputs)

    def write(self, out: Out) -> int:
        """Write all lines and the summary; return the exit status: 0 all were read, 3 some not, 130 interrupted."""
        out.check(self.inputs)
        done = _done(out.file, self.run) if out.resume else {}
        tally = Tally(len(self.sources), done.values())
        try:
            with closing(_Readers(self.jobs)) as readers, progress(out.progress) as step:
                self._write(out, readers, step, done, tally)
        except KeyboardInterrupt:
            typer.echo(f"interrupted: {tally.summary()}; {out.continuation()}", err=True)
            return _INTERRUPTED
        typer.echo(tally.summary(), err=True)
        return _REFUSED if tally.refused else 0

    def _write(self, out: Out, readers: "_Readers", step: Step, done: Collection[str], tally: Tally) -> None:
        dossiers: dict[str, Dossier] = {}
        answers = tally.counted(self._lines(readers, step, done, dossiers))
        if out.form == "xlsx":
            assert out.file is not None
            titles = {one.id: one.title.zh for one in self.run.policy.requirements}
            Workbook(titles, dossiers, out.unmask).write(answers, out.file)
            return
        if out.form == "jsonl":
            with output(out.file, resume=out.resume) as stream:
                write_lines(answers, stream)
            return
        from app.examination.screening.batch.verdict_table import write_verdicts

        with output(out.file) as stream:
            write_verdicts(answers, stream, out.form)

    def _lines(
        self, readers: "_Readers", step: Step, done: Collection[str], dossiers: dict[str, Dossier]
    ) -> Iterator[bytes]:
        with resting_collector():
            step("reading", len(self.sources))
            batch = Batch.of(self.run, [self._read(source, readers, step) for source in self.sources])
            dossiers.update({entry.name: entry.facts for entry in batch.entries if entry.facts})
            wanted = [index for index, entry in enumerate(batch.entries) if entry.name not in done]
            step("screening", len(wanted))
            for line in lines(batch, self.jobs, wanted):
                step.advance()
                yield line

    def _read(self, source: Source, readers: "_Readers", step: Step) -> Entry:
        entry = read_entry(source, self.run.assurance, readers)
        step.advance()
        return entry


class _Readers:
    """The pool of document readers; started for the first file, since most runs need none."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._open = ExitStack()
        self._pool: Extractor | None = None

    def extract(self, data: bytes, name: str) -> dict[str, Any]:
        """Return the extraction record of a file."""
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
    if day is None or day.isoformat() != text:  # fromisoformat also accepts weeks, and dates without hyphens
        raise WrongUsage("--as-of takes a date, YYYY-MM-DD")
    return day


def _deadline(policy: Policy) -> date:
    """Return the bid deadline of the policy; without one the day must be given: a verdict holds for one day."""
    schedule: Any = policy.tender.get("schedule") or {}
    if not schedule.get("tenderBy"):
        raise WrongUsage(f"--as-of DATE is required: the policy {policy.id} states no bid deadline")
    day = date.fromisoformat(schedule["tenderBy"])
    typer.echo(f"note: --as-of {day}, the bid deadline of the policy {policy.id}", err=True)
    return day


def _option(text: str) -> ListOption:
    try:
        return ListOption.of(text)
    except ValueError as error:
        raise WrongUsage(f"--credit-list: {error}") from None


def _lists(options: ListOptions, policy: Policy, cut_off: date) -> dict[str, ListConsulted[Searchable]]:
    """Load lists given as files; without `@DATE` they count as retrieved on the cut-off day, which the record states."""
    known = {rule.name for rule in policy.credit.lists}
    loaded = {}
    for given in map(_option, options.files):
        if given.name in loaded:
            raise WrongUsage(f"--credit-list {given.name} is given twice")
        loaded[given.name] = _list(given, options.mapping_of(given.name), cut_off)
        if given.name not in known:
            typer.echo(f"note: the policy {policy.id} does not require the list {given.name}", err=True)
    if any(one.retrieved_assumed for one in loaded.values()):
        typer.echo(
            f"note: lists without @DATE count as retrieved on {cut_off} (retrievedAtAssumed): NAME=FILE@DATE states the day",
            err=True,
        )
    return loaded


def _list(given: ListOption, mapping: ColumnMapping, cut_off: date) -> ListConsulted[Searchable]:
    name, path = given.name, given.path
    if not path.is_file():  # a list is read twice, which a pipe does not allow
        raise WrongUsage(f"--credit-list {name}: {path}: there is no such file")
    try:
        file = read_list_file(path, mapping)
    except (ListUnreadable, OSError) as error:
        reason = error if isinstance(error, ListUnreadable) else "cannot be read"
        raise WrongUsage(f"--credit-list {name}: {path}: {reason}") from None
    for row in file.bad_rows[:20]:
        kept = "kept, not read completely" if row.is_kept else "not imported"
        typer.echo(f"warning: {path}, line {row.line}: {kept}: {row.reason}", err=True)
    if len(file.bad_rows) > 20:
        typer.echo(f"warning: {path}: {len(file.bad_rows) - 20} more rows not read completely", err=True)
    if not file.rows:
        typer.echo(f"warning: {path}: the list has no entries", err=True)
    assumed = given.retrieved_on is None
    return ListConsulted(
        name,
        file.snapshot,
        given.retrieved_on or cut_off,
        file.index,
        file.lost_rows,
        assumed,
        file.snapshot.removeprefix("sha256:"),
        file.rows,
    )


def _done(out: Path | None, run: Run) -> dict[str, str]:
    """Return dossiers with complete lines in the output, and their verdicts; an incomplete last line is removed.

    Lines of another day, policy, assurance, engine or other lists are refused: one output is one run.
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
                f"{out} contains lines of another policy, day or assurance, or of other lists: it cannot be resumed"
            )
        done = {str(answer["dossier"]): str(answer.get("verdict", UNREADABLE)) for answer in answers}
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, WrongUsage):
            raise
        raise WrongUsage(f"{out} is not an output of `screen`: it cannot be resumed") from None
    if len(whole) < len(text):
        out.write_bytes(whole)
    return done


def _is_of(answer: dict[str, Any], run: Run) -> bool:
    own = (run.as_of.isoformat(), run.policy.sha256, run.assurance, ENGINE_VERSION)
    stated = (answer["asOf"], answer["policy"]["sha256"], answer["assurance"], answer["engineVersion"])
    consulted = {one["list"]: one["snapshot"] for one in answer["creditSnapshots"] if one["snapshot"]}
    return stated == own and consulted == run.lists.snapshots
