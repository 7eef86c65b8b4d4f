"""The durable log of events: what was appended is flushed, and is read again in one order, partition by partition."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from evenhand.engine.model import Body, Event, Micros, Ref

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Body)


class LogUnavailable(Exception):
    """The log could not be written (disk full, database away): nothing of the call was kept."""


class Row(Struct, frozen=True):
    """One event as the log keeps it: `id` is 16 bytes, `body` the event's body as JSON."""

    id: bytes
    part: int
    at: Micros
    source: str
    body: bytes


class Batch(Struct, frozen=True):
    """What `read` found, and the position that covers it: to be given back as `after`."""

    rows: list[Row]
    position: str


class Lag(Struct, frozen=True):
    """How far a reader is behind: how many events, and when the oldest of them was received."""

    events: int
    oldest: Micros | None


class EventLog(Protocol):
    """Implemented by `sqlite` and `postgres`; the same contract tests run on each."""

    def append(self, rows: Sequence[Row]) -> list[bool]:
        """Keep all rows in one transaction, and return when they are flushed: True where new, False where the id was
        there already. Raises LogUnavailable."""

    def read(self, part: int, after: str, limit: int) -> Batch:
        """Up to `limit` rows of a partition behind the position `after` ("" is the start), in their order."""

    def lag(self, part: int, after: str) -> Lag: ...

    def passed(self, part: int, position: str) -> int:
        """How many rows a reader has left behind that has come to `position`. Counts them: for checks."""

    def find(self, ids: Sequence[bytes]) -> list[Row]:
        """Those of these events that are kept, in no order. At most 10,000 ids."""

    def since(self, at: Micros) -> Iterator[Row]:
        """All rows received at `at` or later that are there now, of all partitions, in the order of the log; a page at
        a time."""

    def close(self) -> None: ...


def partition(subject: Ref, count: int) -> int:
    """The partition of all events of one subject. Stable across processes and machines."""
    if count == 1:
        return 0
    return zlib.crc32(f"{subject.type}\x00{subject.id}".encode()) % count


def to_row(event: Event, *, partitions: int) -> Row:
    return Row(
        id=bytes.fromhex(event.id),
        part=partition(event.subject, partitions),
        at=event.at,
        source=event.source,
        body=_ENCODER.encode(event.body),
    )


def to_event(row: Row) -> Event:
    """Raises msgspec.DecodeError for a body that is none of this version's."""
    return Event(id=row.id.hex(), at=row.at, source=row.source, body=_DECODER.decode(row.body))
