"""A process that ends when the one that started it is gone: kill -9 of a parent leaves no server behind."""

from __future__ import annotations

import os
import signal
import threading
import time

VARIABLE = "EVENHAND_PARENT"
"""In the environment of a child: the process that it must not outlive."""
_LOOK_SECONDS = 0.5
_END_SECONDS = 10.0


def name_this_one() -> None:
    """Children that are started from now on end when this process is gone, if they watch it."""
    os.environ[VARIABLE] = str(os.getpid())


def told() -> int:
    """The process that this one must not outlive; 0: none was named."""
    named = os.environ.get(VARIABLE, "")
    return int(named) if named.isdecimal() else 0


def end_with_it() -> None:
    """Watch the parent that was named, if one was, and end when it is gone."""
    if parent := told():
        threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_END_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
