"""Seen hashes in the order of their ids, as the archive takes them in and as exact hashes are looked up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from django.db import connection

from evenhand.desk import sql
from evenhand.desk.media.queries.tables import unmapped
from evenhand.engine.detect.knownmedia import PERCEPTUAL

READ: Final = 2_000
"""Rows in one statement: each may have thousands of frames."""
PATIENCE: Final = 2.0
"""Seconds to wait for those who are writing."""
_HASH: Final = 32
_VALUES: Final = f"CASE WHEN kind IN {PERCEPTUAL} THEN value END"
_IS_EXACT: Final = f"kind NOT IN {PERCEPTUAL}"
_LAST: Final = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('media_seen', 'id')::regclass), 0)"
_WRITERS: Final = (
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = 'media_seen'::regclass"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND mode = 'RowExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid()"
)


def settled(*, patience: float = PATIENCE) -> int | None:
    """The newest id that was given out, when all rows up to it are there. None: somebody has been writing for too long.

    PostgreSQL gives ids out before they are committed; whoever has one holds a lock on the table, which is waited for
    as CREATE INDEX CONCURRENTLY does: without holding anybody up.
    """
    if connection.vendor != "postgresql":
        [(newest,)] = sql.rows("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'media_seen'")
        return int(newest)
    [(last,)] = sql.rows(_LAST)
    writing = set(sql.rows(_WRITERS))
    until = time.monotonic() + patience
    while writing:
        if time.monotonic() > until:
            return None
        time.sleep(0.02)
        writing &= set(sql.rows(_WRITERS))
    return int(last)


def rows(after: int, until: int) -> Iterator[tuple[int, str, bytes | None]]:
    """Those with after < id ≤ until: id, kind, and the value of what is matched by distance."""
    while True:
        with unmapped():
            found = sql.rows(
                f"SELECT id, kind, {_VALUES} FROM media_seen WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",  # noqa: S608 (constant parts)
                (after, until, READ),
            )
        for id_, kind, value in found:
            yield id_, kind, None if value is None else bytes(value)
        if len(found) < READ:
            return
        after = found[-1][0]


def count(kind: str, after: int, until: int) -> int:
    """How many rows of a kind have an id in after < id ≤ until."""
    with unmapped():
        [(found,)] = sql.rows(
            "SELECT count(*) FROM media_seen WHERE id > %s AND id <= %s AND kind = %s", (after, until, kind)
        )
    return int(found)


def is_another(kind: str, id_: int, hash_: bytes) -> bool:
    """Whether something else than this hash has the id; nothing is not something else."""
    found = sql.rows("SELECT kind, value FROM media_seen WHERE id = %s", (id_,))
    return any(other != kind or hash_ not in _split(bytes(value)) for other, value in found)


def _split(value: bytes) -> set[bytes]:
    return {value[start : start + _HASH] for start in range(0, len(value), _HASH)}


def count_exact(after: int, until: int) -> int:
    [(found,)] = sql.rows(
        f"SELECT count(*) FROM media_seen WHERE id > %s AND id <= %s AND {_IS_EXACT}",  # noqa: S608 (constant parts)
        (after, until),
    )
    return int(found)


def has_new_exact(since: int, until: int) -> bool:
    """Whether an entry came with these changes that is looked up byte by byte."""
    statement = f"SELECT 1 FROM media_change WHERE seq > %s AND seq <= %s AND what = 'added' AND {_IS_EXACT} LIMIT 1"  # noqa: S608 (constant parts)
    return bool(sql.rows(statement, (since, until)))


def listed(after: int, until: int) -> list[int]:
    """Ids of the rows of exact hashes, after < id ≤ until, that any entry has: asked of few rows."""
    return _ids(
        "SELECT DISTINCT s.id FROM media_seen s CROSS JOIN media_entry e WHERE e.kind = s.kind AND e.digest = s.digest"  # noqa: S608 (constant parts)
        f" AND s.id > %s AND s.id <= %s AND s.{_IS_EXACT}",
        (after, until),
    )


def of_changes(since: int, upto: int, after: int, until: int) -> list[int]:
    """The same, where the entry came with one of the changes since < seq ≤ upto: asked of few changes."""
    return _ids(
        "SELECT DISTINCT s.id FROM media_change c CROSS JOIN media_entry e CROSS JOIN media_seen s"  # noqa: S608 (constant parts)
        f" WHERE c.seq > %s AND c.seq <= %s AND c.what = 'added' AND c.{_IS_EXACT} AND e.id = c.entry_id"
        " AND s.kind = e.kind AND s.digest = e.digest AND s.id > %s AND s.id <= %s",
        (since, upto, after, until),
    )  # CROSS JOIN: SQLite keeps this order, which its planner would turn round where it knows nothing of the table


def _ids(statement: str, parameters: tuple[int, ...]) -> list[int]:
    return [id_ for (id_,) in sql.rows(statement, parameters)]
