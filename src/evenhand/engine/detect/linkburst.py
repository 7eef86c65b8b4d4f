"""The detector of link bursts: one host, all of a sudden, from many authors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from evenhand.engine.detect.links import linked_hosts
from evenhand.engine.detect.lists import judged
from evenhand.engine.detect.meaning import NOTE, Meaning, step
from evenhand.engine.detect.registry import Finding, Keep
from evenhand.engine.detect.windows import DAY, HOUR, Members, author, join, newest, version
from evenhand.engine.model import Event, Micros, Signal
from evenhand.engine.text import hosts

REVISION = 1
MOST_HOSTS = 5
"""Hosts of one item that are counted, the first; a list of links is no burst of each."""
MOST_MEMBERS = 100
"""Authors kept for a host, the newest; when they are as many, the signal says "at least"."""
USUAL_DAYS = 7
_UNKNOWN: tuple[tuple[()], Members] = ((), {})

Day = list[int]
"""[days since 1970, authors]."""


class Burst(Struct, frozen=True):
    """`usual`: authors in such a window, on average over the days before."""

    host: str
    authors: int
    usual: float


class LinkBurst:
    """State: `link1:<host>`, [days: [day, authors], members: {author: [time]}].

    Tells from `authors` authors within `window` on, when that is also `times` as many as is usual for this host.
    """

    name = "link_burst"

    def __init__(
        self,
        meaning: Meaning = NOTE,
        *,
        window: Micros = HOUR,
        authors: int = 5,
        times: float = 4.0,
        ignored: Sequence[str] = (),
    ) -> None:
        """`ignored`: hosts that are not counted, with all below them.

        Raises ValueError: one of them is no host name.
        """
        self._meaning, self._window, self._authors, self._times = meaning, window, authors, times
        self._ignored = frozenset(map(hosts.normal, ignored))
        self.version = version(REVISION, meaning, window, authors, times, sorted(self._ignored))

    def keys(self, event: Event) -> Sequence[str]:
        return [f"link1:{host}" for host in self._hosts(event)]

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        changed: dict[str, Keep] = {}
        loud: list[Burst] = []
        for host in self._hosts(event):
            days, members = self._count(state.get(f"link1:{host}", _UNKNOWN), event)
            changed[f"link1:{host}"] = Keep([days, members], self._expiry(days, members))
            burst = Burst(host, len(members), _usual(days, event.at // DAY) * self._window / DAY)
            if self._is_loud(burst) and newest(members) - self._window < event.at:
                loud.append(burst)
        return Finding((self._signal(event, loud),) if loud else (), changed)

    def _hosts(self, event: Event) -> list[str]:
        item = judged(event)
        named = linked_hosts(item) if item else ()
        return [host for host in named if self._ignored.isdisjoint(hosts.above(host))][:MOST_HOSTS]

    def _count(self, state: Sequence[Any], event: Event) -> tuple[Sequence[Day], Members]:
        """The days and members with this author: each day counts its authors, once for each window."""
        days, members = state
        assert event.item is not None
        who = author(event.item)
        (before,) = members.get(who, [None])
        fresh = before is None or before <= event.at - self._window
        latest = event.at if before is None else max(before, event.at)
        members = join(members, who, [latest], window=self._window, most=MOST_MEMBERS)
        return _add(days, event.at // DAY) if fresh else days, members

    def _expiry(self, days: Sequence[Day], members: Members) -> Micros:
        return max(newest(members) + self._window, (days[-1][0] + 1 + USUAL_DAYS) * DAY)

    def _is_loud(self, burst: Burst) -> bool:
        return burst.authors >= max(self._authors, self._times * burst.usual)

    def _signal(self, event: Event, loud: Sequence[Burst]) -> Signal:
        lead = max(loud, key=lambda burst: (burst.authors, burst.host))
        hours = self._window / HOUR
        return self._meaning.signal(
            event,
            self,
            summary=f"{step(lead.authors)} authors link to {lead.host} within {hours:g} h",
            evidence={
                "window_hours": hours,
                "hosts": [
                    {
                        "host": burst.host,
                        "authors": burst.authors,
                        "at_least": burst.authors >= MOST_MEMBERS,
                        "usual": round(burst.usual, 2),
                    }
                    for burst in loud
                ],
            },
        )


def _add(days: Sequence[Day], day: int) -> list[Day]:
    counts = {entry[0]: entry[1] for entry in days}
    counts[day] = counts.get(day, 0) + 1
    oldest = max(counts) - USUAL_DAYS
    return [[number, count] for number, count in sorted(counts.items()) if number >= oldest]


def _usual(days: Sequence[Day], day: int) -> float:
    """Authors a day, on average over the days before this one."""
    return sum(count for number, count in days if day - USUAL_DAYS <= number < day) / USUAL_DAYS
