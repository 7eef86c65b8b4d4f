"""Small helpers for the raw SQL of the machine's write path; the same text runs on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from evenhand.engine.model import Ref


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


def among(refs: Sequence[Ref]) -> tuple[str, list[str]]:
    """The right side of `(item_type, item_id) IN …` for these items, and its parameters.

    A SELECT around the VALUES: without it SQLite reads the whole table instead of the index.
    """
    pairs = ", ".join(["(%s, %s)"] * len(refs))
    return f"(SELECT * FROM (VALUES {pairs}) AS wanted)", [part for ref in refs for part in (ref.type, ref.id)]  # noqa: S608 (marks only)


def marks(values: Iterable[Any]) -> str:
    """The right side of `column IN …`."""
    return f"({', '.join('%s' for _ in values)})"
