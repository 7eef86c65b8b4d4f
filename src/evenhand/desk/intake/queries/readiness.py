"""Whether the desk can work: its log answers, its database is there and of this version."""

from __future__ import annotations

import sqlite3

import psycopg
import structlog
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from evenhand.desk.intake import services
from evenhand.runtime.eventlog import LogUnavailable

LOG_FAILURES = (LogUnavailable, OSError, sqlite3.Error, psycopg.Error)
"""Whatever a log raises when it cannot be opened, read or written."""
_log = structlog.get_logger("ready")
_seen: set[str] = set()


def what_is_missing() -> str | None:
    """None when all is well; else one sentence. The details are in the log."""
    try:
        services.event_log().read(0, "", 1)
    except LOG_FAILURES as error:
        return _told("The event log does not answer.", error)
    try:
        return None if _is_migrated() else "The database is of another version: `evenhand serve` migrates it."
    except DatabaseError as error:
        return _told("The database does not answer.", error)


def _is_migrated() -> bool:
    """Asked until it is so; after that a process need only know that the database answers."""
    if "migrated" in _seen:
        connection.ensure_connection()
        return True
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    _seen.add("migrated")
    return True


def _told(reason: str, error: Exception) -> str:
    _log.error("not_ready", reason=reason, error=str(error))
    return reason
