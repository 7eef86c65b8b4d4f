"""An address that many items share is fetched once within some minutes, and at most two are asked of a host at once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from hashlib import sha256
from typing import Final, Generic, TypeVar

from evenhand.runtime import config
from evenhand.runtime.fetch import BadAddress
from evenhand.runtime.fetch.resolve import is_allowed, parse

AT_ONCE: Final = 2
"""Of one host, in this process."""
MOST: Final = 2_000
"""Answers that are kept: hashes only, some 3 kB each."""

Answer = TypeVar("Answer")
Key = tuple[bytes, str]


class Shared(Generic[Answer]):
    """Answers by address, for as long as they last. Safe to share between threads: who asks for what another thread is
    asking for waits for its answer.

    Hosts that may be private are asked each time: what they say to one is not kept for another.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, tuple[float, Answer]] = OrderedDict()
        self._asking: dict[Key, threading.Lock] = {}
        self._hosts: defaultdict[str, threading.BoundedSemaphore] = defaultdict(
            lambda: threading.BoundedSemaphore(AT_ONCE)
        )

    def get(self, url: str, kind: str, ask: Callable[[], Answer], *, lasts: Callable[[Answer], float]) -> Answer:
        """What was answered within the last `lasts` seconds, or is answered now. `ask` does not raise."""
        place = _place(url)
        if place is None:
            return ask()
        host, private = place
        if private:
            return self._politely(host, ask)
        key = (sha256(url.encode()).digest(), kind)
        with self._lock:
            turn = self._asking.setdefault(key, threading.Lock())
        with turn:
            answer = self._at_hand(key)
            if answer is None:
                answer = self._politely(host, ask)
                self._keep(key, answer, lasts(answer))
            with self._lock:
                self._asking.pop(key, None)
        return answer

    def _politely(self, host: str, ask: Callable[[], Answer]) -> Answer:
        with self._lock:
            places = self._hosts[host]
        with places:
            return ask()

    def _at_hand(self, key: Key) -> Answer | None:
        with self._lock:
            found = self._kept.get(key)
            return found[1] if found is not None and found[0] > self._clock() else None

    def _keep(self, key: Key, answer: Answer, seconds: float) -> None:
        with self._lock:
            self._kept[key] = (self._clock() + seconds, answer)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


def _place(url: str) -> tuple[str, bool] | None:
    """The host, and whether the configuration lets it be private; None for what is no address."""
    try:
        place = parse(url)
    except BadAddress:
        return None
    return place.host, is_allowed(place, config.current().allow_private)
