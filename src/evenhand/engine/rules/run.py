"""What a run is given and what it gives: context, state and services; features, effects, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from msgspec import Struct

from evenhand.engine.rules.values import Effect, Entity

Micros = int
MOST_WORK: Final = 100_000_000
"""What functions may do for one event: the characters that they read, each as often as the function's `cost` says. For
ordinary text it comes to some 50 ms, for text that is made to be slow to several times as much. It is counted, not
timed, so that an event that is folded again comes to the same."""
STOPPED_WORK: Final = 10_000_000
"""For a pattern that was stopped (5 ms)."""
_ITEM: Final = 16
"""An item of a list takes as much as so many characters."""
FREE_LENGTH: Final = 1_000
"""Texts up to this length cost nothing: what they take is up to the rules, not to the event."""
EXHAUSTED: Final = "the event takes more work than one may: this, and what takes as much after it, was left out"


class Exhausted(BaseException):
    """The event's work is used up. No Exception: those are errors of one value."""


class LabelState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One label on one entity, as far as it is known. `status`: added or removed; `manual`: by a person."""

    status: str
    manual: bool
    since: Micros
    expires: Micros | None = None
    reason: str = ""


class State(Protocol):
    """Counters and labels on event time. `at` is the time of the event in microseconds, `event` its id: the same
    event counts once, however often it comes."""

    def increment(self, key: str, *, event: int, at: Micros, window: Micros) -> int:
        """Count this event under `key`; events in (at - window, at], this one included."""

    def count(self, key: str, *, at: Micros, window: Micros) -> int:
        """Events in (at - window, at]."""

    def distinct(self, key: str, value: str | None, *, event: int, at: Micros, window: Micros) -> int:
        """Different values in (at - window, at], after noting `value` (None: only look)."""

    def first_seen(self, key: str, *, at: Micros, note: bool) -> Micros | None:
        """When `key` was first noted, at or before `at`; this event notes it when `note` is set."""

    def labels(self, entity: Entity[Any], *, at: Micros) -> Mapping[str, LabelState]:
        """The labels on an entity as they are at a time, by name, expired ones included."""


class Services(Protocol):
    """What is not in the event: chance and the network, injected by the host."""

    def random(self, key: str) -> float:
        """A number in [0, 1) for this key: the same key, the same number."""

    def mx_hosts(self, domain: str) -> Sequence[str] | None:
        """Mail exchangers of a domain; None when it is not known. Never blocks for long."""


class Error(Struct, frozen=True):
    """Why a value is FAILED: where in the rules, and what happened."""

    file: str
    line: int
    column: int
    message: str
    feature: str = ""


class Context(Struct):
    """One run: the event, and what the host gives. Functions that ask for it get it as their first argument."""

    action_name: str
    action_id: int
    data: dict[str, Any]
    at: datetime
    micros: Micros
    state: State | None
    services: Services | None
    lists: Mapping[str, Any]
    """Word lists by name: `rules.lists.WordList`."""
    errors: list[Error]
    work: int = 0
    """What was done for the event so far."""
    most_work: int = MOST_WORK


def size(value: Any) -> int:
    """What a function has to look at, in characters: those of a long text, or of all in a list, and its items."""
    if isinstance(value, str):
        return len(value) if len(value) > FREE_LENGTH else 0
    return sum(_ITEM + size(one) for one in value) if isinstance(value, list) else 0


def spend(context: Context, value: Any, cost: int) -> bool:
    """Counts the work on a value, before it is done. False, so that it can stand before an `or`. Raises Exhausted."""
    return spend_work(context, cost * size(value))


def spend_work(context: Context, work: int) -> bool:
    """The same. Work for which there is no room is not done, and not counted."""
    if context.work + work > context.most_work:
        raise Exhausted
    context.work += work
    return False


class Fired(Struct, frozen=True):
    """A rule that fired, its description with the values in it."""

    rule: str
    description: str


class Result(Struct, frozen=True, kw_only=True):
    """`features`: names as rules assign them, FAILED as None. `labels`: "Type/id/label/1" (0: removed)."""

    features: dict[str, Any]
    effects: tuple[Effect, ...] = ()
    labels: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    fired: tuple[Fired, ...] = ()
    errors: tuple[Error, ...] = ()
