"""A small memory that forgets soon: for what is asked thousands of times a second and changes now and then."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class BriefCache(Generic[T]):
    """Answers no older than `seconds`, at most `size` of them; the oldest goes first. Safe for threads."""

    def __init__(self, *, seconds: float, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._size = size
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, key: str, find: Callable[[], T]) -> T:
        """What is kept under the key, else what `find` says, which is then kept. Exceptions are not kept."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and self._clock() - kept[0] < self._seconds:
            return kept[1]
        asked_at = self._clock()
        answer = find()
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (asked_at, answer)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return answer

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)
