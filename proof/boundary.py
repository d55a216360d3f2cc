"""The boundary between a process and the kernel: every chosen system call is seen, delayed, failed or made the last.

A filter of seccomp hands each call of the chosen kinds to this process, whatever made it: Python, SQLite, Rust, libpq.
Nothing is preloaded and nothing in the product knows of it. Linux on x86-64 only.
"""

import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NUMBERS = {
    "read": 0,
    "write": 1,
    "pread64": 17,
    "pwrite64": 18,
    "writev": 20,
    "connect": 42,
    "sendto": 44,
    "fsync": 74,
    "fdatasync": 75,
    "ftruncate": 77,
    "rename": 82,
    "mkdir": 83,
    "link": 86,
    "unlink": 87,
    "openat": 257,
    "unlinkat": 263,
    "renameat": 264,
    "linkat": 265,
    "renameat2": 316,
}  # fmt: skip  arch/x86/entry/syscalls/syscall_64.tbl
NAMES = {number: name for name, number in NUMBERS.items()}
DURABLE = frozenset(
    {"fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat"}
)
KILLING = DURABLE | {"write", "pwrite64", "sendto"}
_ARCH = 0xC000003E  # AUDIT_ARCH_X86_64
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_CONTINUE = 1
ENTRY, PLACE = "proof.inside:main", "PROOF_BOUNDARY"


@dataclass(frozen=True, slots=True)
class Call:
    """One system call, before the kernel carries it out."""

    thread: int
    name: str
    arguments: tuple[int, ...]

    def file(self) -> str:
        """Return what the first argument, a descriptor, stands for (`/path`, `socket:[…]`), or an empty text."""
        with suppress(OSError):
            return str(Path(f"/proc/{self.thread}/fd/{self.arguments[0]}").readlink())
        return ""

    def memory(self, argument: int, count: int) -> bytes:
        """Return what an argument points to; empty if it is gone."""
        with suppress(OSError), Path(f"/proc/{self.thread}/mem").open("rb", buffering=0) as memory:
            memory.seek(self.arguments[argument])
            return memory.read(count)
        return b""

    def path(self, argument: int) -> str:
        """Return the path that an argument points to."""
        return self.memory(argument, 256).partition(b"\0")[0].decode(errors="replace")

    def address(self) -> str:
        """Return the address that a `connect` is for: a path, or family and bytes."""
        raw = self.memory(1, 110)
        family = int.from_bytes(raw[:2], "little")
        return (
            raw[2:].partition(b"\0")[0].decode(errors="replace")
            if family == socket.AF_UNIX
            else f"{family}:{raw[2:8].hex()}"
        )

    def cut(self) -> None:
        """End the connection that the first argument stands for, as a network does; the call then meets the end of it."""
        status = Path(f"/proc/{self.thread}/status").read_text("utf-8")
        process = os.pidfd_open(int(status.partition("Tgid:")[2].split()[0]))
        ours = ctypes.CDLL(None).syscall(438, process, ctypes.c_int(self.arguments[0]), 0)  # pidfd_getfd
        os.close(process)
        with socket.socket(fileno=ours) as connection, suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


Policy = Callable[[Call], int]  # 0: carry it out; an errno: fail with it


class Boundary:
    """Watches one process, from its start to its end."""

    def __init__(self, policy: Policy, names: frozenset[str] = KILLING) -> None:
        self._policy, self._folder = policy, tempfile.TemporaryDirectory(prefix="bidscreen-proof-")
        self._door = socket.socket(socket.AF_UNIX)
        self._address = str(Path(self._folder.name) / "s")
        self._door.bind(self._address)
        self._door.listen(1)
        self._door.settimeout(30)
        self._names = names
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that let the process find the boundary."""
        return {PLACE: " ".join([self._address, *sorted(self._names)])}

    def close(self) -> None:
        """Stop watching; the process has ended."""
        self._door.close()
        self._thread.join(5)
        self._folder.cleanup()

    def _serve(self) -> None:
        try:
            line, _ = self._door.accept()
        except OSError:
            return
        with line:
            _, (listener,), _, _ = socket.recv_fds(line, 1, 1)
            line.send(b"1")
        waiting = select.poll()
        waiting.register(listener, select.POLLIN)
        try:
            while not waiting.poll()[0][1] & select.POLLHUP:
                self._answer(listener)
        finally:
            os.close(listener)

    def _answer(self, listener: int) -> None:
        asked = bytearray(80)
        try:
            fcntl.ioctl(listener, _RECEIVE, asked)
        except OSError as error:  # ended meanwhile, or woken by a signal
            if error.errno not in (errno.ENOENT, errno.EINTR):
                raise
            return
        number, thread, _, call, _, _, *arguments = struct.unpack("<QIIiIQ6Q", asked)
        fault = self._policy(Call(thread, NAMES[call], tuple(arguments)))
        answer = struct.pack("<QqiI", number, 0, -fault, 0 if fault else _CONTINUE)
        with suppress(OSError):
            fcntl.ioctl(listener, _SEND, bytearray(answer))


class _Filter(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Filter)))


def enter(place: str) -> None:
    """Put this process, and all that it starts, behind the boundary that the variable names."""
    address, *names = place.split(" ")
    numbers = [NUMBERS[name] for name in names]
    count = len(numbers)
    steps = [_Filter(0x20, 0, 0, 4), _Filter(0x15, 1, 0, _ARCH), _Filter(0x06, 0, 0, _ALLOW), _Filter(0x20, 0, 0, 0)]
    steps += [_Filter(0x15, count - index, 0, number) for index, number in enumerate(numbers)]
    steps += [_Filter(0x06, 0, 0, _ALLOW), _Filter(0x06, 0, 0, _NOTIFY)]
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    program = _Program(len(steps), (_Filter * len(steps))(*steps))
    listener = kernel.syscall(317, 1, 8, ctypes.byref(program))  # seccomp, SET_MODE_FILTER, NEW_LISTENER
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp: this kernel notifies nobody")
    socket.send_fds(line, [b"1"], [listener])  # sendmsg, which no boundary watches
    os.close(listener)
    line.recv(1)
    line.close()
