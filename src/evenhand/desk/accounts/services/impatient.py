"""Small notes (last use, last seen) that must not make a request wait for SQLite's one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

_PATIENCE_MS = 50


class TooBusy(Exception):
    """Somebody else is writing; the note can wait for the next request."""


@contextmanager
def brief_write() -> Iterator[None]:
    """A transaction that gives up after 50 ms without the database's write lock. Raises TooBusy."""
    try:
        with _short_of_patience(), transaction.atomic():
            yield
    except OperationalError as error:
        raise TooBusy from error


@contextmanager
def _short_of_patience() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"]["timeout"] * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
