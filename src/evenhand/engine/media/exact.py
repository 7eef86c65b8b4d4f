"""Sets of exact hashes (MD5, SHA-1, SHA-256, or any others of one width): which ids a value is listed under.

Sorted arrays: the first eight bytes of each value as a number, looked up by halving, then the rest of it; width + 8
bytes for each entry, where a dictionary takes some 250. What was added since stands in a small dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Self

import numpy as np

from evenhand.engine.media.hamming.arrays import NONE_DEAD, Bytes, Ids, as_ids
from evenhand.engine.media.hamming.tables import Damaged

WIDTHS: Final = {"md5": 16, "video_md5": 16, "sha1": 20, "sha256": 32}
"""Bytes of the kinds of hash that are matched exactly."""
HEAD: Final = 8
MANY: Final = 16_384
"""Changes from which on sorting anew pays."""


class Listed(NamedTuple):
    """All pairs that agree, in order of query and id."""

    queries: Ids
    ids: Ids


class ExactSet:
    """Values of one width (uint8[n, width], width at least 8) and their ids (int64[n]).

    Raises ValueError for other shapes. One thread may change it while others ask; two must not change it.
    """

    def __init__(self, values: Any, ids: Any) -> None:
        rows = np.asarray(values)
        if rows.dtype != np.uint8 or rows.ndim != 2 or rows.shape[1] < HEAD:  # noqa: PLR2004 -- dimensions
            raise ValueError(
                f"values are uint8[n, width] with a width of at least {HEAD}, not {rows.dtype}{list(rows.shape)}"
            )
        numbers = as_ids(ids, len(rows))
        heads, tails = _heads(rows), rows[:, HEAD:]
        order = np.lexsort((numbers, *tails.T[::-1], heads))
        self._stand(heads[order], np.ascontiguousarray(tails[order]), numbers[order])

    def _stand(self, heads: np.ndarray[Any, np.dtype[np.uint64]], tails: Bytes, ids: Ids) -> None:
        self.width = HEAD + tails.shape[1]
        self._heads, self._tails, self._ids = heads, tails, ids
        self._dead = NONE_DEAD
        self._added: dict[bytes, tuple[int, ...]] = {}
        self._changed = 0
        self._live = len(ids)

    def __len__(self) -> int:
        return self._live

    @property
    def nbytes(self) -> int:
        return self._heads.nbytes + self._tails.nbytes + self._ids.nbytes

    @property
    def wants_compaction(self) -> bool:
        return self._changed >= max(MANY, len(self._ids) // 16)

    # -- asking

    def find(self, value: bytes) -> Ids:
        """The ids that this value is listed under, ascending; int64[k]. Raises ValueError for another width."""
        if len(value) != self.width:
            raise ValueError(f"values here have {self.width} bytes, not {len(value)}")
        found = [*self._added.get(value, ())]
        head, tail = np.uint64(int.from_bytes(value[:HEAD], "big")), value[HEAD:]
        for place in range(int(np.searchsorted(self._heads, head)), len(self._heads)):
            if self._heads[place] != head:
                break
            if self._tails[place].tobytes() == tail and not (len(self._dead) and self._dead[place]):
                found.append(int(self._ids[place]))
        return np.array(sorted(found), np.int64)

    def find_many(self, values: Any) -> Listed:
        """The same for many: uint8[q, width], or a sequence of bytes."""
        asked = self._as_rows(values)
        queries, places = self._in_arrays(asked)
        ids = self._ids[places]
        if self._added:
            listed = [(number, one) for number, row in enumerate(asked) for one in self._added.get(row.tobytes(), ())]
            queries = np.concatenate([queries, np.array([number for number, _ in listed], np.int64)])
            ids = np.concatenate([ids, np.array([one for _, one in listed], np.int64)])
        order = np.lexsort((ids, queries))
        return Listed(queries[order], ids[order])

    def _as_rows(self, values: Any) -> Bytes:
        if not isinstance(values, np.ndarray):
            listed = list(values)
            if any(len(value) != self.width for value in listed):
                raise ValueError(f"values here have {self.width} bytes")
            values = np.frombuffer(b"".join(listed), np.uint8).reshape(-1, self.width)
        if values.dtype != np.uint8 or values.ndim != 2 or values.shape[1] != self.width:  # noqa: PLR2004 -- dimensions
            raise ValueError(f"values here are uint8[n, {self.width}], not {values.dtype}{list(values.shape)}")
        return np.ascontiguousarray(values)

    def _in_arrays(self, asked: Bytes) -> tuple[Ids, Ids]:
        """Numbers of queries, and the places that they are found at."""
        heads = _heads(asked)
        firsts = np.searchsorted(self._heads, heads, "left")
        if not len(self._heads):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        # Few are there at all: the end of the run is looked for only where the first agrees.
        nearest = self._heads[np.minimum(firsts, len(self._heads) - 1)]
        queries = np.flatnonzero(nearest == heads).astype(np.int64)
        firsts = firsts[queries]
        lengths = np.searchsorted(self._heads, heads[queries], "right") - firsts
        queries = np.repeat(queries, lengths)
        places = np.repeat(firsts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        same = (self._tails[places] == asked[queries, HEAD:]).all(axis=1)
        if len(self._dead):
            same &= self._dead[places] == 0
        return queries[same], places[same]

    # -- changing

    def add(self, values: Any, ids: Any) -> None:
        rows = self._as_rows(values)
        for row, number in zip(rows, as_ids(ids, len(rows)).tolist(), strict=True):
            value = row.tobytes()
            self._added[value] = (*self._added.get(value, ()), number)
        self._live += len(rows)
        self._changed += len(rows)

    def remove(self, ids: Any) -> int:
        """No value is listed under these ids any more. How many entries that were."""
        numbers = np.unique(np.atleast_1d(np.asarray(ids, np.int64)))
        gone = self._remove_from_arrays(numbers) + self._remove_from_added(set(numbers.tolist()))
        self._live -= gone
        self._changed += gone
        return gone

    def _remove_from_arrays(self, ids: Ids) -> int:
        # Looking through all ids takes a millisecond for a million, and keeps no second order of them in memory.
        places = np.flatnonzero(self._ids == ids[0] if len(ids) == 1 else np.isin(self._ids, ids))
        if not len(places):
            return 0
        if not len(self._dead):
            self._dead = np.zeros(len(self._ids), np.uint8)
        gone = int(np.count_nonzero(self._dead[places] == 0))
        self._dead[places] = 1
        return gone

    def _remove_from_added(self, ids: set[int]) -> int:
        touched = {value: listed for value, listed in self._added.items() if not ids.isdisjoint(listed)}
        gone = 0
        for value, listed in touched.items():
            left = tuple(number for number in listed if number not in ids)
            gone += len(listed) - len(left)
            if left:
                self._added[value] = left
            else:
                del self._added[value]
        return gone

    def compacted(self) -> Self:
        """A set of the same content, all of it in arrays; this one stays as it is."""
        live = slice(None) if not len(self._dead) else self._dead == 0
        listed = [(value, number) for value, numbers in self._added.items() for number in numbers]
        values = np.frombuffer(b"".join(value for value, _ in listed), np.uint8).reshape(-1, self.width)
        heads = self._heads[live].astype(">u8").view(np.uint8).reshape(-1, HEAD)
        kept = np.concatenate([heads, self._tails[live]], axis=1)
        ids = np.concatenate([self._ids[live], np.array([number for _, number in listed], np.int64)])
        return type(self)(np.concatenate([kept, values]), ids)

    # -- its arrays

    def to_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Plain arrays by name: heads uint64[n] ascending, tails uint8[n, width - 8], ids int64[n]."""
        whole = self.compacted() if self._changed else self
        return {"heads": whole._heads, "tails": whole._tails, "ids": whole._ids}  # noqa: SLF001 -- of its own kind

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Self:
        """The set that `to_arrays` gave; the arrays may be read-only. Raises Damaged: they cannot be a set."""
        if set(arrays) != {"heads", "tails", "ids"}:
            raise Damaged(f"a set has the arrays heads, tails, ids, not {', '.join(sorted(arrays)) or 'none'}")
        heads, tails, ids = arrays["heads"], arrays["tails"], arrays["ids"]
        n = len(ids)
        if heads.dtype != np.uint64 or tails.dtype != np.uint8 or ids.dtype != np.int64:
            raise Damaged(f"heads, tails, ids are {heads.dtype}, {tails.dtype}, {ids.dtype}, not uint64, uint8, int64")
        if heads.shape != (n,) or ids.shape != (n,) or tails.ndim != 2 or len(tails) != n:  # noqa: PLR2004 -- dimensions
            raise Damaged(f"heads, tails, ids have {len(heads)}, {len(tails)}, {n} rows")
        if (heads[1:] < heads[:-1]).any():
            raise Damaged("heads do not ascend")
        made = cls.__new__(cls)
        made._stand(heads, tails, ids)  # noqa: SLF001 -- of its own kind
        return made


def _heads(rows: Bytes) -> np.ndarray[Any, np.dtype[np.uint64]]:
    return np.ascontiguousarray(rows[:, :HEAD]).view(">u8").reshape(-1).astype(np.uint64)
