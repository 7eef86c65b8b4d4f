"""Memory that this process has freed, given back to the machine."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """glibc keeps what was freed for the next request, for good after a peak; other C libraries have no such call, and
    nothing is done there (malloc_trim(3))."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
