"""Stored items that a condition of the rule language is true of: block by block from the newest, within limits of time
and number that are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db import connection
from msgspec import Struct

from evenhand.desk import sql
from evenhand.engine.detect.ruleview import KNOWN, view
from evenhand.engine.model import Event, Item, ItemSent, Micros, Ref
from evenhand.engine.rules.query import Column, DialectName, Query, Schema, Stored, search_for, to_sql
from evenhand.engine.rules.query.functions import table

BLOCK: Final = 5_000
MOST_LOOKED_AT: Final = 200_000
MOST_MATCHES: Final = 5_000
SECONDS: Final = 5.0
NAMES: Final = {
    "ActionName": "str = GetActionName()",
    "Text": "str = JsonData(path='$.evenhand.item.text')",
    "ItemName": "str = JsonData(path='$.evenhand.item.name')",
    "ItemId": "str = JsonData(path='$.evenhand.item.id')",
    "AuthorId": "Optional[str] = JsonData(path='$.evenhand.author.id', required=False)",
    "ThreadId": "Optional[str] = JsonData(path='$.evenhand.thread.id', required=False)",
    "Views": "Optional[int] = JsonData(path='$.evenhand.item.views', required=False)",
}
"""What every query can say."""
COLUMNS: Final = {
    f"$.{KNOWN}.item.type": Column("item_type"),
    f"$.{KNOWN}.item.id": Column("item_id"),
    f"$.{KNOWN}.item.kind": Column("kind"),
    f"$.{KNOWN}.item.text": Column("text"),
    f"$.{KNOWN}.item.name": Column("name"),
    f"$.{KNOWN}.item.views": Column("views", "integer"),
    f"$.{KNOWN}.author.id": Column("CASE WHEN kind = 'user' THEN item_id WHEN creator_type <> '' THEN creator_id END"),
    f"$.{KNOWN}.thread.id": Column("CASE WHEN thread_type <> '' THEN thread_id END"),
}
"""What of the desk's knowledge stands in the table, by its path. An empty text is there, and is empty."""
ASKED_TOGETHER: Final = 500
"""Items, of which is asked at once what rules made of them."""
Came = tuple[tuple[str, ...], tuple[str, ...]]
"""What came of the events of an item: labels, "Account/u1/seller/1" (0: removed), and verdicts."""
Results = Callable[[Sequence[Ref]], Mapping[Ref, Came]]
NOTHING: Final[Came] = ((), ())
_DECODER = msgspec.json.Decoder(Item)


class Match(Struct, frozen=True):
    """`data`: what the rules see of the item."""

    number: int
    item: Item
    at: Micros
    data: dict[str, Any]


class Looked(Struct):
    """How far it came: `looked` of `total` items in the time that was asked for. `ended`: nothing was left out."""

    looked: int = 0
    total: int = 0
    matches: int = 0
    ended: bool = True


def query(expression: str, *, names: Mapping[str, str], lists: Mapping[str, Any]) -> Query:
    """Raises RuleError: every mistake, with carets. `names`: what the project calls things, besides `NAMES`."""
    schema = Schema(
        data="data",
        action="item_type",
        at="first_seen",
        inside=("data",),
        columns=COLUMNS,
        apart=frozenset({KNOWN}),
        names={**NAMES, **names},
    )
    dialect: DialectName = "postgresql" if connection.vendor == "postgresql" else "sqlite"
    return to_sql(expression, dialect=dialect, schema=schema, lists=lists)


def for_words(expression: str, *, names: Iterable[str]) -> str:
    """The condition that looks for the plain words that somebody wrote; "" where they meant a condition."""
    return search_for(expression, {*NAMES, *names, *table()})


def newest() -> tuple[str, Micros] | None:
    """The type of the newest item that a query can find, and when it came."""
    found: list[tuple[str, Micros]] = sql.rows(
        "SELECT item_type, first_seen FROM intake_item WHERE NOT deleted ORDER BY id DESC LIMIT 1", ()
    )
    return found[0] if found else None


def matching(
    asked: Query,
    looked: Looked,
    *,
    since: Micros,
    until: Micros,
    item_type: str,
    results: Results = lambda _refs: {},
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Match]:
    """The matches, newest first. `looked` is filled in on the way. `results`: what rules made of items, for queries
    that ask for it."""
    low, high = _number_before(since), _number_before(until)
    looked.total = _count(low, high)
    deadline = clock() + SECONDS
    while high > low:
        if looked.looked >= MOST_LOOKED_AT or clock() > deadline:
            looked.ended = False
            return
        bottom, items = _block(low, high)
        candidates = _candidates(asked, bottom, high, since, until, item_type)
        for number, item, at, came in _read(candidates, results if asked.asks_results else None):
            match = _match(asked, number, item, at, came)
            if match is not None:
                looked.matches += 1
                yield match
                if looked.matches >= MOST_MATCHES:
                    looked.looked += _count(number - 1, high)
                    looked.ended = False
                    return
        looked.looked += items
        high = bottom


def _count(low: int, high: int) -> int:
    """Items with numbers above `low`, up to `high`. Numbers have gaps."""
    found: int = sql.rows("SELECT count(*) FROM intake_item WHERE id > %s AND id <= %s", (low, high))[0][0]
    return found


def _block(low: int, high: int) -> tuple[int, int]:
    """The number below the next items from `high` downwards, and how many these are."""
    numbers = "SELECT id FROM intake_item WHERE id > %s AND id <= %s ORDER BY id DESC LIMIT %s"
    last, items = sql.rows(f"SELECT min(id), count(*) FROM ({numbers}) AS block", (low, high, BLOCK))[0]  # noqa: S608 (constant text)
    return (last - 1, items) if items == BLOCK else (low, items)


def _candidates(  # noqa: PLR0917 (two ranges)
    asked: Query, low: int, high: int, since: Micros, until: Micros, item_type: str
) -> list[tuple[int, str, Micros]]:
    of_type = "AND item_type = %s" if item_type else ""
    return sql.rows(
        "SELECT id, data, first_seen FROM intake_item"  # noqa: S608 (what a query puts there are names of ours and marks)
        f" WHERE id > %s AND id <= %s AND first_seen >= %s AND first_seen < %s {of_type} AND ({asked.where})"
        " ORDER BY id DESC",
        (low, high, since, until, *([item_type] if item_type else []), *asked.parameters),
    )


def _read(
    candidates: list[tuple[int, str, Micros]], results: Results | None
) -> Iterator[tuple[int, Item, Micros, Came]]:
    """The items themselves, with what rules made of them where that is asked for."""
    for part in sql.batched(candidates, ASKED_TOGETHER):
        some = [(number, _DECODER.decode(data), at) for number, data, at in part]
        came = results([item.ref for _, item, _ in some]) if results else {}
        yield from ((number, item, at, came.get(item.ref, NOTHING)) for number, item, at in some)


def _match(asked: Query, number: int, item: Item, at: Micros, came: Came) -> Match | None:
    seen = view(Event(id=f"{number:032x}", at=at, source="", body=ItemSent(item=item)))
    if seen is None:
        return None
    labels, verdicts = came
    stored = Stored(action_name=seen[0], data=seen[1], at=at, action_id=number, labels=labels, verdicts=verdicts)
    return Match(number, item, at, seen[1]) if asked.matches(stored) else None


def _number_before(at: Micros) -> int:
    """The number of the last item that came before a time: numbers grow with the time of arrival."""
    low, high = 0, sql.rows("SELECT coalesce(max(id), 0) FROM intake_item")[0][0]
    while low < high:
        middle = (low + high) // 2
        following = "SELECT id, first_seen FROM intake_item WHERE id > %s ORDER BY id LIMIT 1"
        number, seen = sql.rows(following, (middle,))[0]
        low, high = (low, middle) if seen >= at else (number, high)
    return low
