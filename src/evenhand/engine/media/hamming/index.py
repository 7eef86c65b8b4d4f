"""The exact index of known hashes: search, add and remove, all answered as if every hash had been compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Self

import numpy as np
from msgspec import structs

from evenhand.engine.media.hamming import kernels as choice
from evenhand.engine.media.hamming.added import Added
from evenhand.engine.media.hamming.arrays import (
    BITS,
    NONE_DEAD,
    WIDEST,
    Bytes,
    Distances,
    Found,
    Ids,
    as_hashes,
    as_ids,
)
from evenhand.engine.media.hamming.kernels import Kernels
from evenhand.engine.media.hamming.tables import Damaged, Tables, check

RADIUS: Final = 31
"""The distance up to which two PDQ hashes are called a match by its authors (Facebook, "The TMK+PDQF video-hashing
algorithm and the PDQ image-hashing algorithm", 2019)."""
MANY: Final = 16_384
"""Changes from which on building the tables anew pays."""


class Matches(NamedTuple):
    """All pairs within the radius, in order of query, distance and id."""

    queries: Ids
    """int64[k]: number of the query's row."""
    ids: Ids
    """int64[k]"""
    distances: Distances
    """int16[k]: differing bits, 0 to 256."""


class HammingIndex:
    """Hashes of 256 bits with their ids. The same id may have several hashes, and the same hash several ids.

    Built from `hashes` (uint8[n, 32]) and `ids` (int64[n]); raises ValueError for other shapes. Answers are those of
    brute force for every radius from 0 to 256; up to 47 they come from tables (see `tables`).

    One thread may change it while others search: a search sees each change wholly or not at all, row by row. Two
    threads must not change it at the same time.
    """

    def __init__(self, hashes: Any, ids: Any, *, kernels: Kernels | None = None) -> None:
        rows = as_hashes(hashes)
        numbers = as_ids(ids, len(rows))
        if (numbers[1:] < numbers[:-1]).any():
            order = np.argsort(numbers, kind="stable")
            rows, numbers = rows[order], numbers[order]
        self._kernels = kernels or choice.fastest()
        self._stand(Tables(rows, numbers, *self._kernels.build(rows)))

    def _stand(self, tables: Tables) -> None:
        self._tables = tables
        self._dead = NONE_DEAD
        self._added: Added | None = None
        self._live = len(tables)
        self.changed = 0
        """Rows that were added and removed since the tables were built."""
        self._changes: list[tuple[Bytes | None, Ids]] = []
        """What happened since the tables were built: hashes that were added, or None for ids that were removed."""
        self._changed_before = 0

    # -- what it has

    def __len__(self) -> int:
        """Hashes that can be found."""
        return self._live

    @property
    def nbytes(self) -> int:
        """Bytes of the tables and of what was changed since."""
        added = self._added
        extra = added.heads.nbytes + added.count * 105 if added else 0
        return self._tables.nbytes + self._dead.nbytes + extra

    @property
    def wants_compaction(self) -> bool:
        return self.changed >= max(MANY, len(self._tables) // 16)

    # -- asking

    def search(self, hash: Any, radius: int = RADIUS) -> tuple[Ids, Distances]:  # noqa: A002 -- the interface's name
        """Ids and distances of all hashes at most `radius` bits from this one (32 bytes, or uint8[32]), nearest first.

        Raises ValueError for another shape or a radius outside of 0 to 256.
        """
        asked = as_hashes(hash)
        if len(asked) != 1:
            raise ValueError(f"search() takes one hash, not {len(asked)}: search_many() takes many")
        found = self.search_many(asked, radius)
        return found.ids, found.distances

    def search_many(self, hashes: Any, radius: int = RADIUS) -> Matches:
        """All matches of many hashes (uint8[q, 32]); several times faster for each than one by one.

        The answer grows with the matches: thousands of hashes that each match much of the index are asked in parts.
        """
        queries = as_hashes(hashes)
        if not 0 <= radius <= BITS:
            raise ValueError(f"a radius is 0 to {BITS} bits, not {radius}")
        tables, added = self._tables, self._added
        parts = [_matches(self._in_tables(tables, queries, radius), tables.ids)]
        if added is not None:
            parts.append(_matches(self._in_added(added, queries, radius), added.ids))
        return _in_order(parts)

    def _in_tables(self, tables: Tables, queries: Bytes, radius: int) -> Found:
        if radius <= WIDEST:
            return self._kernels.search(tables, self._dead, queries, radius)
        return self._kernels.sweep(tables.hashes, self._dead, len(tables), queries, radius)

    def _in_added(self, added: Added, queries: Bytes, radius: int) -> Found:
        if radius <= WIDEST:
            return self._kernels.follow(added, queries, radius)
        return self._kernels.sweep(added.hashes, added.dead, added.count, queries, radius)

    # -- changing

    def add(self, hashes: Any, ids: Any, *, replace: bool = False) -> None:
        """From now on these (uint8[n, 32], int64[n]) are found too. Takes the time of the rows added, not of the index.

        An id may stand for several hashes: a medium and its variants. So what stands under an id already stays, and
        the same hash given twice is found twice; with `replace` the new hashes take the place of all that these ids
        had. Raises ValueError for other shapes: nothing is changed then.
        """
        rows = as_hashes(hashes)
        numbers = as_ids(ids, len(rows))
        if replace:
            self.remove(numbers)
        if not len(rows):
            return
        added = (self._added or Added()).with_room_for(len(rows))
        first, end = added.count, added.count + len(rows)
        added.hashes[first:end] = rows
        added.ids[first:end] = numbers
        self._kernels.chain(added, first, end)
        added.count = end
        self._added = added
        self._live += len(rows)
        self.changed += len(rows)
        self._changes.append((rows.copy(), numbers.copy()))

    def remove(self, ids: Any) -> int:
        """All hashes under these ids are found no more. How many there were; ids that are not there are passed over."""
        numbers = np.unique(np.atleast_1d(np.asarray(ids, np.int64)))
        gone = self._remove_from_tables(numbers)
        if self._added is not None:
            rows = self._added.rows_of(numbers)
            self._added.dead[rows] = 1
            gone += len(rows)
        if gone:
            self._live -= gone
            self.changed += gone
            self._changes.append((None, numbers))
        return gone

    def _remove_from_tables(self, ids: Ids) -> int:
        firsts = np.searchsorted(self._tables.ids, ids, "left")
        ends = np.searchsorted(self._tables.ids, ids, "right")
        there = ends > firsts
        if not there.any():
            return 0
        if not len(self._dead):
            self._dead = np.zeros(len(self._tables), np.uint8)
        rows = np.concatenate([np.arange(a, b) for a, b in zip(firsts[there], ends[there], strict=True)])
        gone = int(np.count_nonzero(self._dead[rows] == 0))
        self._dead[rows] = 1
        return gone

    def compacted(self) -> Self:
        """An index of the same content whose tables hold everything; this one stays as it is.

        May run in another thread while this one is searched and changed. What was changed meanwhile comes over by
        `catch_up`, which takes microseconds, before the new one takes this one's place.
        """
        changes = len(self._changes)
        hashes, ids = self._content(changes)
        fresh = type(self)(hashes, ids, kernels=self._kernels)
        fresh._changed_before = changes  # noqa: SLF001 -- of its own kind
        return fresh

    def catch_up(self, old: Self) -> None:
        """Applies what `old`, that this one was compacted from, was changed by since."""
        for hashes, ids in old._changes[self._changed_before :]:
            if hashes is None:
                self.remove(ids)
            else:
                self.add(hashes, ids)
        self._changed_before = len(old._changes)

    def _content(self, changes: int) -> tuple[Bytes, Ids]:
        """The tables' rows with the first so many changes applied, in the order in which they came."""
        gone: set[int] = set()
        hashes, ids = [], []
        for added, numbers in reversed(self._changes[:changes]):
            if added is None:
                gone.update(numbers.tolist())
                continue
            stay = np.fromiter((number not in gone for number in numbers.tolist()), bool, len(numbers))
            hashes.append(added[stay])
            ids.append(numbers[stay])
        tables = self._tables
        stay = ~np.isin(tables.ids, np.fromiter(gone, np.int64, len(gone)))
        hashes.append(tables.hashes[stay])
        ids.append(tables.ids[stay])
        return np.concatenate(hashes[::-1]), np.concatenate(ids[::-1])

    # -- its arrays

    def to_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """The tables as plain arrays by name (see `Tables`), with all changes in them."""
        tables = self.compacted()._tables if self._changes else self._tables  # noqa: SLF001 -- of its own kind
        return structs.asdict(tables)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], *, kernels: Kernels | None = None) -> Self:
        """The index that `to_arrays` gave; the arrays may be read-only, and mapped from a file.

        Raises Damaged: they cannot be an index.
        """
        names = Tables.__struct_fields__
        if set(arrays) != set(names):
            raise Damaged(f"an index has the arrays {', '.join(names)}, not {', '.join(sorted(arrays)) or 'none'}")
        tables = Tables(**{name: np.asarray(arrays[name]) for name in names})
        check(tables)
        index = cls.__new__(cls)
        index._kernels = kernels or choice.fastest()  # noqa: SLF001 -- its own
        index._stand(tables)  # noqa: SLF001 -- of its own kind
        return index


def _matches(found: Found, ids: Ids) -> Matches:
    return Matches(found[:, 0].astype(np.int64), ids[found[:, 1]], found[:, 2].astype(np.int16))


def _in_order(parts: list[Matches]) -> Matches:
    queries, ids, distances = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
    if len(queries) > 1:
        order = np.lexsort((ids, distances, queries))
        queries, ids, distances = queries[order], ids[order], distances[order]
    return Matches(queries, ids, distances)
