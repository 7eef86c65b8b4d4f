"""The detector of mass reports: how many people report one item, how fast, and how many were never seen to report."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from evenhand.engine.detect.meaning import NOTE
from evenhand.engine.detect.registry import Finding, Keep
from evenhand.engine.detect.windows import DAY, MINUTE, Members, digest, join, newest, version
from evenhand.engine.model import Event, Micros, Reporter, ReportMade, Signal
from evenhand.engine.triage.reliability import burst_of, voices

REVISION = 1
MOST_MEMBERS = 200
"""Reporters kept for an item, the newest; when they are as many, the signal says "at least"."""
SEEN_FOR: Micros = 30 * DAY
"""Who has not reported anything for so long counts as never seen."""
_NOTHING = Finding()


class Mass(Struct, frozen=True):
    """The arithmetic of a mass report. Counts are of different reporters; all anonymous ones are one."""

    in_window: int
    first_time: int
    """Of those in the window: who had not reported anything for SEEN_FOR."""
    in_day: int
    reports_in_day: int
    counts_as: float
    """Independent reporters that those of the day count as, as long as none has a record."""
    at_least: bool


class Reports:
    """State: `reports1:<item>`, [told, members: {reporter: [time, first-time, reports]}], for a day;
    `seen1:<reporter>`, the time of their latest report.

    Tells a note, as it says nothing about the item: from `least` reporters within `window` on, and again whenever they
    are a quarter more.
    """

    name = "reports"

    def __init__(self, *, window: Micros = 10 * MINUTE, least: int = 10) -> None:
        self._window, self._least = window, least
        self.version = version(REVISION, window, least)

    def keys(self, event: Event) -> Sequence[str]:
        body = event.body
        return [_item_key(event), _seen_key(body.reporter)] if isinstance(body, ReportMade) else ()

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        body = event.body
        if not isinstance(body, ReportMade):
            return _NOTHING
        seen = state.get(_seen_key(body.reporter), 0)
        told, before = state.get(_item_key(event), (0, {}))
        first = seen <= event.at - SEEN_FOR and body.reporter.kind != "anonymous"
        members = _join(before, _digest(body.reporter), event.at, first=first)
        told = told if len(members) > 1 else 0
        mass = self._mass(members)
        step = max(told, self._step(mass.in_window))
        latest = max(seen, event.at)
        changed = {
            _item_key(event): Keep([step, members], newest(members) + DAY),
            _seen_key(body.reporter): Keep(latest, latest + SEEN_FOR),
        }
        return Finding((self._signal(event, mass),) if step > told else (), changed)

    def _mass(self, members: Members) -> Mass:
        horizon = newest(members) - self._window
        inside = [member for member in members.values() if member[0] > horizon]
        return Mass(
            in_window=len(inside),
            first_time=sum(member[1] for member in inside),
            in_day=len(members),
            reports_in_day=sum(member[2] for member in members.values()),
            counts_as=round(voices(Counter(burst_of(member[0]) for member in members.values()).values()), 2),
            at_least=len(members) >= MOST_MEMBERS,
        )

    def _step(self, reporters: int) -> int:
        """The highest of `least` and the numbers each a quarter more that is reached; 0 when none is."""
        step = 0
        following = self._least
        while following <= reporters:
            step, following = following, math.ceil(following * 1.25)
        return step

    def _signal(self, event: Event, mass: Mass) -> Signal:
        minutes = self._window / MINUTE
        first = f"{mass.first_time} of them never seen to report before"
        return NOTE.signal(
            event,
            self,
            summary=f"{mass.in_window} people reported this within {minutes:g} min, {first}; "
            f"without a record they count as {mass.counts_as:g}",
            evidence={"window_minutes": minutes} | msgspec.structs.asdict(mass),
        )


def _join(members: Members, who: str, at: Micros, *, first: bool) -> Members:
    before, was_first, reports = members.get(who, (0, first, 0))
    return join(members, who, [max(before, at), was_first, reports + 1], window=DAY, most=MOST_MEMBERS)


def _digest(reporter: Reporter) -> str:
    return digest(reporter.kind, reporter.type, reporter.id)


def _seen_key(reporter: Reporter) -> str:
    return f"seen1:{_digest(reporter)}"


def _item_key(event: Event) -> str:
    return f"reports1:{digest(event.subject.type, event.subject.id)}"
