"""How much was asked and found, by bank: numbers only, nothing of what was asked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any


class Counts:
    """Since this process began."""

    def __init__(self) -> None:
        self._since = int(time.time())
        self._lock = threading.Lock()
        self._asked = self._matched = 0
        self._banks: Counter[str] = Counter()

    def looked_up(self, found: Iterable[Iterable[str]]) -> None:
        """The banks that each hash was found in."""
        named = [set(banks) for banks in found]
        with self._lock:
            self._asked += len(named)
            self._matched += sum(map(bool, named))
            for banks in named:
                self._banks.update(banks)

    def told(self) -> dict[str, Any]:
        with self._lock:
            banks = dict(sorted(self._banks.items()))
            return {"since": self._since, "lookups": self._asked, "matched": self._matched, "banks": banks}
