"""Forbid core dumps: the memory of a process contains keys, resident IDs and, at the opening, prices."""

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid_core_dumps() -> None:
    """Forbid core dumps of this process, even where the kernel pipes them to a program, which ignores the limit."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
