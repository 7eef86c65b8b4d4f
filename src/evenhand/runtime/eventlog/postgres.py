"""The event log in PostgreSQL: appended as arrays, read only below the oldest running transaction.

Sequence numbers become visible out of order when several transactions commit, so a reader that asks for `seq > last`
loses rows. Each row carries the id of its transaction; a reader takes only rows of transactions older than all that
still run (`pg_snapshot_xmin`), in the order (xid, seq).
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator, Sequence
from operator import attrgetter

import psycopg

from evenhand.engine.model import Micros
from evenhand.runtime.eventlog import Batch, Lag, Row
from evenhand.runtime.eventlog.group_commit import GroupCommit

_LOCK = 0x4576656E  # one process at a time prepares the schema
_SCHEMA = """
CREATE SEQUENCE IF NOT EXISTS event_log_seq;
CREATE TABLE IF NOT EXISTS event_log (
    id bytea PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    seq bigint NOT NULL DEFAULT nextval('event_log_seq'),
    part integer NOT NULL,
    at bigint NOT NULL,
    source text NOT NULL,
    body bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS event_log_order ON event_log (part, xid, seq);
"""
_APPEND = """
INSERT INTO event_log (id, part, at, source, body)
SELECT * FROM unnest(%b::bytea[], %b::int4[], %b::int8[], %b::text[], %b::bytea[])
ON CONFLICT (id) DO NOTHING RETURNING id
"""
_BEHIND = """
FROM event_log WHERE part = %s AND (xid, seq) > (%s::text::xid8, %s)
AND xid < pg_snapshot_xmin(pg_current_snapshot())
"""
_NEXT_PART = "SELECT min(part) FROM event_log WHERE part > %s"
_SINCE = """
SELECT xid::text AS told, seq, id, at, source, body FROM event_log
WHERE part = %s AND (xid, seq) > (%s::text::xid8, %s) AND xid < %s::text::xid8 AND at >= %s ORDER BY xid, seq LIMIT %s
"""
# `told`: were it named like the column, ORDER BY would sort the texts, "1000" before "999", and a reader skip rows.
_PAGE = 2000


class PostgresLog:
    """A position is "xid:seq" of the last row read."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._readers = threading.local()
        self._opened: list[psycopg.Connection] = []
        self._writer: psycopg.Connection | None = None
        self._group = GroupCommit(self._write, "log-writer")
        with psycopg.connect(dsn) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            connection.execute(_SCHEMA)

    def append(self, rows: Sequence[Row]) -> list[bool]:
        return self._group.append(rows)

    def read(self, part: int, after: str, limit: int) -> Batch:
        found = self._reader().execute(
            f"SELECT xid::text AS told, seq, id, at, source, body {_BEHIND} ORDER BY xid, seq LIMIT %s",
            (part, *_parse(after), limit),
        )
        rows, position = [], after
        for xid, seq, id_, at, source, body in found:
            rows.append(Row(bytes(id_), part, at, source, bytes(body)))
            position = f"{xid}:{seq}"
        return Batch(rows, position)

    def lag(self, part: int, after: str) -> Lag:
        row = self._reader().execute(f"SELECT count(*), min(at) {_BEHIND}", (part, *_parse(after))).fetchone()
        assert row is not None
        return Lag(*row)

    def passed(self, part: int, position: str) -> int:
        query = "SELECT count(*) FROM event_log WHERE part = %s AND (xid, seq) <= (%s::text::xid8, %s)"
        row = self._reader().execute(query, (part, *_parse(position))).fetchone()
        assert row is not None
        return int(row[0])

    def find(self, ids: Sequence[bytes]) -> list[Row]:
        query = "SELECT id, part, at, source, body FROM event_log WHERE id = ANY(%s)"
        found = self._reader().execute(query, (list(ids),))
        return [Row(bytes(id_), part, at, source, bytes(body)) for id_, part, at, source, body in found]

    def since(self, at: Micros) -> Iterator[Row]:
        row = self._reader().execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text").fetchone()
        assert row is not None
        return heapq.merge(*(self._part_since(part, at, row[0]) for part in self._parts()), key=attrgetter("at"))

    def _parts(self) -> Iterator[int]:
        part = -1
        while (row := self._reader().execute(_NEXT_PART, (part,)).fetchone()) and row[0] is not None:
            part = row[0]
            yield part

    def _part_since(self, part: int, at: Micros, before: str) -> Iterator[Row]:
        position: tuple[str, int] = _parse("")
        while page := self._reader().execute(_SINCE, (part, *position, before, at, _PAGE)).fetchall():
            position = page[-1][:2]
            yield from (Row(bytes(id_), part, at_, source, bytes(body)) for *_, id_, at_, source, body in page)

    def close(self) -> None:
        self._group.close()
        for reader in self._opened:
            reader.close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _write(self, rows: Sequence[Row]) -> list[bool]:
        if self._writer is None:
            self._writer = psycopg.connect(self._dsn, options="-c synchronous_commit=on")
        try:
            return self._insert(self._writer, rows)
        except BaseException:
            self._writer.close()
            self._writer = None
            raise

    @staticmethod
    def _insert(writer: psycopg.Connection, rows: Sequence[Row]) -> list[bool]:
        columns = (
            [row.id for row in rows],
            [row.part for row in rows],
            [row.at for row in rows],
            [row.source for row in rows],
            [row.body for row in rows],
        )
        with writer.cursor() as cursor:
            fresh = {bytes(id_) for (id_,) in cursor.execute(_APPEND, columns, prepare=True)}
        writer.commit()
        answers = []
        for row in rows:
            answers.append(row.id in fresh)
            fresh.discard(row.id)
        return answers

    def _reader(self) -> psycopg.Connection:
        connection: psycopg.Connection | None = getattr(self._readers, "connection", None)
        if connection is None or connection.closed:
            connection = self._readers.connection = psycopg.connect(self._dsn, autocommit=True)
            self._opened.append(connection)
        return connection


def _parse(position: str) -> tuple[str, int]:
    xid, _, seq = position.partition(":")
    return xid or "0", int(seq or 0)
