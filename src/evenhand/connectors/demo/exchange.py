"""Example Hash Exchange, a made-up owner of hash lists: it fails once, takes an entry back, and hears opinions.

Its entries are hashes of the drawings that the demo makes itself.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from typing import Any

from evenhand.connectors.demo import pictures, script
from evenhand.connectors.demo.script import Known
from evenhand.engine import media

FAILS_AT = 2
"""The call, for each list, that it does not answer; the next it does."""


class Exchange:
    """Thread-safe. What it says of a list depends on how often it was asked for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: Counter[str] = Counter()
        self.opinions: list[dict[str, Any]] = []

    def changes(self, name: str, after: int) -> dict[str, Any] | None:
        """What changed in the list behind this number; None when it is out of order."""
        with self._lock:
            self._asked[name] += 1
            asked = self._asked[name]
        if asked == FAILS_AT:
            return None
        known = [one for one in script.load().stories.known if one.list == name]
        told = [_listed(number, one) for number, one in enumerate(known, 1)]
        gone = [one for one in known if one.withdrawn_at_call and asked >= one.withdrawn_at_call]
        told += [_withdrawn(len(known) + number, one) for number, one in enumerate(gone, 1)]
        return {"changes": told[after:], "next": max(after, len(told)), "version": f"demo {len(told)}"}

    def hear(self, opinion: dict[str, Any]) -> None:
        with self._lock:
            if opinion not in self.opinions:
                self.opinions.append(opinion)


def _listed(number: int, known: Known) -> dict[str, Any]:
    drawing = pictures.png(known.picture)
    return {
        "key": known.key,
        "number": number,
        "hashes": {"pdq": media.pdq(drawing).hex, "sha256": hashlib.sha256(drawing).hexdigest()},
        "classification": known.classification,
    }


def _withdrawn(number: int, known: Known) -> dict[str, Any]:
    return {"key": known.key, "number": number, "withdrawn": known.withdrawn_because}
