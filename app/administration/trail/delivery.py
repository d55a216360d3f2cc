"""Delivery of checkpoints: each sink gets all of them in order; failed deliveries are retried."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.administration.trail.alarms import alarms
from app.platform.audit.checkpoints import Pace, due, make
from app.platform.audit.seen import mark
from app.platform.audit.sinks import CheckpointSink, SinkConflict, SinkUnavailable
from app.platform.audit.tables import AuditCheckpoint, AuditDelivery
from app.platform.database.session import make_session
from app.platform.unit_of_work import Platform

LOOK_SECONDS = 1.0
MARK_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
AT_ONCE = 200
log = structlog.get_logger("bidscreen.audit")


class Delivery:
    """Makes checkpoints and delivers them, without holding a lock while waiting for a sink."""

    def __init__(self, platform: Platform, steady: Callable[[], float] = time.monotonic) -> None:
        self._platform = platform
        self._steady = steady
        self._next_mark = 0.0
        self._pauses: dict[str, tuple[float, float]] = {}  # by sink: time of the next attempt, and the pause after it

    def tick(self, *, at_once: bool = False) -> None:
        """Run one round: make a checkpoint if one is due (or `at_once`), then deliver what each sink lacks.

        If the database is unavailable or another process was first, the next round retries.
        """
        try:
            self._mark(at_once=at_once)
            while (at_once or self._due()) and self._make():
                pass
            for sink in self._platform.sinks:
                self._serve(sink)
        except IntegrityError:
            log.info("another process made this checkpoint")
        except SQLAlchemyError as error:
            log.warning("checkpoints could not be made", error=type(error).__name__)

    def _mark(self, *, at_once: bool) -> None:
        """Store the time seen every few seconds, for the clock of the next process."""
        now = self._steady()
        if self._platform.watch is None or (now < self._next_mark and not at_once):
            return
        self._next_mark = now + MARK_SECONDS
        with self._platform.work() as work:
            mark(work.session, work.now)

    def _due(self) -> bool:
        settings = self._platform.settings
        pace = Pace(settings.audit_checkpoint_events, timedelta(seconds=settings.audit_checkpoint_seconds))
        with self._reading() as session:
            return due(session, pace, self._platform.clock())

    def _make(self) -> bool:
        with self._platform.work() as work:
            found = alarms(work.session, self._platform, work.now)
            codes = sorted({one.code.value for one in found})
            return make(work.session, self._platform.signer, work.now, codes) is not None

    def _reading(self) -> Session:
        return make_session(self._platform.readers, self._platform.clock())

    def _serve(self, sink: CheckpointSink) -> None:
        not_before, pause = self._pauses.get(sink.name, (0.0, FIRST_PAUSE))
        if self._steady() < not_before:
            return
        try:
            while self._hand_on(sink):
                pass
        except (SinkUnavailable, SinkConflict) as failed:
            self._pauses[sink.name] = self._steady() + pause, min(pause * 2, LONGEST_PAUSE)
            self._failed(sink, f"{type(failed).__name__}: {failed}"[:80])
        else:
            self._pauses.pop(sink.name, None)

    def _hand_on(self, sink: CheckpointSink) -> bool:
        """Deliver a batch of missing checkpoints; returns whether there may be more."""
        with self._reading() as session:
            state = session.get(AuditDelivery, sink.name)
            after = state.number if state else 0
            failing = state is not None and state.failing_since is not None
            query = select(AuditCheckpoint).where(AuditCheckpoint.number > after).order_by(AuditCheckpoint.number)
            waiting = session.scalars(query.limit(AT_ONCE)).all()
        for checkpoint in waiting:
            sink.put(checkpoint.number, checkpoint.line.encode())
            self._note(sink.name, checkpoint.number)
        if failing and waiting:
            log.warning("delivery of checkpoints works again", sink=sink.name)
        return len(waiting) == AT_ONCE

    def _failed(self, sink: CheckpointSink, failure: str) -> None:
        log.error("delivery of a checkpoint failed", sink=sink.name, failure=failure)
        with self._platform.work() as work:
            state = work.session.get(AuditDelivery, sink.name) or AuditDelivery(sink=sink.name, number=0)
            state.failing_since, state.failure = state.failing_since or work.now, failure
            work.session.add(state)

    def _note(self, sink: str, number: int) -> None:
        with self._platform.work() as work:
            state = work.session.get(AuditDelivery, sink) or AuditDelivery(sink=sink, number=0)
            state.number, state.failing_since, state.failure = max(state.number, number), None, None
            work.session.add(state)


class Checkpointer:
    """The background thread that makes and delivers checkpoints; requests never wait for it."""

    def __init__(self, platform: Platform) -> None:
        self._delivery = Delivery(platform)
        self._wanted = platform.settings.audit_checkpoint_seconds > 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start, if enabled in the settings."""
        if self._wanted:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="audit-checkpoints", daemon=True)
            self._thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Make a last checkpoint and stop; a sink that does not respond in time is served after the next start."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(seconds)
            self._thread = None

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self._round(at_once=False)
        self._round(at_once=True)

    def _round(self, *, at_once: bool) -> None:
        try:
            self._delivery.tick(at_once=at_once)
        except Exception:
            log.exception("checkpoints could not be made or delivered")
