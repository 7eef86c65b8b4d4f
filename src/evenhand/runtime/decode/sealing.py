"""What a child gives up before it touches a stranger's bytes. Each seal that holds has a name; a machine may lack some.

Imports nothing of ours but `filters`: it also runs in a child that becomes another program.
"""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Callable, Iterator
from typing import Final

from evenhand.runtime.decode import filters

MEMORY: Final = 3 << 29
"""Of addresses, in bytes: 50 million pixels with transparency, the most that are decoded, take two thirds of it."""
SEALS: Final = ("limits", "no new privileges", "no network", "nobody", "system calls")
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NOBODY = 65534
_NO_NEW_PRIVS = 38


def apart(memory: int = MEMORY, files: int = 32) -> Iterator[str]:
    """Limits on memory (bytes), files (none may be written) and processes; no network; no rights of root.

    Yields the name of each seal that holds.
    """
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: files,
    }
    for which, most in limits.items():
        resource.setrlimit(which, (most, most))
    yield "limits"
    libc = ctypes.CDLL(None, use_errno=True)
    alone = _NEW_NETWORK if os.geteuid() == 0 else _NEW_USER | _NEW_NETWORK
    if libc.unshare(alone) == 0:
        yield "no network"
    if os.geteuid() == 0 and _works(_become_nobody):
        yield "nobody"
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        yield "no new privileges"


def deaf() -> Iterator[str]:
    """The last seal, when all is loaded: no process, thread, file or connection from now on."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if filters.allow_only(filters.DECODING):
        yield "system calls"


def _become_nobody() -> None:
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _works(step: Callable[[], None]) -> bool:
    try:
        step()
    except OSError:
        return False
    return True
