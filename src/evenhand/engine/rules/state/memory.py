"""State in memory, for rule tests, backtests and small hosts: it forgets by itself, and goes on from a snapshot."""

from __future__ import annotations

from typing import Any, Final

from evenhand.engine.rules.run import Micros
from evenhand.engine.rules.state import snapshot
from evenhand.engine.rules.state.keyed import COUNTERS, Keep, KeyedState
from evenhand.engine.rules.state.limits import NEVER, Limits

_SWEPT_FROM: Final = 1024
_LIMITS: Final = Limits()


class MemoryState(KeyedState):
    """Keys that have expired are forgotten whenever there are twice as many as after the last time. What time it is
    then, the events say: the earlier of the last two that opened a key, so that one with a wrong date ends nothing."""

    def __init__(self, *, limits: Limits = _LIMITS) -> None:
        self._kept: dict[str, Keep] = {}
        """What a snapshot brought and nobody asked for yet, by the key to load it by."""
        super().__init__(self._kept.get, limits=limits)
        self._times: tuple[Micros, Micros] = (NEVER, NEVER)
        self._sweep_at = _SWEPT_FROM
        self._room = 0
        """So many keys may still be opened before it is looked at how many there are."""

    @classmethod
    def load(cls, data: bytes) -> MemoryState:
        """The state that `dump` wrote; it goes on as if it had never stopped.

        Raises BadSnapshot.
        """
        kept = snapshot.read(data)
        state = cls(limits=kept.limits)
        state.at_least = set(kept.at_least)
        state._times, state.swept = kept.times, kept.swept
        state._kept = {name: Keep(value, expires_at) for name, (value, expires_at) in kept.values.items()}
        state._sweep_at = max(_SWEPT_FROM, 2 * len(state._kept))
        return state

    def dump(self) -> bytes:
        """A snapshot: the same state, the same bytes."""
        now = dict(self._kept)
        now |= {name: Keep(one.kept(), one.expires_at) for name, one in self._everything() if one.expires_at > NEVER}
        values = {name: (now[name].value, now[name].expires_at) for name in sorted(now)}
        at_least = tuple(sorted(self.at_least))
        return snapshot.write(snapshot.Snapshot(self.limits, self._times, at_least, values, self.swept))

    def sweep(self, at: Micros) -> None:
        """Forget what has expired at a time."""
        for name in [name for name, keep in self._kept.items() if keep.expires_at <= at]:
            self._forgotten(name, self._kept.pop(name).expires_at)
        for kind, opened in self._kinds.items():
            gone = [key for key, one in opened.items() if one.expires_at <= at]
            for key in gone:
                self._forgotten(kind, opened.pop(key).expires_at)
            self.at_least.difference_update(gone)
        self._sweep_at = max(_SWEPT_FROM, 2 * len(self))

    def _forgotten(self, name: str, expired: Micros) -> None:
        if name.startswith(COUNTERS):
            self.swept = max(self.swept, expired)

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._kept) + sum(len(opened) for opened in self._kinds.values())

    def _read(self, name: str, at: Micros) -> Any:
        self._times = (self._times[1], at)
        self._room -= 1
        if self._room < 0:
            if len(self) >= self._sweep_at:
                self.sweep(min(self._times))
            self._room = self._sweep_at - len(self) - 1
        keep = self._kept.pop(name, None)
        return None if keep is None else keep.value
