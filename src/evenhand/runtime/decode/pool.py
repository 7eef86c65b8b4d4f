"""A few warm children, each for one file at a time, replaced after so many files or when they fall."""

from __future__ import annotations

import os
import threading
from typing import Final

from evenhand.engine.media.limits import DEFAULT, Limits
from evenhand.runtime.decode.process import Child, NoDecoder
from evenhand.runtime.decode.values import Job, Seen, Unseen

CHILDREN: Final = max(1, min(4, os.cpu_count() or 1))
FILES: Final = 500
"""A child that a file has taken over looks at no more others than these."""
SECONDS: Final = 20.0
"""Of processor time for a file: the largest picture that is decoded takes 4 to 8."""
_WAIT_SECONDS: Final = 60.0


class Pool:
    """Safe to use from many threads. Children start when they are needed."""

    def __init__(self, children: int = CHILDREN, *, files: int = FILES) -> None:
        self._free = threading.Semaphore(children)
        self._files = files
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self.seals: tuple[str, ...] | None = None
        """Those of the child that was started last; None before the first."""

    def ask(
        self,
        data: bytes | memoryview,
        *,
        limits: Limits = DEFAULT,
        seconds: float = SECONDS,
        grey: tuple[int, int] | None = None,
        queries: bool = True,
        keep: bool = False,
    ) -> Seen | Unseen:
        """Raises NoDecoder where no child can be had."""
        job = Job(size=len(data), limits=limits, seconds=seconds, grey=grey, queries=queries, keep=keep)
        if not self._free.acquire(timeout=_WAIT_SECONDS):
            raise NoDecoder(f"all decoders have been busy for {_WAIT_SECONDS:g} seconds")
        try:
            child = self._child()
            reply = child.ask(job, data)
            self._give_back(child)
            return reply
        finally:
            self._free.release()

    def close(self) -> None:
        """Ends the idle children; the busy ones end with this process."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _child(self) -> Child:
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                child = Child()
                self.seals = child.seals
                return child
            if child.is_alive:
                return child
            child.end()

    def _give_back(self, child: Child) -> None:
        if child.files >= self._files or not child.is_alive:
            child.end()
            return
        with self._lock:
            self._idle.append(child)
