"""Who writes and who reports: most are seen once, some again and again, and mobs come from the same accounts."""

from __future__ import annotations

from bench.triage.chance import Chance

REGULAR = 0.3
"""Share of reports by people who report often. ASSUMED."""
RIGHT = (0.3, 0.8)
"""How likely such a report is by one of the careful, on an innocent and on a violating item. ASSUMED."""
CAREFUL, CARELESS = 60, 40
"""How many there are for each unit of load."""
MOBSTERS = 400
REPEATERS = 0.3
"""Share of violating items by people who do it again; 2 % of innocent ones are theirs, too. ASSUMED."""


class People:
    """Names for a trace of this load."""

    def __init__(self, chance: Chance, load: float) -> None:
        self._chance = chance
        self._load = max(1, round(load))
        self._strangers = 0

    def reporter(self, *, violating: bool) -> str:
        if self._chance.uniform() >= REGULAR:
            return self._stranger()
        careful = self._chance.uniform() < RIGHT[violating]
        count = (CAREFUL if careful else CARELESS) * self._load
        return f"{'c' if careful else 'd'}{int(count * self._chance.uniform() ** 2)}"

    def mobster(self) -> str:
        """Half of a mob are new accounts."""
        return f"m{self._chance.whole(1, MOBSTERS)}" if self._chance.uniform() < 0.5 else self._stranger()

    def author(self, *, violating: bool) -> str:
        share = REPEATERS if violating else 0.02
        return f"r{self._chance.whole(1, 60 * self._load)}" if self._chance.uniform() < share else self._stranger()

    def _stranger(self) -> str:
        self._strangers += 1
        return f"s{self._strangers}"
