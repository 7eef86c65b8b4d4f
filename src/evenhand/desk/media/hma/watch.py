"""What lookups are answered from: index and facts in memory, kept current by a thread of their own, and their age."""

from __future__ import annotations

import threading
import time
from typing import Final

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.queries.facts import Facts
from evenhand.desk.media.queries.known import Known

EVERY: Final = 0.5
"""Seconds between two looks at the changes."""
_NEVER: Final = float("inf")
_log = structlog.get_logger("hma")


class Watch:
    """`stale_after`: seconds after which an answer from memory is no answer any more."""

    def __init__(self, stale_after: float) -> None:
        self.stale_after = stale_after
        self.known = Known("pdq", poll=_NEVER)
        self.facts = Facts()
        self.built_to = 0
        """Seconds since 1970 at which the last look began that succeeded; 0: none did yet."""
        self.error = ""
        self._looked_at = -_NEVER
        self._lock = threading.Lock()

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.look()
            stop.wait(EVERY)
        connection.close()

    def look(self) -> None:
        """Take in what changed, now. What fails is told by `error` and `age`, and tried again."""
        with self._lock:
            began, moment = time.monotonic(), int(time.time())
            try:
                self.facts.follow()
                self.known.catch_up()
            except (DatabaseError, OSError) as error:
                self._failed(str(error).strip() or type(error).__name__)
                return
            except Exception as error:  # noqa: BLE001 (logged, told by the age, and tried again: the thread goes on)
                _log.exception("The index does not follow the banks.")
                self._failed(f"{type(error).__name__}, see the log")
                return
            self._looked_at, self.built_to, self.error = began, moment, ""

    def _failed(self, why: str) -> None:
        if not self.error:  # once, however long it lasts
            _log.error("The index does not follow the banks: the database cannot be read.", error=why)
        self.error = why
        connection.close()

    @property
    def is_loaded(self) -> bool:
        return self.built_to > 0

    @property
    def age(self) -> float:
        """Seconds for which nothing was heard of changes."""
        return time.monotonic() - self._looked_at

    @property
    def is_stale(self) -> bool:
        return self.age > self.stale_after

    def trouble(self) -> str:
        """Why nothing is answered, in a sentence; empty when it is."""
        if not self.is_loaded:
            return f"The index is not loaded yet{self._because()}."
        if self.is_stale:
            because = self._because()
            return f"The index is {self.age:.0f} s old, and must not be older than {self.stale_after:g} s{because}."
        return ""

    def _because(self) -> str:
        return f": {self.error}" if self.error else ""

    def check(self) -> None:
        """Raises Refusal: a miss would not be believed."""
        if trouble := self.trouble():
            raise Refusal(503, f"{trouble} No match can be told from this; ask again.", Retry_After="5")
