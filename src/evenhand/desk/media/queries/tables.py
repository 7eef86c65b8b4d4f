"""A whole table read, without keeping it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from evenhand.desk import sql
from evenhand.runtime import memory


@contextmanager
def unmapped() -> Iterator[None]:
    """While the whole table is read: SQLite maps what it reads, and would keep all of it in this process's memory, as
    it would keep the pages in its cache."""
    mapped = connection.vendor == "sqlite"
    size = int(sql.rows("PRAGMA mmap_size")[0][0]) if mapped else 0
    if mapped:
        sql.rows("PRAGMA mmap_size=0")
    try:
        yield
    finally:
        if mapped:
            sql.rows(f"PRAGMA mmap_size={size}")
            sql.rows("PRAGMA shrink_memory")
        memory.give_back()
