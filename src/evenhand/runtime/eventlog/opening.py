"""Which event log this desk has: in PostgreSQL when its database is there, else a SQLite file in the data folder."""

from __future__ import annotations

from pathlib import Path

from evenhand.runtime.eventlog import EventLog


def open_log(folder: Path, dsn: str | None) -> EventLog:
    """`dsn` is a libpq connection string, or None for `folder`/log.sqlite3."""
    if dsn:
        from evenhand.runtime.eventlog.postgres import PostgresLog  # noqa: PLC0415 (only the adapter that is needed)

        return PostgresLog(dsn)
    from evenhand.runtime.eventlog.sqlite import SqliteLog  # noqa: PLC0415 (only the adapter that is needed)

    return SqliteLog(folder / "log.sqlite3")
