"""Whether the process that holds something is gone: known where it ran under this kernel, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

_STARTED = 19
"""Of what follows the name in /proc/PID/stat: when it began: a number used again is another process (proc(5))."""


def this_process() -> str:
    """Names it for `is_gone`; empty where processes cannot be named for certain."""
    try:
        return f"{_kernel()} {os.getpid()} {_began(os.getpid())}"
    except (OSError, IndexError):
        return ""


def is_gone(name: str) -> bool:
    """False, too, where nobody can tell: another machine or container, or one that was begun anew."""
    kernel, _space, process = name.partition(" ")
    pid, _space, began = process.partition(" ")
    try:
        if kernel != _kernel() or not pid.isdecimal():
            return False
    except OSError:
        return False
    try:
        return _began(int(pid)) != began
    except (FileNotFoundError, ProcessLookupError):
        return True
    except (OSError, IndexError):
        return False


def _kernel() -> str:
    """This boot of this machine, and the space in which process numbers mean the same."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"


def _began(pid: int) -> str:
    told = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
    return "" if told[0] == "Z" else told[_STARTED]
