"""What was freed is given back."""

from pathlib import Path

from evenhand.runtime import memory

BYTES = 1_000
"""Too many for Python's own small blocks: they come from the C library."""
PIECES = 60_000


def test_a_peak_does_not_stay():
    pieces = [bytes(BYTES) for _ in range(PIECES)]
    last = bytes(BYTES)
    peak = _held()
    pieces.clear()
    memory.give_back()
    assert _held() < peak - 20
    assert last == bytes(BYTES)


def _held() -> float:
    """Megabytes of this process's own."""
    told = Path("/proc/self/status").read_text()
    return int(told.partition("RssAnon:")[2].split()[0]) / 1024
