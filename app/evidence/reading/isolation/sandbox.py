"""Restrictions on the child process that parses untrusted files: no network, no new programs, no signals to others,
bounded memory, files and time.

Linux only: a seccomp filter (unprivileged, works in containers) answers EACCES to system calls that need a socket,
start a program or touch another process. On other systems the limits apply, but the network stays open;
`network_closed` reports it.
"""

import ctypes
import errno
import platform
import resource
import socket
import struct
import sys

_ARCHITECTURES = {
    "x86_64": (0xC000003E, (41, 42, 43, 44, 46, 49, 50, 59, 62, 101, 288, 307, 310, 311, 322, 424, 425, 434, 438)),
    "aarch64": (
        0xC00000B7,
        (117, 129, 198, 200, 201, 202, 203, 206, 211, 221, 242, 269, 270, 271, 281, 424, 425, 434, 438),
    ),
}  # socket connect accept sendto sendmsg bind listen execve kill ptrace accept4 sendmmsg process_vm_* execveat pidfd_* io_uring_setup
_LOAD, _EQUAL, _GREATER, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | errno.EACCES
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER_MODE = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def bound(address_space: int, open_files: int) -> None:
    """Set limits for the whole life of the child: bytes of address space, open files, no file written, no core."""
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def bound_cpu(seconds: float) -> None:
    """Allow at most this many CPU seconds from now; then the kernel ends the child (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, resource.RLIM_INFINITY))


def close_network() -> bool:
    """Install the filter; False where this system has none."""
    found = _ARCHITECTURES.get(platform.machine())
    if not sys.platform.startswith("linux") or found is None:
        return False
    code = _filter(*found)
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(code) // 8, code)
    return bool(
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0) == 0
    )


def _filter(architecture: int, refused: tuple[int, ...]) -> bytes:
    """Build the BPF program: other architectures are killed, the refused calls get EACCES, the rest pass."""
    rules = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    rules += [(_GREATER, len(refused), 0, 0x40000000)]
    rules += [(_EQUAL, len(refused) - i, 0, number) for i, number in enumerate(refused)]
    rules += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *rule) for rule in rules)


def network_closed() -> bool:
    """Try to open a socket; True when that is refused."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno == errno.EACCES
    return False
