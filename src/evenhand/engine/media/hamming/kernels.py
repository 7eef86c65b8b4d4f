"""Which code searches: the C extension where it was built, numba otherwise. Both give the same answers."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from evenhand.engine.media.hamming.added import Added
from evenhand.engine.media.hamming.arrays import Bytes, Found, Words
from evenhand.engine.media.hamming.tables import Tables


class Kernels(Protocol):
    """`queries` are uint8[q, 32]; radius is 0 to 47 for `search` and `follow`. Answers are in no order."""

    name: str

    def build(self, hashes: Bytes) -> tuple[Words, Words, Words]:
        """The starts, near and rows of tables over these hashes."""

    def search(self, tables: Tables, dead: Bytes, queries: Bytes, radius: int) -> Found:
        """Rows of the tables. Raises ValueError: a table names a row that is not there."""

    def chain(self, added: Added, first: int, end: int) -> None:
        """Chains rows of `added`, that their hashes were written for, into its buckets."""

    def follow(self, added: Added, queries: Bytes, radius: int) -> Found:
        """Rows of what was added."""

    def sweep(self, hashes: Bytes, dead: Bytes, count: int, queries: Bytes, radius: int) -> Found:
        """Rows among the first `count`, by looking at each of them."""


@cache
def fastest() -> Kernels:
    return native() or numba()


@cache
def native(level: int | None = None) -> Kernels | None:
    """The C kernels, or None where they were not built. `level`: of the processor, 0 being what every one can run;
    None for the highest that this one has. Raises ValueError: it has no such level."""
    try:
        from evenhand.engine.media.hamming.native import Native  # noqa: PLC0415 -- absent without a C compiler
    except ImportError:
        return None
    return Native(level)


@cache
def numba() -> Kernels:
    from evenhand.engine.media.hamming.compiled import Numba  # noqa: PLC0415 -- half a second, and only where it is needed

    return Numba()
