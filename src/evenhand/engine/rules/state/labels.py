"""The labels of one entity: marks set and taken away by rules and by people, and what they come to at a time.

A person's mark stands against every mark of a rule that comes while it is in force; what a rule wanted meanwhile is
lost, not put off. Of two marks of one rank the later counts, and at the same moment the one that takes away.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from evenhand.engine.rules.run import LabelState, Micros
from evenhand.engine.rules.state.limits import ALWAYS
from evenhand.engine.rules.values import Effect

Status = Literal["added", "removed"]

MOST: Final = 16
"""Marks of one label that are kept. What comes in order is right with any number; what comes late, among these."""
KEPT: Final[Micros] = 30 * 24 * 3600 * 1_000_000
"""So long after it expired a label is forgotten altogether."""
_STATUS: Final[dict[str, Status]] = {"label_add": "added", "label_remove": "removed"}
_MOST_REASON: Final = 200
_MICROSECOND: Final = timedelta(microseconds=1)


class Mark(Struct, frozen=True, order=True, array_like=True):
    """A label was set, or taken away, from `since` on. Marks stand in the order of these fields."""

    since: Micros
    manual: bool
    status: Status
    expires: Micros = ALWAYS
    reason: str = ""

    def is_like(self, other: Mark) -> bool:
        return self.status == other.status and self.manual == other.manual

    def stands_against(self, later: Mark) -> bool:
        return self.manual and not later.manual and self.expires > later.since


Marks = tuple[Mark, ...]
Labels = Mapping[str, Marks]
"""By the label's name; each sorted."""


def apply(labels: Labels, effect: Effect, at: Micros, *, reason: str = "", manual: bool = False) -> Labels:
    """The labels after a label's effect of an event at `at`, done by a rule or by a person."""
    return put(labels, str(effect.arguments["label"]), mark(effect, at, reason=reason, manual=manual), at)


def mark(effect: Effect, at: Micros, *, reason: str = "", manual: bool = False) -> Mark:
    """What an effect of the kind label_add or label_remove puts on its entity."""
    since = min(at + _length(effect.arguments.get("delay_action_by")), ALWAYS)
    lasts = effect.arguments.get("expires_after")
    expires = ALWAYS if lasts is None else min(since + _length(lasts), ALWAYS)
    return Mark(since, manual, _STATUS[effect.kind], expires, reason[:_MOST_REASON])


def by_person(status: Status, since: Micros, expires: Micros | None = None, reason: str = "") -> Mark:
    """What somebody said, as the host keeps it."""
    return Mark(since, True, status, ALWAYS if expires is None else expires, reason)


def put(labels: Labels, name: str, new: Mark, at: Micros) -> Labels:
    """The labels with one more mark. Those that expired long before `at` are gone."""
    marks = list(labels.get(name, ()))
    if new not in marks:
        insort(marks, new)
    if len(marks) > MOST:
        _shorten(marks, at)
    fresh = {other: kept for other, kept in labels.items() if other != name and last_expiry(kept) + KEPT > at}
    return fresh | {name: tuple(marks)}


def states(labels: Labels, at: Micros) -> dict[str, LabelState]:
    """What each label is at a time, expired or not; none that has no mark yet."""
    found = {name: standing(marks, at) for name, marks in labels.items()}
    return {name: state(one) for name, one in found.items() if one is not None}


def standing(marks: Iterable[Mark], at: Micros) -> Mark | None:
    """The mark that counts at a time, with the time since when it has been so without a break."""
    now: Mark | None = None
    for one in marks:
        if one.since > at:
            break
        now = one if now is None else _after(now, one)
    return now


def state(one: Mark) -> LabelState:
    return LabelState(
        status=one.status,
        manual=one.manual,
        since=one.since,
        expires=None if one.expires >= ALWAYS else one.expires,
        reason=one.reason,
    )


def last_expiry(marks: Marks) -> Micros:
    """When the last of the marks does."""
    return max(one.expires for one in marks)


def _after(now: Mark, later: Mark) -> Mark:
    """A rule that says the same again lengthens the label, never shortens it; a person's last word counts."""
    if now.stands_against(later):
        return now
    if now.is_like(later) and now.expires > later.since:
        lasts = later.expires if later.manual else max(now.expires, later.expires)
        return replace(later, since=now.since, expires=lasts)
    return later


def _shorten(marks: list[Mark], at: Micros) -> None:
    """One mark less. First among those before `at`, between which nothing comes any more, unless it comes late."""
    if not (_shorten_before(marks, at) or _shorten_before(marks, at + 1)):
        del marks[-1]


def _shorten_before(marks: list[Mark], end: Micros) -> bool:
    """Leaves out one that changes nothing, or makes the oldest two one."""
    now = marks[0]
    for place, one in enumerate(marks[1:], 1):
        if one.since >= end:
            break
        then = marks[place + 1] if place + 1 < len(marks) and marks[place + 1].since < end else None
        if _changes_nothing(now, one, then):
            del marks[place]
            return True
        now = _after(now, one)
    if marks[1].since >= end:
        return False
    marks[:2] = [_after(*marks[:2])]
    return True


def _changes_nothing(now: Mark, one: Mark, then: Mark | None) -> bool:
    if now.stands_against(one):
        return True
    if not now.is_like(one) or now.expires <= one.since:
        return False
    if now.expires == one.expires or (now.expires > one.expires and not one.manual):
        return True
    return then is not None and then.is_like(one) and now.expires > then.since and one.expires <= then.expires


def _length(time: timedelta | None) -> Micros:
    return 0 if time is None else max(0, time // _MICROSECOND)
