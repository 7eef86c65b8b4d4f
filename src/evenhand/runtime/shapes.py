"""Makes every shape that JSON is read into ready before there are threads.

msgspec 0.22 builds what it knows of a Struct on first use, and shows it to other threads half built: two threads that
read their first bodies at the same moment end the process with a segmentation fault.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct

_PACKAGE = "evenhand."


def prepare() -> int:
    """Build each of our Structs that is imported by now; how many. Call it in one thread, before others start."""
    return sum(_build(shape) for shape in _ours(Struct))


def _build(shape: type[Struct]) -> bool:
    try:
        msgspec.json.Decoder(shape)
    except TypeError:  # it holds what JSON cannot: nobody reads it
        return False
    return True


def _ours(base: type[Struct]) -> Iterator[type[Struct]]:
    for shape in base.__subclasses__():
        if shape.__module__.startswith(_PACKAGE):
            yield shape
        yield from _ours(shape)
