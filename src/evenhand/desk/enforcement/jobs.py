"""The loop that empties the outbox: one thread talks to the database, short-lived ones talk to receivers."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from queue import Empty, SimpleQueue

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.enforcement.services import deliver, retry, secrets, settle
from evenhand.desk.enforcement.services.deliver import Claimed
from evenhand.desk.enforcement.services.ports import Wire
from evenhand.desk.enforcement.services.secrets import Signer
from evenhand.desk.enforcement.services.settle import Finished
from evenhand.desk.policies import queries as policies
from evenhand.engine.platform import Destination

_log = structlog.get_logger("outbox")
Destinations = Callable[[], Mapping[str, Destination]]


class Pace(Struct, frozen=True, kw_only=True):
    """Times in seconds."""

    poll: float = 0.25
    gather: float = 0.02
    """How long a success may wait to be written down together with others."""
    lease: float = 15.0
    """After a crash, what was on its way is sent again when this has passed."""
    renew: float = 5.0
    """Less than a third of the lease: one late renewal does not lose it."""
    patience: float = 5.0
    """How long a stop waits for what is on its way, and how long the loop waits for a database that is away."""
    claim: int = 32
    each: int = 4
    """So many calls to one destination at once: one that hangs leaves the others their turn."""
    all: int = 32


class Unprepared(Struct, frozen=True):
    """An attempt that failed before anything was sent."""

    error: str
    status: int | None = None
    milliseconds: int = 0
    body: bytes = b""
    retry_after: float | None = None


def configured() -> Mapping[str, Destination]:
    return policies.current().destinations


class Deliverer:
    """Delivers until `stop` is set. Any number of them may run, in any number of processes."""

    def __init__(
        self,
        stop: threading.Event,
        wire: Wire,
        *,
        destinations: Destinations = configured,
        policy: retry.Policy | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._stop = stop
        self._wire = wire
        self._destinations = destinations
        self._policy = policy or retry.Policy()
        self._pace = pace or Pace()
        self._lease = timedelta(seconds=self._pace.lease)
        self._claimed: dict[str, deque[Claimed]] = defaultdict(deque)
        self._signers: dict[str, list[Signer]] = {}
        self._unreadable: set[str] = set()
        self._sending: dict[int, str] = {}
        self._finished: SimpleQueue[Finished] = SimpleQueue()
        self._unsettled: list[Finished] = []
        self._news = threading.Event()
        self._gathered = self._renewed = time.monotonic()

    def run(self) -> None:
        """Blocks. What is on its way when `stop` is set gets a few seconds; the rest is sent again by the next loop."""
        try:
            while not self._stop.is_set():
                if self._guarded(self.turn):
                    self._news.wait(self._pace.gather if self._unsettled else self._pace.poll)
                else:
                    connection.close()
                    self._stop.wait(self._pace.patience)
            self._guarded(self._close)
        finally:
            connection.close()

    def turn(self) -> None:
        """Write down what finished, claim what is due, start what there is room for. Does not wait for any answer."""
        self._news.clear()
        self._gather()
        if self._is_worth_settling():
            self._settle()
        self._renew()
        destinations = self._destinations()
        for name in self._hungry(destinations):
            self._claim(destinations[name])
        self._start(destinations)

    def _guarded(self, work: Callable[[], None]) -> bool:
        """A database that is away is waited for: nothing is lost by that."""
        try:
            work()
        except (OperationalError, InterfaceError) as error:
            _log.error("The database does not answer; deliveries wait for it.", error=str(error))
            return False
        return True

    def _gather(self) -> None:
        if not self._unsettled:
            self._gathered = time.monotonic()
        for one in _drain(self._finished):
            self._unsettled.append(one)
            del self._sending[one.delivery]

    def _is_worth_settling(self) -> bool:
        """Successes gather for a moment, so that many share one transaction; a failure is written down at once."""
        if not self._unsettled:
            return False
        waited = time.monotonic() - self._gathered
        failed = any(one.outcome.error for one in self._unsettled)
        return failed or not self._sending or waited > self._pace.gather or len(self._unsettled) >= self._pace.claim

    def _settle(self) -> None:
        """All that was gathered, in one transaction."""
        settle.settle(self._unsettled, self._policy)
        settled, self._unsettled = self._unsettled, []
        failed = {one.destination: one.outcome for one in settled if one.outcome.error}
        for name, outcome in failed.items():
            _log.warning("Not delivered.", destination=name, status=outcome.status)
            self._give_back(name)

    def _give_back(self, destination: str) -> None:
        """A destination that failed gets one message at a time: what was claimed for it goes back."""
        waiting = self._claimed.pop(destination, None)
        if waiting:
            deliver.release([message.id for message in waiting])

    def _renew(self) -> None:
        if time.monotonic() - self._renewed < self._pace.renew:
            return
        self._renewed = time.monotonic()
        held = [*self._sending, *(one.delivery for one in self._unsettled)]
        held += [message.id for waiting in self._claimed.values() for message in waiting]
        if held:
            deliver.renew(held, self._lease)

    def _hungry(self, destinations: Mapping[str, Destination]) -> list[str]:
        """Destinations that could take a message now, and for which none is at hand."""
        sending = Counter(self._sending.values())
        able = [name for name in destinations if not self._claimed.get(name) and sending[name] < self._pace.each]
        return deliver.ready(able)

    def _claim(self, destination: Destination) -> None:
        if not self._opened(destination):
            return
        claimed = deliver.claim(destination.id, most=self._pace.claim, lease=self._lease)
        self._claimed[destination.id].extend(message for message in claimed if message.id not in self._sending)

    def _opened(self, destination: Destination) -> bool:
        """Whether there are secrets to sign with. Without them nothing leaves."""
        try:
            self._signers[destination.id] = secrets.signers(destination, self._wire)
        except secrets.Unreadable as error:
            if destination.id not in self._unreadable:
                _log.error("A webhook secret cannot be read; its messages wait.", error=str(error))
            self._unreadable.add(destination.id)
            return False
        self._unreadable.discard(destination.id)
        return True

    def _start(self, destinations: Mapping[str, Destination]) -> None:
        """Start as many calls as there is room for, the destinations in turn."""
        sending = Counter(self._sending.values())
        for name, waiting in list(self._claimed.items()):
            if name not in destinations:
                self._give_back(name)
                continue
            while waiting and sending[name] < self._pace.each and len(self._sending) < self._pace.all:
                message = waiting.popleft()
                sending[name] += 1
                self._sending[message.id] = name
                call = (destinations[name], message, self._signers[name])
                threading.Thread(target=self._call, args=call, name=f"deliver-{message.id}", daemon=True).start()

    def _call(self, destination: Destination, message: Claimed, signers: Sequence[Signer]) -> None:
        self._finished.put(attempt(self._wire, destination, message, signers))
        self._news.set()

    def _close(self) -> None:
        for name in list(self._claimed):
            self._give_back(name)
        until = time.monotonic() + self._pace.patience
        while self._sending and time.monotonic() < until:
            self._news.wait(self._pace.gather)
            self._news.clear()
            self._gather()
        if self._unsettled:
            self._settle()


def attempt(wire: Wire, destination: Destination, message: Claimed, signers: Sequence[Signer]) -> Finished:
    """One call. Never raises: what cannot be prepared is an attempt that failed."""
    at = timezone.now()
    try:
        outcome = wire.send(
            destination,
            message_id=message.message_id,
            kind=message.kind,
            payload=message.payload,
            secrets=[(signer.scheme, signer.private) for signer in signers],
        )
    except Exception as error:  # noqa: BLE001 (logged, and told on the delivery's page)
        _log.exception("A message could not be prepared.", message_id=message.message_id)
        return Finished(message.id, destination.id, at, Unprepared(f"It could not be prepared: {error!r}."))
    return Finished(message.id, destination.id, at, outcome, tuple(signer.id for signer in signers))


def _drain(queue: SimpleQueue[Finished]) -> list[Finished]:
    found = []
    while True:
        try:
            found.append(queue.get_nowait())
        except Empty:
            return found
