"""The partition worker: claims partitions by lease, folds the event log over them, parks what cannot be folded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from evenhand.runtime.eventlog import EventLog
from evenhand.runtime.partitions import Claim, Fenced, PartitionStore, Unfoldable

_log = structlog.get_logger("worker")


class PartitionWorker:
    """Hosted by a thread in `evenhand serve` and by `evenhand worker` processes: the same class, the same tests."""

    def __init__(
        self,
        log: EventLog,
        store: PartitionStore,
        *,
        owner: str,
        batch_events: int = 500,
        lease_seconds: float = 10.0,
        idle_seconds: float = 0.05,
        arrived: threading.Event | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._store, self._owner = log, store, owner
        self._batch, self._lease, self._idle = batch_events, lease_seconds, idle_seconds
        self._arrived = arrived or threading.Event()
        self._clock = clock
        self._claims: dict[int, Claim] = {}
        self._claimed_at = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Fold until `stop` is set. An error (database away, say) is logged, and tried again after a pause."""
        pause = 1.0
        while not stop.is_set():
            try:
                folded = self.step()
                pause = 1.0
            except Exception:  # noqa: BLE001 (logged, and tried again)
                _log.exception("The worker could not go on; it tries again.", seconds=pause)
                self._claims, self._claimed_at = {}, float("-inf")
                stop.wait(pause)
                pause = min(pause * 2, 30.0)
                continue
            if not folded:
                self._arrived.wait(self._idle)
                self._arrived.clear()
        self._store.release(self._owner)

    def step(self) -> int:
        """One batch of each of our partitions; how many events were folded or parked."""
        self._renew()
        return sum(self._advance(claim) for claim in list(self._claims.values()))

    def _renew(self) -> None:
        if self._clock() - self._claimed_at < self._lease / 3:
            return
        self._claims = {claim.part: claim for claim in self._store.claim(self._owner, self._lease)}
        self._claimed_at = self._clock()

    def _advance(self, claim: Claim) -> int:
        batch = self._log.read(claim.part, claim.position, self._batch)
        if not batch.rows:
            return 0
        try:
            self._store.fold(claim, batch.rows, batch.position)
        except Fenced:
            _log.warning("Another worker holds the partition now.", part=claim.part)
            self._claims.pop(claim.part, None)
            return 0
        except Unfoldable:
            return self._one_by_one(claim, len(batch.rows))
        self._claims[claim.part] = Claim(claim.part, claim.epoch, batch.position)
        return len(batch.rows)

    def _one_by_one(self, claim: Claim, count: int) -> int:
        """The batch holds an event that cannot be folded: fold the others, park that one."""
        for _ in range(count):
            batch = self._log.read(claim.part, claim.position, 1)
            try:
                self._store.fold(claim, batch.rows, batch.position)
            except Unfoldable as error:
                _log.error("An event was parked.", event_id=batch.rows[0].id.hex(), error=str(error))
                self._store.park(claim, batch.rows[0], batch.position, str(error))
            except Fenced:
                self._claims.pop(claim.part, None)
                return 0
            claim = self._claims[claim.part] = Claim(claim.part, claim.epoch, batch.position)
        return count
