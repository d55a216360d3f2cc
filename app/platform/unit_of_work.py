"""The unit of work of one request, job chunk or command, and the only place that commits."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Annotated, Any, Generic, Protocol, Self, TypeVar, cast, overload

from fastapi import Depends, Request
from sqlalchemy import Engine, Executable, Row
from sqlalchemy.orm import Session

from app.platform.access.roles import SYSTEM, Principal, Role
from app.platform.audit.chain import INSTANCE, Entry, append, masked, publication
from app.platform.audit.events import Event
from app.platform.audit.quiet import quiet_chain
from app.platform.audit.rows import take_changes
from app.platform.audit.signing import Signer
from app.platform.audit.sinks import CheckpointSink
from app.platform.clock import WatchedClock
from app.platform.database.base import Base
from app.platform.database.engine import no_transaction, read_only
from app.platform.database.identifiers import is_practice
from app.platform.database.keys import Keyring
from app.platform.database.session import make_session
from app.platform.files.store import FileStore
from app.platform.problems import NotFound
from app.platform.settings import Settings

Kind = TypeVar("Kind", bound=Base)
Value = TypeVar("Value")
SAFE = frozenset({"GET", "HEAD"})


class Carrier(Protocol):
    """The workers of this process."""

    def start(self) -> None:
        """Start them."""

    def stop(self, seconds: float = 10.0) -> None:
        """Stop them; a job still running after `seconds` is left to its lease."""


class JobQueue(Protocol):
    """Carries jobs to workers. A lost call loses no work: the row of a job is the truth, and workers also poll."""

    def defer(self, session: Session, job: Any, at: datetime | None = None) -> None:
        """Announce a queued job (a row with id, kind and priority) in the session's transaction, for `at` or for now."""

    def workers(self, platform: "Platform", kinds: Any, count: int, only: tuple[str, ...] | None = None) -> Carrier:
        """Return the workers of this process, `count` at a time; `only`: for jobs of these kinds alone."""

    def wake(self) -> None:
        """Signal that there may be a new job."""

    def wait(self, seconds: float) -> None:
        """Wait until there may be a new job, at most `seconds`."""


@dataclass(frozen=True, slots=True)
class Platform:
    """The parts of an instance; bootstrap.py assembles them."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    files: FileStore
    queue: JobQueue
    clock: Callable[[], datetime]
    signer: Signer
    sinks: tuple[CheckpointSink, ...] = ()
    watch: WatchedClock | None = None  # the clock, if it detects jumps
    readers: Engine = field(init=False)
    single_reads: Engine = field(init=False)

    def __post_init__(self) -> None:
        # Created once, to keep SQLAlchemy's caches for these engines.
        object.__setattr__(self, "readers", read_only(self.engine))
        object.__setattr__(self, "single_reads", no_transaction(self.engine))

    @contextmanager
    def work(self, principal: Principal = SYSTEM, *, request_id: str | None = None) -> Iterator["UnitOfWork"]:
        """Yield a unit of work outside HTTP (a command, a job chunk, a test): commits at the end, or rolls back."""
        with UnitOfWork(self, principal, request_id or f"local-{secrets.token_hex(8)}") as work:
            yield work

    @contextmanager
    def reading(self, principal: Principal = SYSTEM) -> Iterator["UnitOfWork"]:
        """Yield a read-only unit of work; on SQLite it never blocks a writer."""
        work = UnitOfWork(self, principal, f"local-{secrets.token_hex(8)}", reading=True)
        try:
            yield work
        finally:
            work.close()


class _Once(Generic[Value]):
    """A property that is computed when it is first read.

    Not functools.cached_property: in Python 3.11 it holds one lock for all units, and a unit that waits in it for SQLite's
    write lock would stop the unit that has that lock.
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self._compute, self.__doc__ = compute, compute.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, unit: None, owner: type) -> Self: ...
    @overload
    def __get__(self, unit: object, owner: type) -> Value: ...
    def __get__(self, unit: object | None, owner: type) -> Self | Value:
        if unit is None:
            return self
        value: Value = self._compute(unit)
        unit.__dict__[self._name] = value
        return value


class UnitOfWork:
    """One transaction, one actor, one time. Services add to it; only its owner commits."""

    def __init__(
        self,
        platform: Platform,
        principal: Principal,
        request_id: str,
        *,
        reading: bool = False,
    ) -> None:
        self.platform = platform
        self.principal = principal
        self.request_id = request_id
        self.reading = reading
        self._entries: list[Entry] = []
        self._after_commit: list[Callable[[], None]] = []
        self._alarmed: list[timedelta] = []  # taken from the watch, not committed yet

    @_Once
    def now(self) -> datetime:
        """The time of everything that happens in this unit (aware, UTC)."""
        return self.platform.clock()

    @_Once
    def session(self) -> Session:
        """The session; the first statement begins the transaction (and takes SQLite's write lock)."""
        platform = self.platform
        return make_session(platform.readers if self.reading else platform.engine, self.now)

    @_Once
    def own_chain(self) -> str | None:
        """The chain of what a bidder does outside tenders: confidential while bids are sealed; None: the instance's."""
        return quiet_chain(self.session) if self.principal.role is Role.BIDDER else None

    @property
    def files(self) -> FileStore:
        """The file store. Store files before the first statement, so that no lock is held during an upload."""
        return self.platform.files

    @property
    def settings(self) -> Settings:
        """The settings of the instance."""
        return self.platform.settings

    def get(self, kind: type[Kind], identifier: str) -> Kind:
        """Return the row of that id, or NotFound."""
        row = self.session.get(kind, identifier)
        if row is None:
            raise NotFound
        return row

    def get_within(self, kind: type[Kind], identifier: str, *, tender_id: str) -> Kind:
        """Return the row with that id if it belongs to that tender, else NotFound: an id never reaches into another tender."""
        row: Any = self.get(kind, identifier)
        if row.tender_id != tender_id:
            raise NotFound
        return cast(Kind, row)

    def row(self, statement: Executable, **values: object) -> Row[Any] | None:
        """Return the single row of an independent statement, for fast reads: no session, no transaction.

        `values` bind its `bindparam`s: a statement built once takes half the time of one built
        per request, since SQLAlchemy finds it in its cache. Two calls may see two states of
        the data; use `session` for consistent reads.
        """
        with self.platform.single_reads.connect() as connection:
            return connection.execute(statement, values).one_or_none()

    def record(
        self, event: Event, *, subject: str, tender: str | None = None, before: Any = None, after: Any = None
    ) -> None:
        """Record an audit event with the commit, in the tender's chain or the instance's; ID numbers are masked."""
        if self.reading:
            raise RuntimeError("a read-only unit of work cannot record events: depend on WritingWork")
        self._entries.append(self._entry(event, subject, tender or self.own_chain or INSTANCE, before, after))

    def publish(self, subject: str, kind: str, sha256: str) -> None:
        """Have the next checkpoint state the hash of something that is public from now on; call once for each."""
        self.session.add(publication(subject, kind, sha256))

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call `call` after this unit has committed, never after a failure. Duplicates are called once."""
        if call not in self._after_commit:
            self._after_commit.append(call)

    def would_record(self) -> list[Entry]:
        """Return the events recorded so far, after writing the rows that are pending."""
        self.session.flush()
        return list(self._entries)

    def name_second(self, second: Principal) -> None:
        """Name the second person in every event recorded so far."""
        named = {"secondPerson": {"id": second.id, "role": second.role.value}}
        self._entries = [replace(entry, after={**(entry.after or {}), **named}) for entry in self._entries]

    def flush(self) -> None:
        """Write everything pending, the audit rows last, so that chain locks are held as briefly as possible."""
        if "session" not in self.__dict__ and not self._entries:
            return
        self.session.flush()
        self._alarm()
        entries, self._entries = self._entries, []
        append(self.session, self._with_rows(entries))
        self.session.flush()

    def _with_rows(self, entries: list[Entry]) -> list[Entry]:
        """Give the last event of each chain the hashes of the rows written; a chain without one gets an event for them."""
        for chain, rows in take_changes(self.session).items():
            place = next((number for number in reversed(range(len(entries))) if entries[number].chain == chain), None)
            if place is None:
                entries.append(self._entry(Event.WORKER_ROWS_RECORD, chain, chain))
                place = -1
            entries[place] = replace(entries[place], rows=tuple(rows))
        return entries

    def _entry(self, event: Event, subject: str, chain: str, before: Any = None, after: Any = None) -> Entry:
        if is_practice(chain):
            after = {**(after or {}), "practice": True}
        return Entry(
            event=event,
            chain=chain,
            subject_id=subject,
            actor_id=self.principal.id,
            actor_role=self.principal.role.value,
            request_id=self.request_id,
            occurred_at=self.now,
            before=masked(before),
            after=masked(after),
        )

    def _alarm(self) -> None:
        """Record a clock jump in the trail with the first change after it; a unit that only reads leaves it to that."""
        if self.platform.watch is None or self.reading:
            return
        for drift in self.platform.watch.take_alarms():
            self._alarmed.append(drift)
            seconds = round(drift.total_seconds(), 3)
            self.record(Event.WORKER_CLOCK_JUMP, subject="clock", tender=INSTANCE, after={"seconds": seconds})

    def commit(self) -> None:
        """Commit. Only the owner of the unit (request, job chunk, command) calls it, never a service."""
        self.flush()
        if "session" in self.__dict__:
            self.session.commit()
            self.session.close()
        self._alarmed = []
        calls, self._after_commit = self._after_commit, []
        for call in calls:
            call()

    def close(self) -> None:
        """Release the connection and roll back what was not committed."""
        if self._alarmed and self.platform.watch is not None:
            self.platform.watch.put_back(self._alarmed)
            self._alarmed = []
        if "session" in self.__dict__:
            self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.close()


async def by_method(request: Request) -> UnitOfWork:
    """Return the unit of work of this request; GuardedRoute commits or closes it."""
    return _of_request(request, reading=request.method in SAFE)


async def writing(request: Request) -> UnitOfWork:
    """Return the unit of work of a request that writes, whatever its method."""
    return _of_request(request, reading=False)


def _of_request(request: Request, *, reading: bool) -> UnitOfWork:
    state = request.state
    if getattr(state, "given_work", None) is not None:
        return cast(UnitOfWork, state.given_work)
    unit = UnitOfWork(state.platform, state.principal, state.request_id, reading=reading)
    state.work = unit
    return unit


# Read-only for GET; for other methods it commits before the response is sent.
Work = Annotated[UnitOfWork, Depends(by_method)]
# For a GET that records an audit event, such as unmasking.
WritingWork = Annotated[UnitOfWork, Depends(writing)]
