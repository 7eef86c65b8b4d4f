"""Hosts for work that goes on: threads that run until they are told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import structlog

Work = Callable[[threading.Event], None]
_log = structlog.get_logger("host")
_JOIN_SECONDS = 5.0


class Threads:
    """Each piece of work in a thread of its own. One that ends with an error is logged, and started again later."""

    def __init__(self, work: Mapping[str, Work]) -> None:
        self.stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_running, args=(name, run), name=name, daemon=True)
            for name, run in work.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ask all to stop, and wait for them a little: whatever is cut off is repeated at the next start."""
        self.stop.set()
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)

    def _keep_running(self, name: str, run: Work) -> None:
        while not self.stop.is_set():
            try:
                run(self.stop)
            except Exception:  # noqa: BLE001 (logged, and tried again)
                _log.exception("Work in the background failed; it starts again in 5 s.", work=name)
                self.stop.wait(5.0)
