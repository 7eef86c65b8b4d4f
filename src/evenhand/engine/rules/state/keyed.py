"""State by key: values are loaded on demand, and what changed is there to be written, each small and for msgpack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, Protocol, TypeVar

from msgspec import Struct, convert, to_builtins

from evenhand.engine.rules.run import LabelState, Micros
from evenhand.engine.rules.state import labels as marking
from evenhand.engine.rules.state.counter import Counter
from evenhand.engine.rules.state.distinct import Distinct
from evenhand.engine.rules.state.first import First
from evenhand.engine.rules.state.limits import ALWAYS, NEVER, Limits, TooLate
from evenhand.engine.rules.values import Effect, Entity

_LONGEST: Final = 200
_BITS: Final = 63
COUNTERS: Final = ("count", "distinct")
"""How the keys of counters over a window begin."""
_LIMITS: Final = Limits()

Load = Callable[[str], Any]
People = Callable[[Entity[Any]], Mapping[str, Any]]
"""What people said of an entity, where the host keeps it: {label: [status, since, expires or None, reason]}."""


class Keep(Struct, frozen=True):
    """A value for later events: what msgpack can write, until `expires_at`."""

    value: Any
    expires_at: Micros


class Opened(Protocol):
    """The value of a key as it is worked with."""

    changed: bool

    def kept(self) -> Any: ...

    @property
    def expires_at(self) -> Micros: ...


Kind = TypeVar("Kind", bound=Opened)


class EntityLabels:
    """The marks on one entity; see `labels`."""

    __slots__ = ("changed", "labels")

    def __init__(self, limits: Limits, value: Any = None, swept: Micros = NEVER) -> None:  # noqa: ARG002 (values of all kinds are opened alike)
        self.changed = False
        self.labels: marking.Labels = convert(value or {}, dict[str, marking.Marks])

    def kept(self) -> Any:
        return to_builtins(self.labels)

    @property
    def expires_at(self) -> Micros:
        if not self.labels:
            return NEVER
        return min(max(map(marking.last_expiry, self.labels.values())) + marking.KEPT, ALWAYS)


class KeyedState:
    """Counters and labels over a store of values by key (port: engine.rules.run.State).

    `load` gives what is kept under a key, or None; it is not changed in place. Any store will do that can read a key
    and write `changed` in the transaction of the event: the desk's keyed state, a database that workers share.

    `at_least` has the keys of counters that gave a lower bound: more came in a window than is kept.
    """

    def __init__(self, load: Load, *, people: People | None = None, limits: Limits = _LIMITS) -> None:
        self.limits = limits
        self.at_least: set[str] = set()
        self.swept: Micros = NEVER
        """Counters that had expired by then may have been forgotten."""
        self._load, self._people = load, people
        self._counters: dict[str, Counter] = {}
        self._distincts: dict[str, Distinct] = {}
        self._firsts: dict[str, First] = {}
        self._labels: dict[str, EntityLabels] = {}
        self._kinds: Mapping[str, dict[str, Any]] = {
            "count": self._counters,
            "distinct": self._distincts,
            "first": self._firsts,
            "labels": self._labels,
        }

    def increment(self, key: str, *, event: int, at: Micros, window: Micros) -> int:
        counter = self._counters.get(key)
        if counter is None:
            counter = self._opened(self._counters, Counter, "count", key, at)
        found = counter.increment(event if event >> _BITS in (0, -1) else _narrow(event), at, window)
        if counter.floor > at - window:
            self._incomplete(key, found)
        return found

    def count(self, key: str, *, at: Micros, window: Micros) -> int:
        counter = self._opened(self._counters, Counter, "count", key, at)
        found = counter.count(at, window)
        if counter.floor > at - window:
            self._incomplete(key, found)
        return found

    def distinct(self, key: str, value: str | None, *, event: int, at: Micros, window: Micros) -> int:  # noqa: ARG002 (see below)
        """The event's id makes no difference: a value that comes again with it is the same value at the same time."""
        counter = self._opened(self._distincts, Distinct, "distinct", key, at)
        found = counter.count(at, window) if value is None else counter.note(_number(value), at, window)
        if counter.complete_since(at) > at - window:
            self._incomplete(key, found)
        return found

    def _incomplete(self, key: str, found: int) -> None:
        """Of more than can be kept one by one, a lower bound is an answer. Raises TooLate."""
        if found < self.limits.most:
            raise TooLate(
                "the event came late, and what came in its window is not kept any more: under one key, the last "
                f"{self.limits.most:,} are."
            )
        self.at_least.add(key)

    def first_seen(self, key: str, *, at: Micros, note: bool) -> Micros | None:
        return self._opened(self._firsts, First, "first", key, at).seen(at, note=note)

    def labels(self, entity: Entity[Any], *, at: Micros) -> dict[str, LabelState]:
        return marking.states(self._marks(entity, at), at)

    def apply_label(
        self, effect: Effect, *, at: Micros, reason: str = "", manual: bool = False
    ) -> dict[str, Any] | None:
        """Does what an effect of the kind label_add or label_remove asks for. What changes by it, when its delay is
        over: entity, label, status, manual, since, expires. None: it is so already, or a person said otherwise."""
        entity, name = effect.entity, str(effect.arguments["label"])
        if entity is None:
            raise ValueError(f"the effect on the label {name!r} names no entity.")
        new = marking.mark(effect, at, reason=reason, manual=manual)
        opened = self._entity(entity, at)
        before = self.labels(entity, at=new.since).get(name)
        marked = marking.put(opened.labels, name, new, at)
        opened.changed = opened.changed or marked != opened.labels
        opened.labels = marked
        after = self.labels(entity, at=new.since)[name]
        if before is not None and _shown(before) == _shown(after):
            return None
        return {"entity": f"{entity.type}/{entity.id}", "label": name} | _shown(after)

    @property
    def changed(self) -> dict[str, Keep]:
        """What is to be written, by the key to load it by: at most 220 characters, all of them printable."""
        return {
            name: Keep(one.kept(), one.expires_at)
            for name, one in self._everything()
            if one.changed and one.expires_at > NEVER
        }

    def _everything(self) -> Iterator[tuple[str, Opened]]:
        return ((_name(kind, key), one) for kind, opened in self._kinds.items() for key, one in opened.items())

    def _opened(
        self, opened: dict[str, Kind], kind: Callable[[Limits, Any, Micros], Kind], name: str, key: str, at: Micros
    ) -> Kind:
        found = opened.get(key)
        if found is None:
            value = self._read(_name(name, key), at)
            found = opened[key] = kind(self.limits, value, self.swept)
        return found

    def _read(self, name: str, at: Micros) -> Any:  # noqa: ARG002 (a state that forgets by itself needs the time)
        return self._load(name)

    def _entity(self, entity: Entity[Any], at: Micros) -> EntityLabels:
        key = f"{len(entity.type)}:{entity.type}/{entity.id}"
        return self._opened(self._labels, EntityLabels, "labels", key, at)

    def _marks(self, entity: Entity[Any], at: Micros) -> marking.Labels:
        """With what people said elsewhere."""
        by_rules = self._entity(entity, at).labels
        said = self._people(entity) if self._people is not None else None
        if not said:
            return by_rules
        by_people = {name: marking.by_person(*one) for name, one in said.items()}
        together = {name: tuple(sorted((*by_rules.get(name, ()), one))) for name, one in by_people.items()}
        return {**by_rules, **together}


def _shown(state: LabelState) -> dict[str, Any]:
    return {"status": state.status, "manual": state.manual, "since": state.since, "expires": state.expires}


def _name(kind: str, key: str) -> str:
    """A store may not take every character, nor any length: keys are made from what users write."""
    if len(key) <= _LONGEST and key.isprintable():
        return f"{kind}:{key}"
    return f"{kind}#{blake2b(key.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"


def _number(value: str) -> int:
    """64 bits instead of the value: small, and nobody's address lies about. Two values practically never share them."""
    return _remembered(value) if len(value) <= _LONGEST else _hashed(value)


def _hashed(value: str) -> int:
    digest = blake2b(value.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


_remembered = lru_cache(maxsize=4096)(_hashed)


def _narrow(event: int) -> int:
    """An id of more than 64 bits, as msgpack can write it."""
    return _number(str(event))
