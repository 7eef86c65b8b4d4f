"""Small helpers for the raw SQL of the machine's write path; the same text runs on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from django.db import connection

from evenhand.engine.model import Ref

Value = TypeVar("Value")


def dsn() -> str | None:
    """The libpq connection string of the desk's database; None when it is SQLite."""
    if connection.vendor != "postgresql":
        return None
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 (a desk on SQLite does not need it)

    parameters = connection.get_connection_params()
    known = ("host", "port", "user", "password", "dbname", "options")
    return make_conninfo(**{name: parameters[name] for name in known if parameters.get(name)})


def rows(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def run(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Execute, and tell how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        touched: int = cursor.rowcount
        return touched


def run_many(statement: str, parameters: Sequence[Sequence[Any]]) -> None:
    if not parameters:
        return
    with connection.cursor() as cursor:
        cursor.executemany(statement, parameters)


def insert_many(table: str, columns: Sequence[str], values: Sequence[Sequence[Any]], then: str = "") -> None:
    """INSERT these rows, `then` "ON CONFLICT …". With DO UPDATE no two rows may have the same key. What goes into a
    JSON column is a `msgspec.Raw`.

    PostgreSQL takes them as one JSON text, whose types it knows from the table: a fifth of what a statement for each
    row costs. For SQLite one prepared statement is the cheapest.
    """
    if not values:
        return
    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        select = f"SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608 (our own names)
        run(f"INSERT INTO {table} ({names}) {select} {then}", [_json(columns, values)])
    else:
        run_many(f"INSERT INTO {table} ({names}) VALUES {marks(columns)} {then}", _plain(values))  # noqa: S608 (our own names)


def update_many(table: str, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """UPDATE the rows with these ids: the last of each row's values is its id, the others are for `columns`."""
    if not values:
        return
    if connection.vendor == "postgresql":
        given = ", ".join(f"{name} = given.{name}" for name in columns)
        source = f"json_populate_recordset(NULL::{table}, %s) AS given"
        run(f"UPDATE {table} SET {given} FROM {source} WHERE {table}.id = given.id", [_json([*columns, "id"], values)])  # noqa: S608 (our own names)
    else:
        given = ", ".join(f"{name} = %s" for name in columns)
        run_many(f"UPDATE {table} SET {given} WHERE id = %s", _plain(values))  # noqa: S608 (our own names)


def _json(columns: Sequence[str], values: Sequence[Sequence[Any]]) -> str:
    rows_ = [{name: _in_json(value) for name, value in zip(columns, row, strict=True)} for row in values]
    return msgspec.json.encode(rows_).decode()


def _plain(values: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """As SQLite takes them: texts for JSON. By the column, as few of them have any."""
    columns: list[Sequence[Any]] = list(zip(*values, strict=True))
    raw = [place for place, column in enumerate(columns) if msgspec.Raw in set(map(type, column))]
    for place in raw:
        columns[place] = [bytes(one).decode() if isinstance(one, msgspec.Raw) else one for one in columns[place]]
    return list(zip(*columns, strict=True)) if raw else values


def _in_json(value: Any) -> Any:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value


def among(refs: Sequence[Ref]) -> tuple[str, list[Any]]:
    """The right side of `(item_type, item_id) IN …` for these items, and its parameters.

    A SELECT around the VALUES: without it SQLite reads the whole table instead of the index.
    """
    if connection.vendor == "postgresql":
        return "(SELECT * FROM unnest(%s::text[], %s::text[]))", [[ref.type for ref in refs], [ref.id for ref in refs]]
    pairs = ", ".join(["(%s, %s)"] * len(refs))
    return f"(SELECT * FROM (VALUES {pairs}) AS wanted)", [part for ref in refs for part in (ref.type, ref.id)]  # noqa: S608 (marks only)


def within(values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The comparison behind `column` that asks whether it is one of these values, and its parameters."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", [list(values)]
    return f"IN {marks(values)}", list(values)


def batched(values: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    """In parts of at most `size`: no statement takes any number of parameters."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def marks(values: Iterable[Any]) -> str:
    """The right side of `column IN …`."""
    return f"({', '.join('%s' for _ in values)})"
