"""Items that a condition of the rule language is true of, the newest first: as if each had just been sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from django.db import connection
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.intake.queries.items import Known, numbered
from evenhand.engine.detect.ruleview import KNOWN, view
from evenhand.engine.model import Event, Item, ItemSent, Micros
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.query import Column, DialectName, Query, Schema, Stored, to_sql

BLOCK: Final = 20_000
"""Arrivals that one statement looks at, and ..."""
MOST_BLOCKS: Final = 20
"""... statements for one page of the answer."""
SCHEMA: Final = Schema(
    data="data",
    inside=("data",),
    action="item_type",
    at="last_seen",
    apart=frozenset({KNOWN}),
    columns={
        f"$.{KNOWN}.item.type": Column("item_type"),
        f"$.{KNOWN}.item.id": Column("item_id"),
        f"$.{KNOWN}.item.kind": Column("kind"),
        f"$.{KNOWN}.item.text": Column("text"),
        f"$.{KNOWN}.item.name": Column("name"),
        f"$.{KNOWN}.item.views": Column("views", "integer"),
        f"$.{KNOWN}.item.partial": Column("partial", "boolean"),
        f"$.{KNOWN}.author.id": Column(
            "CASE WHEN kind = 'user' THEN item_id WHEN creator_type <> '' THEN creator_id END"
        ),
        f"$.{KNOWN}.author.type": Column("CASE WHEN kind = 'user' THEN item_type ELSE creator_type END", empty=""),
        f"$.{KNOWN}.thread.id": Column("CASE WHEN thread_type <> '' THEN thread_id END"),
        f"$.{KNOWN}.thread.type": Column("thread_type", empty=""),
    },
    names={
        "ItemType": f"str = JsonData(path='$.{KNOWN}.item.type')",
        "ItemId": f"str = JsonData(path='$.{KNOWN}.item.id')",
        "Kind": f"str = JsonData(path='$.{KNOWN}.item.kind')",
        "AllText": f"str = JsonData(path='$.{KNOWN}.item.text')",
        "Title": f"str = JsonData(path='$.{KNOWN}.item.name')",
        "Links": f"List[str] = JsonData(path='$.{KNOWN}.item.links')",
        "Views": f"Optional[int] = JsonData(path='$.{KNOWN}.item.views', required=False)",
        "Author": f"Optional[str] = JsonData(path='$.{KNOWN}.author.id', required=False)",
        "AuthorType": f"Optional[str] = JsonData(path='$.{KNOWN}.author.type', required=False)",
        "Thread": f"Optional[str] = JsonData(path='$.{KNOWN}.thread.id', required=False)",
    },
)
"""What the table of items has of an event, and the names that every question may use."""
_DECODER: Final = msgspec.json.Decoder(Item)


class Answer(Struct, frozen=True):
    """`before`: where the next page begins; None when all items were looked at. `candidates`: how many items the rules
    had to look at. `unknown`: parts of the condition that the database says nothing about."""

    found: list[Known]
    before: int | None
    candidates: int
    unknown: tuple[Problem, ...]


def ask(condition: str, *, before: int | None = None, limit: int, lists: Mapping[str, Any] | None = None) -> Answer:
    """Up to `limit` items that arrived before number `before`. Deleted items are not asked.

    `lists`: the word lists that the condition may name. Raises RuleError: the condition is none, with every mistake.
    """
    dialect: DialectName = "postgresql" if connection.vendor == "postgresql" else "sqlite"
    query = to_sql(condition, dialect=dialect, schema=SCHEMA, lists=lists)
    matching: list[int] = []
    candidates, end = 0, before
    for number, item, at in _candidates(query, _last() + 1 if before is None else before):
        end = number
        if item is None:
            continue
        candidates += 1
        if _matches(query, item, at):
            matching.append(number)
        if len(matching) == limit:
            break
    more = end is not None and end > 1
    return Answer(numbered(matching), end if more else None, candidates, query.unknown)


def _candidates(query: Query, before: int) -> Iterator[tuple[int, Item | None, Micros]]:
    """Items for which the condition may hold, the newest first; and where each block ends, without an item."""
    for _ in range(MOST_BLOCKS):
        start = max(1, before - BLOCK)
        rows = sql.rows(
            "SELECT id, data, last_seen FROM intake_item"  # noqa: S608 (our own words and marks; see engine.rules.query)
            f" WHERE id >= %s AND id < %s AND NOT deleted AND ({query.where}) ORDER BY id DESC",
            (start, before, *query.parameters),
        )
        yield from ((number, _DECODER.decode(data), at) for number, data, at in rows)
        yield start, None, 0
        if start == 1:
            return
        before = start


def _matches(query: Query, item: Item, at: Micros) -> bool:
    seen = view(Event(id="0" * 32, at=at, source="", body=ItemSent(item=item)))
    return seen is not None and query.matches(Stored(action_name=seen[0], data=seen[1], at=at))


def _last() -> int:
    ((last,),) = sql.rows("SELECT max(id) FROM intake_item")
    return last or 0
