"""Stored events to ask for: all kinds of values in all places, those too on which databases and Python differ."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import msgspec
import psycopg

from evenhand.engine.rules.query import Column, Query, Schema, Stored

START = 1_767_225_600_000_000
DAY = 86_400_000_000
TEXTS = [
    "spam", "Spam and more", "ſpam", "SPAM\0", "a\0b", "", " ", "free offer", "FREE  OFFER", "a'b\"c", "100%",
    "\\u0000", "Ünïted", "ünïted", "straße", "STRASSE", "ﬁne print", "Kelvin", "日本 offer", "post", "like", "12",
    "3.5", "true", "_", "*", "[x]", "x" * 300, "e\u0301", "null", "ann", "-7", "😀 offer",
]  # fmt: skip
NUMBERS = [
    0, 1, 2, 3, 10, -3, 12, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 1e16, 0.1, 0.30000000000000004, 3.0, 3.5,
    -0.0, 1e300, 5e-324, 10**15, 10**15 + 1,
]  # fmt: skip
OTHERS = [None, True, False, {}, [], {"0": 1}, [1, "spam"], ["post", "spam"], {"id": "x"}]
KEYS = ["text", "num", "real", "flag", "tags", "user", "weird key"]
SCHEMA = Schema(
    data="e.data",
    action="e.action",
    at="e.at",
    inside=("data",),
    apart=frozenset({"evenhand"}),
    columns={
        "$.evenhand.author.id": Column("e.author", empty=""),
        "$.evenhand.item.views": Column("e.views", "integer"),
    },
    labels="e.labels",
    verdicts="e.verdicts",
    names={
        "Author": "Optional[str] = JsonData(path='$.evenhand.author.id', required=False)",
        "Views": "int = JsonData(path='$.evenhand.item.views')",
        "Thread": "Optional[str] = JsonData(path='$.evenhand.thread.id', required=False)",
        "ActionName": "str = GetActionName()",
        "Text": "str = JsonData(path='$.text')",
        "Plain": "str = JsonData(path='$.text', coerce_type=False)",
        "Bio": "Optional[str] = JsonData(path='$.user.bio', required=False)",
        "First": "Optional[str] = JsonData(path='$.tags[0]', coerce_type=False)",
        "Any": "str = JsonData(path='$.tags[*]')",
        "Num": "int = JsonData(path='$.num')",
        "Whole": "int = JsonData(path='$.num', coerce_type=False)",
        "Real": "float = JsonData(path='$.real')",
        "Exact": "Optional[float] = JsonData(path='$.real', coerce_type=False)",
        "Flag": "bool = JsonData(path='$.flag', coerce_type=False)",
        "Truthy": "bool = JsonData(path='$.flag')",
        "User": "Entity[str] = EntityJson(type='User', path='$.user.id')",
        "Odd": "Optional[str] = JsonData(path=\"$['weird key']\", required=False)",
    },
)  # fmt: skip
TABLE = (
    "CREATE TABLE e (id integer, action text, at bigint, author text, views bigint, data text, labels text,"
    " verdicts text)"
)
INSERT = "INSERT INTO e VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"


@cache
def events(count: int = 300) -> list[Stored]:
    """Always the same ones."""
    return [_event(random.Random(number), number) for number in range(count)]


def _event(chance: random.Random, number: int) -> Stored:
    def value() -> object:
        kinds: list[list[object]] = [[*TEXTS], [*TEXTS], [*NUMBERS], [*OTHERS]]
        return chance.choice(chance.choice(kinds))

    data = {key: value() for key in KEYS if chance.random() < 0.8}
    if chance.random() < 0.7:
        data["user"] = {"id": value(), "bio": value()}
    known: dict[str, object] = {"item": {"views": chance.choice([0, 3, 10, 2**40])}} if chance.random() < 0.8 else {}
    if chance.random() < 0.7:
        known["author"] = {"id": chance.choice(["ann", "ben", "spam"])}
    if chance.random() < 0.5:
        known["thread"] = {"id": chance.choice(["t1", "t2"])}
    return Stored(
        action_name=chance.choice(["post", "like", "a'b"]),
        data={**data, "evenhand": known},
        at=START + number * DAY // 10,
        action_id=number,
        labels=tuple(chance.sample(["User/u/1/spam/1", "User/u/spam/0", "Post/p/odd/1"], chance.randrange(3))),
        verdicts=tuple(chance.sample(["reject", "look at"], chance.randrange(2))),
    )


def _row(event: Stored) -> tuple[object, ...]:
    known = event.data["evenhand"]
    data = {"data": {key: value for key, value in event.data.items() if key != "evenhand"}}
    return (
        event.action_id,
        event.action_name,
        event.at,
        known.get("author", {}).get("id", ""),
        known.get("item", {}).get("views"),
        msgspec.json.encode(data).decode(),
        msgspec.json.encode(event.labels).decode(),
        msgspec.json.encode(event.verdicts).decode(),
    )


class Rows:
    """The events in a database: which of them a query's SQL keeps."""

    def __init__(self, dialect: str, connection: sqlite3.Connection | psycopg.Connection, stored: list[Stored]) -> None:
        self.dialect, self.stored, self._connection = dialect, stored, connection
        self._run(TABLE)
        for event in stored:
            self._run(INSERT, _row(event))

    def candidates(self, query: Query) -> set[int]:
        return {one for (one,) in self._run(f"SELECT id FROM e WHERE {query.where}", query.parameters)}

    def found(self, query: Query) -> set[int]:
        """SQL first, then the rules."""
        kept = self.candidates(query)
        return {one.action_id for one in self.stored if one.action_id in kept and query.matches(one)}

    def _run(self, statement: str, parameters: tuple[object, ...] = ()):
        written = statement.replace("%s", "?") if self.dialect == "sqlite" else statement
        return self._connection.execute(written, parameters)


@contextmanager
def rows(dialect: str, url: str = "") -> Iterator[Rows]:
    """In a database of SQLite in memory, or in an empty one of PostgreSQL."""
    connection = sqlite3.connect(":memory:") if dialect == "sqlite" else psycopg.connect(url)
    try:
        yield Rows(dialect, connection, events())
    finally:
        connection.close()
