"""Runs the detectors of the document and of the rules in force over a batch, with the keyed state of its partition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from evenhand.desk import sql
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries as rules
from evenhand.desk.signals.services.known import Known
from evenhand.engine import detect
from evenhand.engine.model import Event, Signal
from evenhand.runtime.partitions import Claim

Provider = Callable[[Sequence[str]], Mapping[str, Any]]
Ask = Callable[[str], dict[str, Any] | None]
_MOST_CACHED = 200_000
_NOTHING = detect.Keep(value=None, expires_at=0)


class Evaluation:
    """Evaluates batches. Keeps the state of partitions that are ours in memory: nobody else may change it meanwhile."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = providers
        self._cache: dict[tuple[int, str], detect.Keep] = {}
        self._ours: dict[tuple[int, int], Known] = {}
        """By partition and epoch, the keys that there may be. A partition that is not ours has none here."""
        self._built: tuple[object, tuple[detect.Detector, ...]] = (None, ())

    def keep_only(self, ours: set[tuple[int, int]]) -> None:
        """Forget the cached state when a partition or an epoch is new: it may have been changed by somebody else."""
        if not ours <= self._ours.keys():
            self._cache.clear()
        self._ours = {one: self._ours.get(one) or Known(one[0]) for one in ours}

    def forget(self) -> None:
        """It is not known whether the last batch was kept: read everything anew."""
        self._cache.clear()
        self._ours = {}

    def evaluate(self, claim: Claim, events: Sequence[Event]) -> Outcome:
        """Pure but for reading state: nothing is kept until the outcome's `keep` and `commit`."""
        found = self._detectors()
        wanted = {key for event in events for key in detect.state_keys(event, found)}
        provided = self._provided(wanted)
        known = self._ours.get((claim.part, claim.epoch))
        if known is not None:
            known.read_on()
        kept = _Kept(self._cache, claim.part, known)
        kept.load({key for key in wanted if key not in provided})
        state = _State(self.provided, kept, provided)
        signals: list[Signal] = []
        troubles: list[detect.Trouble] = []
        for event in events:
            state.now = event.at
            finding = detect.evaluate(event, state, found)
            signals.extend(finding.signals)
            troubles.extend(finding.troubles)
            state.changed.update(finding.changed)
        return Outcome(kept, signals, troubles, state.changed)

    def provided(self, key: str) -> dict[str, Any] | None:
        """What a room above says of the key; None where the key is the fold's own."""
        return self._provided([key]) if key[: key.find(":") + 1] in self._providers else None

    def _detectors(self) -> tuple[detect.Detector, ...]:
        """Those of the platform document and the rule project in force."""
        snapshot, running = policies.current(), rules.current()
        key = (snapshot.version, running.key)
        if self._built[0] != key:
            ruled = running.rules and detect.Rules(
                running.rules, running.lives, snapshot.policies, project=running.version
            )
            self._built = key, detect.build(snapshot.platform, *([ruled] if ruled else []))
        return self._built[1]

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


class _Kept:
    """What was kept under the keys of a partition before the batch, read when it is asked for."""

    def __init__(self, cache: dict[tuple[int, str], detect.Keep], part: int, known: Known | None) -> None:
        self.part = part
        self._cache, self._known = cache, known

    def __getitem__(self, key: str) -> detect.Keep:
        found = self._cache.get((self.part, key))
        if found is None:
            self.load({key})
            found = self._cache.get((self.part, key), _NOTHING)
        return found

    def load(self, keys: set[str]) -> None:
        """Reads those at once that may be there."""
        missing = self._missing(keys)
        if len(self._cache) + len(missing) > _MOST_CACHED:
            self._cache.clear()
            missing = self._missing(keys)
        if not missing:
            return
        one_of_them, keys_ = sql.within(missing)
        found = sql.rows(
            f"SELECT key, value, expires_at FROM signals_keyedstate WHERE part = %s AND key {one_of_them}",  # noqa: S608 (marks only)
            (self.part, *keys_),
        )
        self._cache |= {(self.part, key): _NOTHING for key in missing}
        for key, value, expires_at in found:
            self._cache[self.part, key] = detect.Keep(value=msgspec.msgpack.decode(value), expires_at=expires_at)

    def _missing(self, keys: set[str]) -> list[str]:
        known = self._known
        return sorted(
            key for key in keys if (self.part, key) not in self._cache and (known is None or known.may_have(key))
        )

    def update(self, changed: Mapping[str, detect.Keep]) -> None:
        """What a batch changed is durable."""
        self._cache.update({(self.part, key): keep for key, keep in changed.items()})
        if self._known is not None:
            self._known.add(changed)


class _State(Mapping[str, Any]):
    """The state that a batch sees: what rooms above provide, what the batch changed, what was there before."""

    def __init__(self, ask: Ask, kept: _Kept, provided: dict[str, Any]) -> None:
        self._ask, self._kept, self._provided = ask, kept, provided
        self.changed: dict[str, detect.Keep] = {}
        self.now = 0

    def __getitem__(self, key: str) -> Any:
        if key not in self._provided and (more := self._ask(key)) is not None:
            self._provided |= more
        if key in self._provided:
            value = self._provided[key]
        else:
            keep = self.changed.get(key) or self._kept[key]
            value = keep.value if keep.expires_at > self.now else None
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.changed)

    def __len__(self) -> int:
        return len(self.changed)


class Outcome(msgspec.Struct):
    """What a batch leads to: signals to keep, what could not be judged, and state that changed."""

    _kept: _Kept
    signals: list[Signal]
    troubles: list[detect.Trouble]
    changed: dict[str, detect.Keep]

    def keep(self) -> None:
        """Write the changed state, in the caller's transaction."""
        gone = [(self._kept.part, key) for key, keep in self.changed.items() if keep.value is None]
        sql.run_many("DELETE FROM signals_keyedstate WHERE part = %s AND key = %s", gone)
        sql.insert_many(
            "signals_keyedstate",
            ("part", "key", "value", "expires_at"),
            [
                (self._kept.part, key, msgspec.msgpack.encode(keep.value), keep.expires_at)
                for key, keep in self.changed.items()
                if keep.value is not None
            ],
            "ON CONFLICT (part, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
        )

    def commit(self) -> None:
        """The transaction is durable: what it wrote is what the next batch sees."""
        self._kept.update(self.changed)
