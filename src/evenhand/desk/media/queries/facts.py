"""What each entry that matches belongs to, in memory: its bank, its medium, and whether it is switched off.

For a listener that answers thousands of hashes a second, and says how old its answer is when the database is away.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.audit.acts import Act
from evenhand.desk.fields import now_micros
from evenhand.desk.media.queries import known
from evenhand.desk.media.queries.tables import unmapped

if TYPE_CHECKING:
    import numpy as np

_ROWS: Final = 5_000
_AT_ONCE: Final = 900
_MOST_ADDED: Final = 50_000
"""Entries beside the arrays from which on these are made anew."""
_OTHERS: Final = 255
_GONE: Final = 0
"""In the place of a bank: the entry matches no longer."""
_MEDIUM = (
    "CASE WHEN e.source_id IS NULL THEN (SELECT min(f.id + 0) FROM media_entry f"
    " WHERE f.source_id IS NULL AND f.bank_id = e.bank_id AND f.key = e.key)"
    " ELSE (SELECT min(f.id + 0) FROM media_entry f WHERE f.source_id = e.source_id AND f.key = e.key) END"
)
"""`+ 0`: for the plain minimum SQLite would walk through the whole list, from its first entry on."""
_COLUMNS: Final = f"e.id, e.bank_id, e.kind, coalesce(e.disabled_until, 0), {_MEDIUM}"
_MATCHES: Final = "e.withdrawn_at IS NULL AND e.review <> 'rejected'"


class BankFact(Struct, frozen=True):
    name: str
    share: float
    radius: int


class Fact(NamedTuple):
    medium: int
    """Id of the first of its hashes: one for each content, as HMA has it, and always the same."""
    bank: BankFact
    off: bool


class _Row(NamedTuple):
    id: int
    bank: int
    kind: str
    off_until: int
    medium: int


class Facts:
    """One thread may let it follow while others ask."""

    def __init__(self) -> None:
        self.seq = -1
        """Changes up to here are in it; -1: nothing was read yet."""
        self.banks: Mapping[int, BankFact] = {}
        self._table: _Table | None = None
        self._added: dict[int, _Row] = {}
        self._off: dict[int, int] = {}
        self._told = -1
        """Entries of the ledger up to here are in it: switching off is told there, and is no change of what matches."""

    def follow(self) -> None:
        """Take in what changed. Raises DatabaseError."""
        self.banks = _banks()
        until, told = known.newest(), _newest_told()
        if self._table is None or len(self._added) > _MOST_ADDED:
            with unmapped():
                self._load()
        else:
            self._change(_changed(self.seq, until))
            for entry, off_until in _switched(self._told, told):
                self._switch(entry, off_until)
        self.seq, self._told = until, told

    def of(self, entries: Sequence[int]) -> dict[int, Fact]:
        """Of those that match; an entry of a retired bank, or one that is gone, is left out."""
        now = now_micros()
        found = {}
        for entry, (bank_id, medium) in self._places(entries):
            bank = self.banks.get(bank_id)
            if bank is not None:
                found[entry] = Fact(medium, bank, self._off.get(entry, 0) > now)
        return found

    def names(self) -> set[str]:
        """Of the banks that there are."""
        return {one.name for one in self.banks.values()}

    def counts(self) -> dict[str, int]:
        """Entries that match, by kind of hash."""
        counted = Counter(self._table.counts()) if self._table else Counter()
        counted.update(row.kind for row in list(self._added.values()))
        return dict(counted)

    def _places(self, entries: Sequence[int]) -> Iterator[tuple[int, tuple[int, int]]]:
        in_table = self._table.places(entries) if self._table else {}
        for entry in entries:
            row = self._added.get(entry)
            if row is not None:
                yield entry, (row.bank, row.medium)
            elif (place := in_table.get(entry)) is not None:
                yield entry, place

    def _load(self) -> None:
        off: dict[int, int] = {}
        self._table, self._added = _Table(_all(), off), {}
        self._off = off

    def _change(self, changed: Mapping[int, _Row | None]) -> None:
        table = self._table
        for entry, row in changed.items():
            if table is not None:
                table.forget(entry)
            if row is None:
                self._added.pop(entry, None)
                continue
            self._added[entry] = row
            self._switch(entry, row.off_until)

    def _switch(self, entry: int, off_until: int) -> None:
        if off_until:
            self._off[entry] = off_until
        else:
            self._off.pop(entry, None)


class _Table:
    """Rows as arrays: 21 bytes for each."""

    def __init__(self, blocks: Iterable[list[_Row]], off: dict[int, int]) -> None:
        import numpy as np  # noqa: PLC0415 (only a listener loads it)

        self.kinds: list[str] = []
        ids, banks, media, of_kind = array("q"), array("i"), array("q"), array("B")
        for block in blocks:
            ids.extend(row.id for row in block)
            banks.extend(row.bank for row in block)
            media.extend(row.medium for row in block)
            of_kind.extend(self._number(row.kind) for row in block)
            off.update((row.id, row.off_until) for row in block if row.off_until)
        self.ids, self.banks = np.frombuffer(ids, np.int64), np.frombuffer(banks, np.int32)
        self.media, self.of_kind = np.frombuffer(media, np.int64), np.frombuffer(of_kind, np.uint8)

    def places(self, entries: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Of those that are there: bank and medium."""
        import numpy as np  # noqa: PLC0415 (as above)

        if not len(self.ids) or not entries:
            return {}
        asked = np.array(entries, np.int64)
        at = np.minimum(np.searchsorted(self.ids, asked), len(self.ids) - 1)
        there = (self.ids[at] == asked) & (self.banks[at] != _GONE)
        at = at[there]
        places = zip(self.banks[at].tolist(), self.media[at].tolist(), strict=True)
        return dict(zip(asked[there].tolist(), places, strict=True))

    def forget(self, entry: int) -> None:
        at = int(self.ids.searchsorted(entry))
        if at < len(self.ids) and self.ids[at] == entry:
            self.banks[at] = _GONE

    def counts(self) -> dict[str, int]:
        import numpy as np  # noqa: PLC0415 (as above)

        counted: np.ndarray[Any, Any] = np.bincount(self.of_kind[self.banks != _GONE], minlength=len(self.kinds))
        return {kind: count for kind, count in zip(self.kinds, counted.tolist(), strict=False) if count}

    def _number(self, kind: str) -> int:
        """Kinds beyond 255 are counted together: they are of others' making, and nobody asks for them here."""
        if kind not in self.kinds and len(self.kinds) < _OTHERS:
            self.kinds.append(kind)
        return self.kinds.index(kind) if kind in self.kinds else _OTHERS


def _banks() -> dict[int, BankFact]:
    found = sql.rows("SELECT id, name, enabled_share, radius FROM media_bank WHERE retired_at IS NULL")
    return {id_: BankFact(name, share, radius) for id_, name, share, radius in found}


def _all() -> Iterator[list[_Row]]:
    after = 0
    while True:
        found = sql.rows(
            f"SELECT {_COLUMNS} FROM media_entry e WHERE e.id > %s AND {_MATCHES} ORDER BY e.id LIMIT %s",  # noqa: S608 (constant parts)
            (after, _ROWS),
        )
        if not found:
            return
        yield [_Row(*row) for row in found]
        after = found[-1][0]


def _changed(since: int, until: int) -> dict[int, _Row | None]:
    """Entries that changed, as they stand now; None: it matches no longer."""
    if since == until:
        return {}
    wanted = "(SELECT entry_id FROM media_change WHERE seq > %s AND seq <= %s)"
    ids = sql.rows(f"SELECT DISTINCT entry_id FROM {wanted} AS c", (since, until))  # noqa: S608 (constant parts)
    changed: dict[int, _Row | None] = {id_: None for (id_,) in ids}
    rows = sql.rows(
        f"SELECT {_COLUMNS} FROM media_entry e WHERE e.id IN {wanted} AND {_MATCHES}",  # noqa: S608 (constant parts)
        (since, until),
    )
    changed.update((row[0], _Row(*row)) for row in rows)
    return changed


def _newest_told() -> int:
    [(seq,)] = sql.rows("SELECT coalesce(max(seq), -1) FROM audit_entry WHERE act = %s", (Act.ENTRY_CHANGED.value,))
    return int(seq)


def _switched(since: int, until: int) -> list[tuple[int, int]]:
    """Entries that somebody changed here, and until when each is off now; 0: it is not."""
    if since == until:
        return []
    told = sql.rows(
        "SELECT DISTINCT obj FROM audit_entry WHERE act = %s AND seq > %s AND seq <= %s",
        (Act.ENTRY_CHANGED.value, since, until),
    )
    ids = [int(obj.removeprefix("entry:")) for (obj,) in told]
    return [row for some in sql.batched(ids, _AT_ONCE) for row in _off_until(some)]


def _off_until(ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Of these entries, and of the other hashes of their media."""
    one_of_them, parameters = sql.within(ids)
    off = "SELECT e.id, coalesce(e.disabled_until, 0) FROM media_entry c JOIN media_entry e ON e.key = c.key"
    return sql.rows(
        f"{off} AND e.source_id = c.source_id WHERE c.id {one_of_them} UNION ALL {off} AND e.source_id IS NULL"
        f" AND e.bank_id = c.bank_id WHERE c.source_id IS NULL AND c.id {one_of_them}",
        [*parameters, *parameters],
    )
