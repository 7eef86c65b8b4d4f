"""Runs the detectors of the platform document over a batch, with the keyed state of its partition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from evenhand.desk import sql
from evenhand.desk.policies import queries as policies
from evenhand.engine import detect
from evenhand.engine.model import Event, Signal
from evenhand.runtime.partitions import Claim

Provider = Callable[[Sequence[str]], Mapping[str, Any]]
_MOST_CACHED = 200_000
_NOTHING = detect.Keep(value=None, expires_at=0)


@lru_cache(maxsize=4)
def detectors(version: int) -> tuple[detect.Detector, ...]:
    return detect.build(policies.at(version).platform)


class Evaluation:
    """Evaluates batches. Keeps the state of partitions that are ours in memory: nobody else may change it meanwhile."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = providers
        self._cache: dict[tuple[int, str], detect.Keep] = {}
        self._ours: set[tuple[int, int]] = set()

    def keep_only(self, ours: set[tuple[int, int]]) -> None:
        """Forget the cached state when a partition or an epoch is new: it may have been changed by somebody else."""
        if not ours <= self._ours:
            self._cache.clear()
        self._ours = ours

    def evaluate(self, claim: Claim, events: Sequence[Event]) -> Outcome:
        """Pure but for reading state: nothing is kept until the outcome's `keep` and `commit`."""
        found = detectors(policies.current().version)
        keys = [detect.state_keys(event, found) for event in events]
        provided = self._provided({key for some in keys for key in some})
        self._load(claim.part, {key for some in keys for key in some if key not in provided})
        changed: dict[str, detect.Keep] = {}
        signals: list[Signal] = []
        for event, wanted in zip(events, keys, strict=True):
            state = {
                key: value
                for key in wanted
                if (value := self._value(claim.part, key, event, changed, provided)) is not None
            }
            finding = detect.evaluate(event, state, found)
            signals.extend(finding.signals)
            changed.update(finding.changed)
        return Outcome(self._cache, claim.part, signals, changed)

    def _value(
        self, part: int, key: str, event: Event, changed: Mapping[str, detect.Keep], provided: Mapping[str, Any]
    ) -> Any:
        if key in provided:
            return provided[key]
        keep = changed.get(key) or self._cache.get((part, key), _NOTHING)
        return keep.value if keep.expires_at > event.at else None

    def _provided(self, keys: Iterable[str]) -> dict[str, Any]:
        wanted: dict[str, list[str]] = {}
        for key in keys:
            prefix = key[: key.find(":") + 1]
            if prefix in self._providers:
                wanted.setdefault(prefix, []).append(key)
        provided: dict[str, Any] = {}
        for prefix, some in wanted.items():
            provided |= dict.fromkeys(some) | dict(self._providers[prefix](some))
        return provided

    def _load(self, part: int, keys: set[str]) -> None:
        missing = sorted(key for key in keys if (part, key) not in self._cache)
        if len(self._cache) + len(missing) > _MOST_CACHED:
            self._cache.clear()
            missing = sorted(keys)
        if not missing:
            return
        self._cache |= {(part, key): _NOTHING for key in missing}
        one_of_them, keys_ = sql.within(missing)
        found = sql.rows(
            f"SELECT key, value, expires_at FROM signals_keyedstate WHERE part = %s AND key {one_of_them}",  # noqa: S608 (marks only)
            (part, *keys_),
        )
        for key, value, expires_at in found:
            self._cache[part, key] = detect.Keep(value=msgspec.msgpack.decode(value), expires_at=expires_at)


class Outcome(msgspec.Struct):
    """What a batch leads to: signals to keep, and state that changed."""

    _cache: dict[tuple[int, str], detect.Keep]
    _part: int
    signals: list[Signal]
    changed: dict[str, detect.Keep]

    def keep(self) -> None:
        """Write the changed state, in the caller's transaction."""
        gone = [(self._part, key) for key, keep in self.changed.items() if keep.value is None]
        sql.run_many("DELETE FROM signals_keyedstate WHERE part = %s AND key = %s", gone)
        sql.insert_many(
            "signals_keyedstate",
            ("part", "key", "value", "expires_at"),
            [
                (self._part, key, msgspec.msgpack.encode(keep.value), keep.expires_at)
                for key, keep in self.changed.items()
                if keep.value is not None
            ],
            "ON CONFLICT (part, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
        )

    def commit(self) -> None:
        """The transaction is durable: what it wrote is what the next batch sees."""
        self._cache.update({(self._part, key): keep for key, keep in self.changed.items()})
