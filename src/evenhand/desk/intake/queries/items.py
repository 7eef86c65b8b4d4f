"""Items as a person reads them: one with its thread and parent, or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.fields import from_micros
from evenhand.engine.model import Item, Micros, Ref

_COLUMNS = "id, data, first_seen, last_seen, versions"
_DECODER = msgspec.json.Decoder(Item)


class Known(Struct, frozen=True):
    """An item, and since when and in how many versions the desk knows it. `number` grows with the time of arrival."""

    number: int
    item: Item
    first_seen: datetime
    last_seen: datetime
    versions: int

    @property
    def ref(self) -> Ref:
        return self.item.ref


class Around(Struct, frozen=True):
    """What stands in the same thread before and after an item, in order of time."""

    before: list[Known]
    after: list[Known]


def known(refs: Sequence[Ref]) -> dict[Ref, Known]:
    """Those of these items that the desk has."""
    if not refs:
        return {}
    values, parameters = sql.among(list(dict.fromkeys(refs)))
    return {one.ref: one for one in _read(f"(item_type, item_id) IN {values}", parameters)}


def around(item: Item, count: int) -> Around:
    """Up to `count` items before and after this one in its thread; none when it has no thread or no time."""
    if item.thread is None or item.created_at is None:
        return Around([], [])
    place = (item.thread.type, item.thread.id, item.created_at)
    others = "thread_type = %s AND thread_id = %s AND NOT (item_type = %s AND item_id = %s)"
    where = (*place[:2], item.ref.type, item.ref.id, item.created_at, count)
    before = _read(f"{others} AND created_at <= %s ORDER BY created_at DESC, id DESC LIMIT %s", where)
    after = _read(f"{others} AND created_at > %s ORDER BY created_at, id LIMIT %s", where)
    return Around(before[::-1], after)


def by_author(author: Ref, limit: int) -> list[Known]:
    """What this user made last, the newest first."""
    return _read("creator_type = %s AND creator_id = %s ORDER BY id DESC LIMIT %s", (author.type, author.id, limit))


def newest(limit: int) -> list[Known]:
    """The items that came last."""
    return _read("TRUE ORDER BY id DESC LIMIT %s", (limit,))


def numbered(numbers: Sequence[int]) -> list[Known]:
    """Items by the numbers of their arrival, the newest first."""
    if not numbers:
        return []
    return _read(f"id IN {sql.marks(numbers)} ORDER BY id DESC", numbers)


def refs_numbered(numbers: Sequence[int]) -> list[Ref]:
    """Only the keys of these items, the newest first."""
    if not numbers:
        return []
    found = sql.rows(
        f"SELECT item_type, item_id FROM intake_item WHERE id IN {sql.marks(numbers)} ORDER BY id DESC",  # noqa: S608 (marks only)
        numbers,
    )
    return [Ref(type_, id_) for type_, id_ in found]


def _read(where: str, parameters: Sequence[Any]) -> list[Known]:
    rows = sql.rows(f"SELECT {_COLUMNS} FROM intake_item WHERE {where}", parameters)  # noqa: S608 (constant text, marks)
    return [_known(*row) for row in rows]


def _known(number: int, data: str, first_seen: Micros, last_seen: Micros, versions: int) -> Known:
    return Known(number, _DECODER.decode(data), from_micros(first_seen), from_micros(last_seen), versions)
