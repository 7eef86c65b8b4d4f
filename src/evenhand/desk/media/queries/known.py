"""The index at hand: the perceptual hashes that match now, in this process, kept current by following the changes.

Without any entry of a kind nothing is built, and no library of numbers is loaded.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection

from evenhand.desk import sql
from evenhand.desk.media.queries import saved
from evenhand.desk.media.queries.tables import unmapped

if TYPE_CHECKING:
    from evenhand.engine.media import HammingIndex

POLL: Final = 0.5
"""Seconds for which what was read of the changes is taken for current."""
RADIUS: Final = 31
_ROWS: Final = 10_000
"""In one statement: what Python had for 50,000 at a time left 20 MB in the process for good."""
_REBUILT_FROM: Final = 50_000
"""Changes, at least, from which on the index is built anew."""
SAVED_FROM: Final = 20_000
"""Hashes from which on an index is worth a file: fewer are built in a moment."""
_FRAMES: Final = 12
"""Bits of an id that number the hashes of one entry: a medium with its variants, or frames."""
_HASH: Final = 32
_MATCHES = "withdrawn_at IS NULL AND review <> 'rejected'"
NEAR: Final = {"pdq": ("pdq",), "vpdq": ("vpdq", "pdq")}
"""Which kinds of entries what was seen is held against: a film may be made of a listed picture."""
Near = list[tuple[int, int]]
"""Entries and distances, the nearest first."""


class Known:
    """All entries of one kind of hash. Safe to share between threads: changes are taken in by one of them at a time."""

    def __init__(self, kind: str, *, poll: float = POLL) -> None:
        self.kind = kind
        self.seq = 0
        """Changes up to here are in it."""
        self._poll = poll
        self._index: HammingIndex | None = None
        self._stamp: saved.Stamp = None
        self._followed_at = float("-inf")
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Hashes that can be found: several for an entry with variants or frames."""
        return 0 if self._index is None else len(self._index)

    def search(self, value: bytes, radius: int = RADIUS) -> Near:
        return self.search_many([value], radius)[0]

    def search_many(self, values: Sequence[bytes], radius: int = RADIUS) -> list[Near]:
        """Of each hash (32 bytes) the entries near it, as they are in the lists now: what is in a bank but switched
        off, or beyond its radius, is there too (`matching.match` applies these)."""
        self.follow()
        index = self._index
        if index is None:
            return [[] for _ in values]
        return _near(index, values, radius)

    def follow(self) -> None:
        """Take in what changed, when it is time to look again."""
        if time.monotonic() - self._followed_at < self._poll:
            return
        with self._lock:
            if time.monotonic() - self._followed_at < self._poll:
                return
            self._follow()
            self._followed_at = time.monotonic()

    def catch_up(self) -> None:
        """Take in what changed, now: for a thread that keeps it current, so that whoever searches does not."""
        with self._lock:
            self._follow()
            self._followed_at = time.monotonic()

    def _follow(self) -> None:
        until = newest()
        if self._index is None:
            if _any(self.kind):
                self._open(until)
            return
        if saved.stamp(self.kind) != self._stamp:
            self._open(until)
        elif until != self.seq:
            changed = _changed(self.kind, self.seq, until)
            if len(changed) > max(_REBUILT_FROM, len(self._index) // 4):
                with unmapped():
                    self._rebuild(until)
                return
            _replace(self._index, changed)
            self.seq = until
            if self._index.wants_compaction:
                self._compact(self._index)

    def _open(self, until: int) -> None:
        """The saved index with what came since; from the database, where there is none, or it does not agree."""
        with unmapped():
            self._open_or_build(until)

    def _open_or_build(self, until: int) -> None:
        self._stamp = saved.stamp(self.kind)
        mapped = saved.open_(self.kind)
        if mapped is None or mapped.position > until:
            self._rebuild(until)
            return
        _replace(mapped.hashes, _changed(self.kind, mapped.position, until))
        if len(mapped.hashes) != _hashes(self.kind):
            self._rebuild(until)
            return
        self.seq, self._index = until, mapped.hashes

    def _rebuild(self, until: int) -> None:
        self.seq, self._index = until, build(self.kind)
        if len(self._index) >= SAVED_FROM:
            self._save(self._index, until)

    def _save(self, index: HammingIndex, position: int) -> None:
        """So that others, and this process at its next start, map it instead of building it; and from now on this
        process, too: what is mapped is in memory once for all."""
        self._stamp = saved.save(self.kind, index, position)
        mapped = saved.open_(self.kind)
        if mapped is not None and mapped.position == position:
            self._index = mapped.hashes

    def _compact(self, old: HammingIndex) -> None:
        """In the background; whoever searches meanwhile searches the old one."""

        def work() -> None:
            fresh = old.compacted()
            with self._lock:
                if self._index is old:
                    fresh.catch_up(old)
                    self._index = fresh
                    self._save(fresh, self.seq)
            connection.close()

        threading.Thread(target=work, name=f"index-{self.kind}", daemon=True).start()


def at_hand(kind: str) -> Known:
    """The index of this process."""
    found = _AT_HAND.get(kind)
    if found is None:
        found = _AT_HAND.setdefault(kind, Known(kind))
    return found


_AT_HAND: dict[str, Known] = {}


def forget() -> None:
    """Start anew: the database is another one."""
    _AT_HAND.clear()


def of_changes(kind: str, since: int, until: int) -> HammingIndex | None:
    """An index of what this kind is held against: entries that came with these changes (since < seq ≤ until) and still
    match, if there are any."""
    with unmapped():
        found = _indexed(block for one in NEAR[kind] for block in _added(one, since, until))
    return found if len(found) else None


def _added(kind: str, since: int, until: int) -> Iterator[list[tuple[int, bytes]]]:
    while True:
        found = sql.rows(
            "SELECT c.seq, e.id, e.value FROM media_change c JOIN media_entry e ON e.id = c.entry_id"  # noqa: S608 (constant parts)
            f" WHERE c.seq > %s AND c.seq <= %s AND c.kind = %s AND c.what = 'added' AND {_MATCHES}"
            " ORDER BY c.seq LIMIT %s",
            (since, until, kind, _ROWS),
        )
        if not found:
            return
        yield [(id_, bytes(value)) for _, id_, value in found]
        since = found[-1][0]


def newest() -> int:
    """The number of the last change."""
    [(seq,)] = sql.rows("SELECT coalesce(max(seq), 0) FROM media_change")
    return int(seq)


def build(kind: str) -> HammingIndex:
    """All that match now, from the database."""
    return _indexed(_entries(kind))


def _any(kind: str) -> bool:
    return bool(sql.rows("SELECT 1 FROM media_entry WHERE kind = %s LIMIT 1", (kind,)))


def _hashes(kind: str) -> int:
    """How many there have to be: what a file of another database would not have."""
    [(count,)] = sql.rows(
        f"SELECT coalesce(sum(CASE WHEN kind = %s AND {_MATCHES} THEN length(value) END), 0) FROM media_entry",  # noqa: S608 (constant parts)
        (kind,),
    )
    return int(count) // _HASH


def _entries(kind: str) -> Iterator[list[tuple[int, bytes]]]:
    after = 0
    while True:
        found = sql.rows(
            f"SELECT id, CASE WHEN kind = %s AND {_MATCHES} THEN value END FROM media_entry"  # noqa: S608 (constant parts)
            " WHERE id > %s ORDER BY id LIMIT %s",  # in the order of the table: an index on kind is no order of ids
            (kind, after, _ROWS),
        )
        if not found:
            return
        block = [(id_, bytes(value)) for id_, value in found if value is not None]
        if block:
            yield block
        after = found[-1][0]


class _Changed(NamedTuple):
    hashes: int
    """How many it has: an entry's value never changes, another hash is another entry."""
    value: bytes
    """Empty when it matches no longer."""


def _changed(kind: str, since: int, until: int) -> dict[int, _Changed]:
    """Entries that changed, as they stand now. Twice the same entry is once, and what is read again is the same
    again."""
    found = sql.rows(
        f"SELECT e.id, length(e.value), CASE WHEN {_MATCHES} THEN e.value END FROM media_entry e WHERE e.id IN"  # noqa: S608 (constant parts)
        " (SELECT entry_id FROM media_change WHERE seq > %s AND seq <= %s AND kind = %s)",
        (since, until, kind),
    )
    return {id_: _Changed(length // _HASH, bytes(value or b"")) for id_, length, value in found}


def _indexed(blocks: Iterable[list[tuple[int, bytes]]]) -> HammingIndex:
    import numpy as np  # noqa: PLC0415 (a desk without entries does not load it)

    from evenhand.engine.media import HammingIndex  # noqa: PLC0415 (the same)

    parts = [_arrays(block) for block in blocks]
    if not parts:
        return HammingIndex(np.zeros((0, _HASH), np.uint8), np.zeros(0, np.int64))
    return HammingIndex(np.concatenate([rows for rows, _ in parts]), np.concatenate([ids for _, ids in parts]))


def _arrays(entries: Sequence[tuple[int, bytes]]) -> tuple[Any, Any]:
    """uint8[n, 32] and int64[n]: a row for each hash of each entry, the entry's id above the hash's number."""
    import numpy as np  # noqa: PLC0415 (a desk without entries does not load it)

    rows = np.frombuffer(b"".join(value for _, value in entries), np.uint8).reshape(-1, _HASH)
    counts = np.fromiter((len(value) // _HASH for _, value in entries), np.int64, len(entries))
    ids = np.fromiter((id_ for id_, _ in entries), np.int64, len(entries))
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    return rows, (np.repeat(ids, counts) << _FRAMES) | (np.arange(len(rows)) - firsts)


def _replace(index: HammingIndex, changed: dict[int, _Changed]) -> None:
    import numpy as np  # noqa: PLC0415 (a desk without entries does not load it)

    if not changed:
        return
    gone = [(id_ << _FRAMES) | n for id_, one in changed.items() for n in range(one.hashes)]
    index.remove(np.array(gone, np.int64))
    fresh = sorted((id_, one.value) for id_, one in changed.items() if one.value)
    if fresh:
        index.add(*_arrays(fresh))


def _near(index: HammingIndex, values: Sequence[bytes], radius: int) -> list[Near]:
    import numpy as np  # noqa: PLC0415 (a desk without entries does not load it)

    if not values:
        return []
    asked = np.frombuffer(b"".join(values), np.uint8).reshape(-1, _HASH)
    found = index.search_many(asked, radius)
    best: list[dict[int, int]] = [{} for _ in values]
    for query, id_, distance in zip(*(part.tolist() for part in found), strict=True):
        best[query].setdefault(id_ >> _FRAMES, distance)
    return [list(one.items()) for one in best]
