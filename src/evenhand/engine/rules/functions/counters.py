"""Functions that count over time: how many, how many different, how fast, since when. All on the time of the events."""

from __future__ import annotations

from typing import Any

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.run import Context, Micros, State
from evenhand.engine.rules.values import Constant, Entity

FAMILY = Family()
SECOND: Micros = 1_000_000
LONGEST = 3660 * 24 * 3600
"""Longest window, in seconds."""
Key = Entity[Any] | str | int


@FAMILY.add("IncrementWindow", pure=False, cost=30)
def increment_window(context: Context, key: str, window_seconds: float, when_all: list[bool]) -> int:
    """How many events were counted under a key in the last `window_seconds`; this one is counted, and included, when
    all of `when_all` hold.

    The same key with another window is another counter. Error: a window that is not above 0; an event that came too
    late to be counted.
    """
    return _count(context, f"IncrementWindow/{_micros(window_seconds)}/{key}", window_seconds, all(when_all))


@FAMILY.add("Count", pure=False, cost=30)
def count(
    context: Context, counter: Constant[str], key: Key, window_seconds: float, when: list[bool] | None = None
) -> int:
    """How many events were counted for a key in the last `window_seconds`, this one included if it is counted.

    `counter`: what is counted, in a name of your own ("posts"): each counter has keys of its own. `key`: whom it is
    counted for, an entity or a value. `when`: the event is counted when all of these hold; without it, always. Error: a
    window that is not above 0; an event that came too late to be counted.
    """
    return _count(context, _name("Count", counter, key, window_seconds), window_seconds, _holds(when))


@FAMILY.add("CountDistinct", pure=False, cost=40)
def count_distinct(
    context: Context,
    counter: Constant[str],
    key: Key,
    value: Key,
    window_seconds: float,
    when: list[bool] | None = None,
) -> int:
    """How many different values came with a key in the last `window_seconds`: how many accounts from one address, how
    many people that one account wrote to.

    `counter`, `key`, `when`: as in Count. `value`: what is told apart, noted when the event is counted. Error: as in
    Count.
    """
    name = _name("CountDistinct", counter, key, window_seconds)
    noted = _shown(value) if _holds(when) else None
    return _state(context).distinct(
        name, noted, event=context.action_id, at=context.micros, window=_micros(window_seconds)
    )


@FAMILY.add("Rate", pure=False, cost=30)
def rate(
    context: Context,
    counter: Constant[str],
    key: Key,
    window_seconds: float,
    per_seconds: float = 60.0,
    when: list[bool] | None = None,
) -> float:
    """How many events a key has in `per_seconds` (a minute, if not given), on the average of the last `window_seconds`.

    `counter`, `key`, `when`: as in Count; the events are this function's own. Error: as in Count; a time that is
    not above 0.
    """
    name = _name("Rate", counter, key, window_seconds)
    _micros(per_seconds)
    return _count(context, name, window_seconds, _holds(when)) * per_seconds / window_seconds


@FAMILY.add("Surge", pure=False, cost=60)
def surge(
    context: Context,
    counter: Constant[str],
    key: Key,
    window_seconds: float,
    baseline_seconds: float,
    when: list[bool] | None = None,
) -> float:
    """How many times as many events a key has in the last `window_seconds` as it had before, for the same length of
    time.

    What it had before is the average of the last `baseline_seconds` without the window, with one event added, so that a
    key without a past does not surge without bounds. `counter`, `key`, `when`: as in Count. Error: a time that is not
    above 0, or a baseline that is not longer than the window; an event that came too late to be counted.
    """
    if not baseline_seconds > window_seconds:
        raise ValueError(f"baseline_seconds is {baseline_seconds}: it must be above window_seconds, {window_seconds}.")
    recent_name = _name("Surge", counter, key, window_seconds)
    whole_name = _name("Surge/baseline", counter, key, baseline_seconds)
    recent = _count(context, recent_name, window_seconds, _holds(when))
    whole = _count(context, whole_name, baseline_seconds, _holds(when))
    before = (max(0, whole - recent) + 1) * window_seconds / (baseline_seconds - window_seconds)
    return recent / before


@FAMILY.add("FirstSeen", pure=False, cost=20)
def first_seen(context: Context, counter: Constant[str], key: Key, when: list[bool] | None = None) -> bool:
    """Whether this is the first event of a key: by the time of the events, as far as they have come.

    `counter`, `key`: as in Count. `when`: the event is noted, and can be the first, when all of these hold. A key that
    was not noted for 13 months is new again.
    """
    seen, holds = _first(context, counter, key, when)
    return holds and seen in (None, context.micros)


@FAMILY.add("SecondsSinceFirstSeen", pure=False, cost=20)
def seconds_since_first_seen(
    context: Context, counter: Constant[str], key: Key, when: list[bool] | None = None
) -> float:
    """How many seconds before this event a key came for the first time; 0 when this is the first time.

    `counter`, `key`, `when`: as in FirstSeen, with which it shares what it has seen.
    """
    seen, _ = _first(context, counter, key, when)
    return 0.0 if seen is None else (context.micros - seen) / SECOND


def _first(context: Context, counter: str, key: Key, when: list[bool] | None) -> tuple[Micros | None, bool]:
    holds = _holds(when)
    name = f"FirstSeen/{len(counter)}/{counter}/{_shown(key)}"
    return _state(context).first_seen(name, at=context.micros, note=holds), holds


def _count(context: Context, name: str, window_seconds: float, note: bool) -> int:
    state, window = _state(context), _micros(window_seconds)
    if note:
        return state.increment(name, event=context.action_id, at=context.micros, window=window)
    return state.count(name, at=context.micros, window=window)


def _holds(when: list[bool] | None) -> bool:
    return when is None or all(when)


def _state(context: Context) -> State:
    if context.state is None:
        raise ValueError("counters are not to be had in this run: it was given no state.")
    return context.state


def _micros(seconds: float) -> Micros:
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"a window of {seconds} seconds: it must be above 0, and ten years at most.")
    return max(1, round(seconds * SECOND))


def _name(function: str, counter: str, key: Key, window_seconds: float) -> str:
    """No two counters share one: the counter's length says where the key begins."""
    return f"{function}/{_micros(window_seconds)}/{len(counter)}/{counter}/{_shown(key)}"


def _shown(key: Key) -> str:
    return f"{len(key.type)}:{key.type}/{key.id}" if isinstance(key, Entity) else f":{key}"
