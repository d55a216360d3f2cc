"""Commands of bidscreen in processes forked from one that has imported everything: the same command, 2 s sooner.

A process of its own for each command, with its own directory, environment and streams, ended by its own signal; only
the imports are shared. What the start itself is about (imports, the console script) is tested with a new interpreter.
"""

import array
import atexit
import contextlib
import ctypes
import functools
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS = 1 << 20  # most bytes of a request: words and environment
MAIN = "app.entrypoints.cli.main:main"
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Started:
    """A command that runs; `stdin`, `stdout`, `stderr` are ours, or None if they were given."""

    def __init__(self, line, pid, streams):
        self._line, self.pid, self.returncode = line, pid, None
        self.stdin, self.stdout, self.stderr = streams

    def poll(self):
        """Return the exit status, negative for a signal, or None while it runs."""
        return self._read(0.0)

    def wait(self, timeout=None):
        """Wait for the exit status. subprocess.TimeoutExpired."""
        if self._read(timeout) is None:
            raise subprocess.TimeoutExpired("bidscreen", timeout)
        return self.returncode

    def _read(self, timeout):
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                answer = self._line.recv(64)
            except (TimeoutError, BlockingIOError):
                return None
            self.returncode = int(answer) if answer else -signal.SIGKILL
            self._line.close()
        return self.returncode

    def send_signal(self, number):
        """Signal the process, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        """End the process at once."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, given=None, timeout=None):
        """Write the input, read both streams to their end, wait; return both texts."""
        read = {}
        threads = [
            threading.Thread(target=lambda name=name, stream=stream: read.update({name: stream.read()}), daemon=True)
            for name, stream in (("out", self.stdout), ("err", self.stderr))
            if stream is not None
        ]
        for thread in threads:
            thread.start()
        if self.stdin is not None:
            with contextlib.suppress(BrokenPipeError), self.stdin:
                self.stdin.write(given or "")
        self.wait(timeout)
        for thread in threads:
            thread.join(timeout)
        return read.get("out"), read.get("err")


class Warm:
    """The process that forks, and the commands forked from it."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="bidscreen-warm-")
        self._address = str(Path(self._folder.name) / "s")
        ours, theirs = socket.socketpair()
        self._life = ours  # the other end reads its end when this process is gone
        program = [sys.executable, "-c", "from tests.making.warm import stand_by; stand_by()"]
        self._process = subprocess.Popen(
            [*program, self._address, str(theirs.fileno())],
            cwd=ROOT, env={**_plain(), "OPENBLAS_NUM_THREADS": "1"}, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
        )  # fmt: skip
        theirs.close()
        assert ours.recv(1) == b"1", "the process that forks did not start"

    def command_in(self, folder):
        """Write an executable `bidscreen` into a folder: what a shell script finds on its PATH."""
        text = SHIM.format(python=sys.executable, address=self._address, most=WORDS, entry=MAIN)
        (folder / "bidscreen").write_text(text, "utf-8")
        (folder / "bidscreen").chmod(0o755)

    def close(self):
        """End the process that forks, and with it every command that still runs."""
        self._life.close()
        self._process.wait(30)
        self._folder.cleanup()

    def start(self, *words, cwd=None, env=None, stdin=None, stdout=None, stderr=None, group=False, entry=None):
        """Start `bidscreen WORDS`; a stream may be subprocess.PIPE, DEVNULL or an open file, None inherits ours.

        `env` is the whole environment; `group`: in a process group of its own; `entry`: `module:function` instead of
        the command line.
        """
        theirs, ours = zip(*(_stream(one, number) for number, one in enumerate((stdin, stdout, stderr))), strict=True)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        line.connect(self._address)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WORDS)
        asked = {
            "words": [str(word) for word in words], "cwd": str(cwd or Path.cwd()), "group": group,
            "env": dict(os.environ if env is None else env), "entry": entry or MAIN,
        }  # fmt: skip
        socket.send_fds(line, [json.dumps(asked).encode()], [one.fileno() for one in theirs])
        for one, given in zip(theirs, (stdin, stdout, stderr), strict=True):
            if one is not given:
                one.close()
        return Started(line, int(line.recv(64)), ours)

    def run(self, *words, given=None, timeout=120, **how):
        """Run `bidscreen WORDS` to its end and return status, output and errors as texts."""
        pipe = subprocess.PIPE
        how = {"stdout": pipe, "stderr": pipe, **how, "stdin": pipe if given is not None else subprocess.DEVNULL}
        started = self.start(*words, **how)
        try:
            out, errors = started.communicate(given, timeout)
        except BaseException:
            started.kill()
            raise
        return subprocess.CompletedProcess(list(words), started.returncode, out, errors)


@functools.cache
def warm():
    """Return the one of this process; it ends with it."""
    made = Warm()
    atexit.register(made.close)
    return made


SHIM = """#!{python} -SE
import array, os, socket, sys, json
line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
line.connect({address!r})
line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, {most})
asked = dict(words=sys.argv[1:], cwd=os.getcwd(), group=False, env=dict(os.environ), entry={entry!r})
socket.send_fds(line, [json.dumps(asked).encode()], [0, 1, 2])
pid = int(line.recv(64))
import signal
signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
status = int(line.recv(64) or -9)
sys.exit(status if status >= 0 else 128 - status)
"""


def _plain():
    return {name: value for name, value in os.environ.items() if not name.startswith("BIDSCREEN_")}


def _stream(given, number):
    """Return their end and our end of a stream of the command."""
    if given == subprocess.PIPE:
        reading, writing = os.pipe()
        if number == 0:
            return os.fdopen(reading), os.fdopen(writing, "w", encoding="utf-8")
        return os.fdopen(writing, "w"), os.fdopen(reading, encoding="utf-8")
    if given == subprocess.DEVNULL:
        return Path(os.devnull).open("r+b", buffering=0), None
    return (given or os.fdopen(os.dup(number), "wb", buffering=0)), None


def stand_by():
    """Import everything, then fork a process for each request until the other side is gone."""
    address, life = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))
    for name in ("administration.users.service", "entrypoints.bootstrap", "entrypoints.cli.main", "entrypoints.server"):
        importlib.import_module(f"app.{name}")
    sys.path[0] = str(ROOT)  # was "": the directory of each command
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listening.bind(address)
    listening.listen(64)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    life.send(b"1")
    waiting = selectors.DefaultSelector()
    for one in (listening, life):
        waiting.register(one, selectors.EVENT_READ)
    while True:
        ready = {key.fileobj for key, _ in waiting.select()}
        if life in ready:
            os._exit(0)
        line, _ = listening.accept()
        if os.fork() == 0:
            waiting.close()
            listening.close()
            life.close()
            return _attend(line)
        line.close()


def _attend(line):
    """Fork the command, say its number, wait for it and say its status. Returns in the command's process alone."""
    _die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    text, descriptors, _, _ = socket.recv_fds(line, WORDS, 3)
    asked = json.loads(text)
    pid = os.fork()
    if pid == 0:
        line.close()
        _die_with_parent()
        return _become(asked, descriptors)
    for one in array.array("i", descriptors):
        os.close(one)
    with contextlib.suppress(OSError):
        line.send(str(pid).encode())
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        line.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _become(asked, descriptors):
    """Be the command: its directory, environment, streams and words; returns or raises as a console script does."""
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if asked["group"]:
        os.setpgid(0, 0)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv[:] = ["bidscreen", *asked["words"]]
    module, _, name = asked["entry"].partition(":")
    getattr(importlib.import_module(module), name)()
