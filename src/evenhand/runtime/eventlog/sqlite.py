"""The event log in a SQLite file of its own: one writer thread, group commit, flushed before it is answered."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from evenhand.engine.model import Micros
from evenhand.runtime.eventlog import Batch, Lag, Row
from evenhand.runtime.eventlog.group_commit import GroupCommit

_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    part INTEGER NOT NULL,
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS event_part ON event (part, seq);
"""
_BUSY_MS = 20_000
_PAGE = 2000
_COMMITS_WITHIN = 60_000_000
"""Microseconds between an event's time and its place in the log, at most."""


class SqliteLog:
    """`seq` grows in the order of commits, as SQLite has one writer at a time: a position is the last `seq` read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._readers = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._writer: sqlite3.Connection | None = None
        self._group = GroupCommit(self._write, "log-writer")
        file.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.executescript(_SCHEMA)
        connection.close()

    def append(self, rows: Sequence[Row]) -> list[bool]:
        return self._group.append(rows)

    def read(self, part: int, after: str, limit: int) -> Batch:
        found = self._reader().execute(
            "SELECT seq, id, at, source, body FROM event WHERE part = ? AND seq > ? ORDER BY seq LIMIT ?",
            (part, int(after or 0), limit),
        )
        rows, position = [], after
        for seq, id_, at, source, body in found:
            rows.append(Row(id_, part, at, source, body))
            position = str(seq)
        return Batch(rows, position)

    def lag(self, part: int, after: str) -> Lag:
        events, oldest = (
            self._reader()
            .execute("SELECT count(*), min(at) FROM event WHERE part = ? AND seq > ?", (part, int(after or 0)))
            .fetchone()
        )
        return Lag(events, oldest)

    def passed(self, part: int, position: str) -> int:
        query = "SELECT count(*) FROM event WHERE part = ? AND seq <= ?"
        return int(self._reader().execute(query, (part, int(position or 0))).fetchone()[0])

    def find(self, ids: Sequence[bytes]) -> list[Row]:
        marks = ", ".join("?" * len(ids))
        query = f"SELECT id, part, at, source, body FROM event WHERE id IN ({marks})"  # noqa: S608 (marks only)
        return [Row(*row) for row in self._reader().execute(query, tuple(ids))]

    def since(self, at: Micros) -> Iterator[Row]:
        reader = self._reader()
        last = reader.execute("SELECT ifnull(max(seq), 0) FROM event").fetchone()[0]
        position = self._before(at - _COMMITS_WITHIN, last)
        query = "SELECT seq, id, part, at, source, body FROM event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
        while page := self._reader().execute(query, (position, last, _PAGE)).fetchall():
            position = page[-1][0]
            yield from (Row(*row) for _, *row in page if row[2] >= at)

    def _before(self, at: Micros, last: int) -> int:
        """A position behind which no row is older than `at`, save those that committed late: times grow with `seq`."""
        low, high = 0, last
        query = "SELECT seq, at FROM event WHERE seq > ? ORDER BY seq LIMIT 1"
        while low < high:
            middle = (low + high) // 2
            seq, received = self._reader().execute(query, (middle,)).fetchone()
            low, high = (low, middle) if received >= at else (seq, high)
        return low

    def close(self) -> None:
        self._group.close()
        for reader in self._opened:
            reader.close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _write(self, rows: Sequence[Row]) -> list[bool]:
        if self._writer is None:
            self._writer = self._open()
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            fresh = [self._insert(self._writer, row) for row in rows]
            self._writer.execute("COMMIT")
        except BaseException:
            self._writer.close()
            self._writer = None
            raise
        return fresh

    @staticmethod
    def _insert(writer: sqlite3.Connection, row: Row) -> bool:
        added = writer.execute(
            "INSERT INTO event (id, part, at, source, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (row.id, row.part, row.at, row.source, row.body),
        )
        return added.rowcount == 1

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if connection is None:
            connection = self._readers.connection = self._open()
            self._opened.append(connection)
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection
