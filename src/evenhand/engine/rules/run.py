"""What a run is given and what it gives: context, state and services; features, effects, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from evenhand.engine.rules.values import Effect, Entity

Micros = int


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
