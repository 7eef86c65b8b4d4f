"""Which keys of state a partition may have: what is known not to be there, nobody need ask the database for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from evenhand.desk import sql

_SLICE: Final = 10_000
"""Keys that are read at once: so many take some 30 ms, and a batch is not to wait for all of a big partition."""
_MOST: Final = 4_000_000
_FIRST_BITS: Final = 1 << 18
_TIMES_BIGGER: Final = 4
_BITS_A_KEY: Final = 16
_LOOKS: Final = 4
"""With 16 bits for each key, four looks take one key in 400 for one that is there (Bloom 1970: (1 - e^(-4/16))^4)."""


class Known:
    """The keys of one partition, while it is ours: only who holds the claim adds to them. They are read in slices, one
    for each batch; until the last, every key may be there. What is swept away stays known for a while: it is asked for,
    and not found."""

    def __init__(self, part: int) -> None:
        self._part = part
        self._most = _MOST
        self._begin()

    def _begin(self) -> None:
        self._filters = [_Filter(_FIRST_BITS)]
        self._count = 0
        self._read = ""
        self.complete = False

    def may_have(self, key: str) -> bool:
        """False: it is not there for certain."""
        return not self.complete or any(one.may_have(key) for one in self._filters)

    def read_on(self) -> None:
        """Takes in the next slice of what is kept."""
        if self.complete:
            return
        found = sql.rows(
            "SELECT key FROM signals_keyedstate WHERE part = %s AND key > %s ORDER BY key LIMIT %s",
            (self._part, self._read, _SLICE),
        )
        self._put(key for (key,) in found)
        if found:
            [self._read] = found[-1]
        self.complete = len(found) < _SLICE
        self._most = max(self._most, 2 * self._count)

    def add(self, keys: Iterable[str]) -> None:
        """These were written. Many keys of a long time, most of them swept by now, are forgotten and read anew."""
        self._put(keys)
        if self._count > self._most:
            self._begin()

    def _put(self, keys: Iterable[str]) -> None:
        for key in keys:
            if any(one.may_have(key) for one in self._filters):
                continue
            if not self._filters[0].room:
                self._filters.insert(0, _Filter(self._filters[0].bits * _TIMES_BIGGER))
            self._filters[0].add(key)
            self._count += 1


class _Filter:
    """A Bloom filter: `bits`, a power of two, of which each key sets a few. `room`: for so many more it stays sharp."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.room = bits // _BITS_A_KEY
        self._mask = bits - 1
        self._set = bytearray(bits // 8)

    def add(self, key: str) -> None:
        place = hash(key)
        step = place >> 32 | 1
        for _ in range(_LOOKS):
            self._set[(place & self._mask) >> 3] |= 1 << (place & 7)
            place += step
        self.room -= 1

    def may_have(self, key: str) -> bool:
        place = hash(key)
        step = place >> 32 | 1
        for _ in range(_LOOKS):
            if not self._set[(place & self._mask) >> 3] >> (place & 7) & 1:
                return False
            place += step
        return True
