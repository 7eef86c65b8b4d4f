"""Emptying the test database after tests that commit: the ledger's triggers, which would refuse it, stand aside."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from evenhand.desk.audit import triggers

_flush = BaseDatabaseOperations.execute_sql_flush


def past_the_triggers(operations: BaseDatabaseOperations, statements: Sequence[str]) -> None:
    _run(triggers.drop(connection.vendor))
    _flush(operations, statements)
    _run(triggers.create(connection.vendor))


def _run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop_whoever_looks(creation: Any, test_database_name: str, verbosity: int) -> None:
    """Drop a test database though a session of a thread that is ending still looks at it."""
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {creation.connection.ops.quote_name(test_database_name)} WITH (FORCE)")
