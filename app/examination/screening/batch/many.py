"""Screen many dossiers: read all, cross-check them, then answer one line each, in order, on one core or several."""

import multiprocessing
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date

from app.bidders.dossier_reader import DossierRefused
from app.core.eligibility.screening import Assurance, Facts
from app.core.facts.dossier import NOTHING_SHARED, Dossier, SharedFacts
from app.core.facts.policy import Policy
from app.core.staff.sharing import shared_facts
from app.core.values.canonical import canonical_json
from app.evidence.credit.consulted import Consulted
from app.examination.screening.evidence import NOTHING_DOCUMENTED, Documented
from app.examination.screening.judging import Case, judge

_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One dossier of a batch, read or refused; large batches keep only the facts and the hash of their source."""

    name: str
    facts: Dossier | None
    hash: str = ""
    refusal: DossierRefused | None = None
    documented: Documented = NOTHING_DOCUMENTED


@dataclass(frozen=True, slots=True)
class Run:
    """What all dossiers of a batch share: policy, as-of day, lists."""

    policy: Policy
    as_of: date
    assurance: Assurance
    lists: Consulted

    def case(self, dossier: Dossier, hashed: str, shared: SharedFacts, documented: Documented) -> Case:
        """Build the case of one dossier; `hashed` is the hash of its canonical JSON."""
        credit = self.lists.facts(dossier.organization)
        facts = Facts(dossier, self.as_of, self.assurance, credit, shared, documented.documents)
        return Case(facts, hashed, documented.hash)


@dataclass(frozen=True, slots=True)
class Batch:
    """All dossiers of a run and what each shares with the others."""

    run: Run
    entries: Sequence[Entry]
    shared: Sequence[SharedFacts]

    @classmethod
    def of(cls, run: Run, entries: Sequence[Entry]) -> "Batch":
        """Cross-check the rosters of all readable dossiers."""
        readable = {index: entry.facts for index, entry in enumerate(entries) if entry.facts is not None}
        facts = shared_facts(list(readable.values()), run.policy, run.as_of)
        shared = [NOTHING_SHARED] * len(entries)
        for index, own in zip(readable, facts, strict=True):
            shared[index] = own
        return cls(run, entries, shared)

    def line(self, index: int) -> bytes:
        """Return the result or error line of one dossier."""
        entry = self.entries[index]
        if entry.facts is None:
            refusal = entry.refusal or DossierRefused("dossier_unreadable", "the dossier cannot be read")
            return error_line(entry.name, refusal.as_json())
        case = self.run.case(entry.facts, entry.hash, self.shared[index], entry.documented)
        return judge(case, self.run.policy, entry.name)


def error_line(name: str, error: Mapping[str, str]) -> bytes:
    """Return the line of a dossier that could not be read."""
    return canonical_json({"dossier": name, "error": dict(error)})


def lines(batch: Batch, jobs: int, wanted: Sequence[int]) -> Iterator[bytes]:
    """Yield the lines of the requested dossiers in order; up to `jobs` processes if the batch is large enough."""
    if jobs <= 1 or len(wanted) <= _CHUNK:
        yield from map(batch.line, wanted)
        return
    global _forked  # noqa: PLW0603 - children inherit the batch by the fork instead of a copy through a pipe
    _forked = batch
    chunks = [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]
    try:
        forks = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(jobs, mp_context=forks, initializer=_leave_interrupts_to_the_parent) as pool:
            for answered in pool.map(_chunk, chunks):
                yield from answered
    finally:
        _forked = None


_forked: Batch | None = None


def _leave_interrupts_to_the_parent() -> None:
    """Ignore Ctrl-C in a worker: the signal reaches all processes of a terminal, and the parent alone handles it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _chunk(indexes: Sequence[int]) -> list[bytes]:
    assert _forked is not None
    return [_forked.line(index) for index in indexes]
