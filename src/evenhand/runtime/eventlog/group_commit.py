"""Group commit: callers wait together, one thread writes for all of them in one flushed transaction."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NamedTuple

from evenhand.runtime.eventlog import LogUnavailable, Row

Write = Callable[[Sequence[Row]], list[bool]]
MOST_ROWS = 5_000
"""A group stops growing here, so that nobody waits for a transaction without end."""


class _Waiting(NamedTuple):
    rows: Sequence[Row]
    done: Future[list[bool]]


class GroupCommit:
    """`write(rows)` must keep all rows in one durable transaction, or raise and keep none. One thread calls it."""

    def __init__(self, write: Write, name: str) -> None:
        self._write = write
        self._name = name
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def append(self, rows: Sequence[Row]) -> list[bool]:
        """Wait until `rows` are durable. Raises what `write` raised, as LogUnavailable."""
        if not rows:
            return []
        self._start()
        waiting = _Waiting(rows, Future())
        self._queue.put(waiting)
        return waiting.done.result()

    def close(self) -> None:
        """Write what waits, then end the thread."""
        if self._thread is None:
            return
        self._queue.put(None)
        self._thread.join()
        self._thread = None

    def _start(self) -> None:
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        running = True
        while running:
            group, running = self._collect()
            self._commit(group)

    def _collect(self) -> tuple[list[_Waiting], bool]:
        """All that waits now, at least one; False at the end when the log is being closed."""
        group: list[_Waiting] = []
        rows = 0
        while rows < MOST_ROWS:
            try:
                waiting = self._queue.get(block=not group)
            except queue.Empty:
                break
            if waiting is None:
                return group, False
            group.append(waiting)
            rows += len(waiting.rows)
        return group, True

    def _commit(self, group: list[_Waiting]) -> None:
        if not group:
            return
        try:
            fresh = self._write([row for waiting in group for row in waiting.rows])
        except Exception as error:  # noqa: BLE001 (whatever it was, each caller is told, and nothing was kept)
            failure = LogUnavailable(f"The event log could not be written: {error}")
            failure.__cause__ = error
            for waiting in group:
                waiting.done.set_exception(failure)
            return
        start = 0
        for waiting in group:
            end = start + len(waiting.rows)
            waiting.done.set_result(fresh[start:end])
            start = end
