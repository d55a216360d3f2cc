"""A unit of work: what one request, one chunk of a job or one command may touch, and the one place that commits."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Annotated, Any, Protocol, Self, TypeVar, cast

from fastapi import Depends, Request
from sqlalchemy import Engine, Executable, Row
from sqlalchemy.orm import Session

from app.platform.access.roles import SYSTEM, Principal
from app.platform.audit.chain import INSTANCE, Entry, append, masked
from app.platform.audit.events import Event
from app.platform.audit.signing import Signer
from app.platform.audit.sinks import CheckpointSink
from app.platform.clock import WatchedClock
from app.platform.database.base import Base
from app.platform.database.engine import no_transaction, read_only
from app.platform.database.keys import Keyring
from app.platform.database.session import make_session
from app.platform.files.store import FileStore
from app.platform.problems import NotFound
from app.platform.settings import Settings

Kind = TypeVar("Kind", bound=Base)
SAFE = frozenset({"GET", "HEAD"})


class JobQueue(Protocol):
    """Wakes workers after a commit. Losing a call loses no work: workers also look by themselves."""

    def wake(self) -> None:
        """There may be a new job."""

    def wait(self, seconds: float) -> None:
        """Returns when there may be a new job, at the latest after so many seconds."""


@dataclass(frozen=True, slots=True)
class Platform:
    """What the instance consists of; bootstrap.py puts it together."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    files: FileStore
    queue: JobQueue
    clock: Callable[[], datetime]
    signer: Signer
    sinks: tuple[CheckpointSink, ...] = ()
    watch: WatchedClock | None = None  # the clock, where it watches itself
    readers: Engine = field(init=False)
    single_reads: Engine = field(init=False)

    def __post_init__(self) -> None:
        # Made once: what SQLAlchemy works out for an engine's variant is worth keeping.
        object.__setattr__(self, "readers", read_only(self.engine))
        object.__setattr__(self, "single_reads", no_transaction(self.engine))

    @contextmanager
    def work(self, principal: Principal = SYSTEM, *, request_id: str | None = None) -> Iterator["UnitOfWork"]:
        """A unit of work outside HTTP (a command, a chunk of a job, a test): commits at the end, or nothing."""
        with UnitOfWork(self, principal, request_id or f"local-{secrets.token_hex(8)}") as work:
            yield work

    @contextmanager
    def reading(self, principal: Principal = SYSTEM) -> Iterator["UnitOfWork"]:
        """The same for what only reads: on SQLite it keeps no writer waiting, however long it takes."""
        work = UnitOfWork(self, principal, f"local-{secrets.token_hex(8)}", reading=True)
        try:
            yield work
        finally:
            work.close()


class UnitOfWork:
    """One transaction, one actor, one reading of the clock. Services add to it; only its owner commits."""

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

    @cached_property
    def now(self) -> datetime:
        """The time of everything that happens in this unit (aware, UTC)."""
        return self.platform.clock()

    @cached_property
    def session(self) -> Session:
        """The session; the database is first asked at the first statement (writing units take SQLite's lock there)."""
        platform = self.platform
        return make_session(platform.readers if self.reading else platform.engine, self.now)

    @property
    def files(self) -> FileStore:
        """The file store. Put files before the first statement: nobody should wait for an upload under a lock."""
        return self.platform.files

    @property
    def settings(self) -> Settings:
        """The settings of the instance."""
        return self.platform.settings

    def get(self, kind: type[Kind], identifier: str) -> Kind:
        """The row of that id, or NotFound."""
        row = self.session.get(kind, identifier)
        if row is None:
            raise NotFound
        return row

    def get_within(self, kind: type[Kind], identifier: str, *, tender_id: str) -> Kind:
        """The row with that id if it belongs to that tender, else NotFound: an id never reaches into another tender."""
        row: Any = self.get(kind, identifier)
        if row.tender_id != tender_id:
            raise NotFound
        return cast(Kind, row)

    def row(self, statement: Executable, **values: object) -> Row[Any] | None:
        """The one row of a statement that stands for itself, for reads that must be fast: no session, no transaction.

        `values` are those of its `bindparam`s: a statement that is made once and bound here is answered in half the time of one
        built for each request, since SQLAlchemy knows it again without looking at its parts. Two of them may see two states of
        the data; what belongs together goes through `session`.
        """
        with self.platform.single_reads.connect() as connection:
            return connection.execute(statement, values).one_or_none()

    def record(
        self, event: Event, *, subject: str, tender: str | None = None, before: Any = None, after: Any = None
    ) -> None:
        """One audit row, written with the commit, in the tender's chain or the instance's; ID numbers are masked."""
        if self.reading:
            raise RuntimeError("a reading unit of work has nothing to record: depend on WritingWork")
        self._entries.append(
            Entry(
                event=event,
                chain=tender or INSTANCE,
                subject_id=subject,
                actor_id=self.principal.id,
                actor_role=self.principal.role.value,
                request_id=self.request_id,
                occurred_at=self.now,
                before=masked(before),
                after=masked(after),
            )
        )

    def after_commit(self, call: Callable[[], None]) -> None:
        """Calls `call` once this unit has committed; a unit that fails never does. The same call twice is one."""
        if call not in self._after_commit:
            self._after_commit.append(call)

    def flush(self) -> None:
        """Everything pending goes to the database, the audit rows last: their locks are held for the shortest time."""
        if "session" not in self.__dict__ and not self._entries:
            return
        self.session.flush()
        self._alarm()
        entries, self._entries = self._entries, []
        append(self.session, entries)
        self.session.flush()

    def _alarm(self) -> None:
        """A jump of the clock goes into the trail with the first change after it."""
        for drift in self.platform.watch.take_alarms() if self.platform.watch else ():
            self.record(Event.WORKER_CLOCK_JUMP, subject="clock", after={"seconds": round(drift.total_seconds(), 3)})

    def commit(self) -> None:
        """For the owner of the unit alone (the request, the job's chunk, the command): services never call it."""
        self.flush()
        if "session" in self.__dict__:
            self.session.commit()
            self.session.close()
        calls, self._after_commit = self._after_commit, []
        for call in calls:
            call()

    def close(self) -> None:
        """Gives the connection back; what wasn't committed is gone."""
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
    """The unit of this request; GuardedRoute commits or closes it."""
    return _of_request(request, reading=request.method in SAFE)


async def writing(request: Request) -> UnitOfWork:
    """The unit of a request that writes whatever its method is."""
    return _of_request(request, reading=False)


def _of_request(request: Request, *, reading: bool) -> UnitOfWork:
    state = request.state
    unit = UnitOfWork(state.platform, state.principal, state.request_id, reading=reading)
    state.work = unit
    return unit


# Reads with GET, writes and commits before the response is sent with the other methods.
Work = Annotated[UnitOfWork, Depends(by_method)]
# For a GET that leaves a trace, as an unmasking does.
WritingWork = Annotated[UnitOfWork, Depends(writing)]
