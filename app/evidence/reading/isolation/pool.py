"""A pool of recycled child processes that read uploaded files. A hostile file ends its child, never this process.

Each file has a limit of wall time, CPU time and resident memory; beyond one the child is killed, the next file gets a
fresh one, and the record has the status needs_review with the limit's name. Answers are JSON of bounded length, never
pickles: a compromised child can only lie about its own file.
"""

import hashlib
import json
import os
import queue
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from app.evidence.reading.limits import Limits
from app.evidence.reading.media import media_type
from app.evidence.reading.record import Extraction

# onnxruntime collects usage data in the home directory from its import on unless it is forbidden.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8", "ORT_DISABLE_TELEMETRY": "1",
}  # fmt: skip
_LENGTH = struct.Struct(">Q")
_PATIENCE = 6
_TICK = 0.02  # seconds between two checks of a child's memory
_START_SECONDS = 30.0
PAGES, PAGES_AT_ONCE = "pages", 4
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


class FileFailed(Exception):
    """The child could not answer: a limit was exceeded, or the reader crashed. The code is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class PageUnavailable(FileFailed):
    """No picture of this page is available."""


class _Child:
    """One child process and its two pipes."""

    def __init__(self, profile: str) -> None:
        command = [sys.executable, "-I", "-m", "app.evidence.reading.isolation.child", profile]
        environment = {**ENVIRONMENT, "PATH": os.defpath}
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            close_fds=True,
        )
        self.tasks = 0
        os.set_blocking(self._pipe(self.process.stdin), False)
        os.set_blocking(self._pipe(self.process.stdout), False)

    @staticmethod
    def _pipe(stream: IO[bytes] | None) -> int:
        if stream is None:  # both pipes were requested above
            raise RuntimeError("a child without pipes")
        return stream.fileno()

    def ask(self, task: dict[str, Any], data: bytes, seconds: float, memory: int, most: int) -> bytes:
        """Send one request and wait for the answer while watching time and memory: `seconds` of CPU time, and a few
        times as many by the clock, so that a busy machine fails no file.
        """
        deadline = time.monotonic() + _PATIENCE * seconds + (_START_SECONDS if not self.tasks else 0)
        self.tasks += 1
        header = json.dumps({**task, "seconds": seconds}).encode()
        self._send((_LENGTH.pack(len(header)), header, _LENGTH.pack(len(data)), data), deadline, memory)
        size = _LENGTH.unpack(self._receive(_LENGTH.size, deadline, memory))[0]
        if size > most:
            raise FileFailed("answer_too_large", "the answer of the reader is longer than allowed")
        return self._receive(size, deadline, memory)

    def _send(self, parts: Sequence[bytes], deadline: float, memory: int) -> None:
        pipe = self._pipe(self.process.stdin)
        for part in parts:
            view = memoryview(part)
            while view:
                self._look(deadline, memory)
                if _ready(pipe, select.POLLOUT):
                    try:
                        view = view[os.write(pipe, view[:1_048_576]) :]
                    except BrokenPipeError as error:
                        raise self._fallen() from error

    def _receive(self, size: int, deadline: float, memory: int) -> bytes:
        pipe, parts, left = self._pipe(self.process.stdout), [], size
        while left:
            self._look(deadline, memory)
            if _ready(pipe, select.POLLIN | select.POLLHUP):
                part = os.read(pipe, min(left, 1_048_576))
                if not part:
                    raise self._fallen()
                parts.append(part)
                left -= len(part)
        return b"".join(parts)

    def _look(self, deadline: float, memory: int) -> None:
        if time.monotonic() > deadline:
            raise FileFailed("time_limit", "reading the file took longer than allowed")
        if self._resident() > memory:
            raise FileFailed("memory_limit", "reading the file took more memory than allowed")

    def _resident(self) -> int:
        """Return resident bytes, 0 where the system does not report them."""
        try:
            return int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1]) * _PAGE_SIZE
        except (OSError, IndexError, ValueError):
            return 0

    def _fallen(self) -> FileFailed:
        status = self.process.wait(timeout=5)
        if status == -signal.SIGXCPU:
            return FileFailed("cpu_limit", "reading the file took more CPU time than allowed")
        if status == -signal.SIGKILL:
            return FileFailed("memory_limit", "the system ended the reader, most likely for its use of memory")
        return FileFailed("reader_crashed", "the reader crashed on the file")

    def end(self) -> None:
        """Kill the child and collect its exit status."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()


class _Turns:
    """At most `most` tasks at once, `each` of one holder; tasks without a holder count for nobody."""

    def __init__(self, most: int, each: int) -> None:
        self._most, self._each = most, each
        self._running: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def one(self, holder: str) -> Iterator[None]:
        """Wait for a turn and hold it."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_free(holder))
            self._running[holder] += 1
        try:
            yield
        finally:
            with self._changed:
                self._running[holder] -= 1
                self._running += Counter()  # drops the holders that have none
                self._changed.notify_all()

    def _is_free(self, holder: str) -> bool:
        return self._running.total() < self._most and (not holder or self._running[holder] < self._each)


class Pool:
    """Children for text, for recognition and for page pictures, started when first needed: at most `jobs` of the first
    two each, `PAGES_AT_ONCE` of the last. All but one of a kind may work for the same holder, half of the last.
    """

    def __init__(self, jobs: int = 1, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._slots: dict[str, queue.LifoQueue[_Child | None]] = {}
        self._turns: dict[str, _Turns] = {}
        width = max(1, jobs)
        for profile, most, each in (
            ("text", width, max(1, width - 1)),
            ("ocr", width, max(1, width - 1)),
            (PAGES, PAGES_AT_ONCE, PAGES_AT_ONCE // 2),
        ):
            self._slots[profile], self._turns[profile] = queue.LifoQueue(), _Turns(most, each)
            for _ in range(most):
                self._slots[profile].put(None)
        self._closed = threading.Event()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all idle children; busy ones end with their file."""
        self._closed.set()
        for slots in self._slots.values():
            with suppress(queue.Empty):
                while True:
                    child = slots.get_nowait()
                    if child:
                        child.end()

    def extract(self, data: bytes, name: str, holder: str = "") -> dict[str, Any]:
        """Return the record of DESIGN 5.8 for one file, always: what cannot be read is needs_review or rejected with a
        reason. `holder`: for whom; one child is kept for other holders.
        """
        if len(data) > self.limits.file_bytes:
            return self._failed(
                data, name, FileFailed("file_too_large", f"the file is larger than {self.limits.file_bytes} bytes")
            )
        task = {"task": "extract", "name": name}
        try:
            record = self._record(
                self._ask("text", task, data, self.limits.text_seconds, self.limits.text_memory, holder)
            )
            if "needsPictures" in record:
                seconds = self.limits.recognition_seconds(int(record["needsPictures"]))
                record = self._record(self._ask("ocr", task, data, seconds, self.limits.ocr_memory, holder))
        except FileFailed as failure:
            return self._failed(data, name, failure)
        return record

    def page_png(
        self, data: bytes, page: int = 1, width: int = 1240, masks: Sequence[Sequence[float]] = (), holder: str = ""
    ) -> bytes:
        """Return a picture of one page (from 1), `width` pixels wide, with the boxes `masks` (0..1) blackened; raises
        PageUnavailable.
        """
        task = {"task": "page", "page": page, "width": width, "masks": [list(m) for m in masks]}
        try:
            answer = self._ask(PAGES, task, data, self.limits.page_seconds, self.limits.text_memory, holder)
        except FileFailed as failure:
            raise PageUnavailable(failure.code, failure.message) from failure
        return answer

    def fingerprint(self, data: bytes, name: str) -> dict[str, Any]:
        """Return the fingerprint of a file (app.evidence.reading.fingerprints.fingerprint); {} where its reader could
        not answer.
        """
        task = {"task": "fingerprint", "name": name}
        try:
            return self._record(self._ask("text", task, data, self.limits.text_seconds, self.limits.text_memory))
        except FileFailed:
            return {}

    def probe(self, profile: str = "text") -> dict[str, Any]:
        """Return the isolation status as a child of this pool reports it (`networkClosed`)."""
        return self._record(
            self._ask(profile, {"task": "probe"}, b"", self.limits.text_seconds, self.limits.ocr_memory)
        )

    @staticmethod
    def _record(answer: bytes) -> dict[str, Any]:
        record = json.loads(answer)
        if not isinstance(record, dict):
            raise FileFailed("reader_failed", "the reader gave no record")
        return record

    def _ask(
        self, profile: str, task: dict[str, Any], data: bytes, seconds: float, memory: int, holder: str = ""
    ) -> bytes:
        with self._turns[profile].one(holder), self._child(profile) as child:
            answer = child.ask(task, data, seconds, memory, self.limits.answer_bytes + 1)
        if answer[:1] == b"F":
            failure = json.loads(answer[1:])
            raise FileFailed(str(failure["code"]), str(failure["message"]))
        return answer[1:]

    @contextmanager
    def _child(self, profile: str) -> Iterator[_Child]:
        """Return a child for one task; after a failure or many tasks it is ended and the next task starts a fresh one."""
        slots = self._slots[profile]
        child = slots.get()
        keep = False
        try:
            child = child or _Child("text" if profile == PAGES else profile)
            yield child
            keep = child.tasks < self.limits.tasks_per_child and not self._closed.is_set()
        finally:
            if child and not keep:
                child.end()
            slots.put(child if keep else None)

    @staticmethod
    def _failed(data: bytes, name: str, failure: FileFailed) -> dict[str, Any]:
        kind = (
            "application/zip" if data[:2] == b"PK" else media_type(data, name)
        )  # no archive is opened in this process
        out = Extraction(name, hashlib.sha256(data).hexdigest(), kind, kind="other")
        out.doubt(failure.code, failure.message)
        return out.as_json()


@lru_cache(maxsize=1)
def shared() -> Pool:
    """Return the pool of this process, wider by one than the setting BIDSCREEN_JOBS (default 2)."""
    return Pool(int(os.environ.get("BIDSCREEN_JOBS", "2")) + 1)


def _ready(pipe: int, events: int) -> bool:
    """Whether a pipe is ready within a tick; poll, since select cannot handle descriptors above 1023."""
    poller = select.poll()
    poller.register(pipe, events)
    return bool(poller.poll(_TICK * 1000))
