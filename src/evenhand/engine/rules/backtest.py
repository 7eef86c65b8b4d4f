"""What rules would have done: fires, what people decided of the same items, the work they would bring, and how that
differs from another project's rules."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from evenhand.engine.rules.run import Micros, Result

DAY: Final[Micros] = 86_400 * 1_000_000
MOST_EXAMPLES: Final = 20
_HOUR_SECONDS: Final = 3600
_Z: Final = 1.959963984540054
"""Two-sided 95 %."""
_ASKING: Final = ("enqueue", "hold", "act")


class Fire(Struct, frozen=True, array_like=True):
    """A rule that fired on an event; `asks`: it would open a case, hold, or act."""

    rule: str
    asks: bool


class Share(Struct, frozen=True):
    """`acted` of `decided` items, and the Wilson interval (95 %) of that share; None without any."""

    acted: int
    decided: int
    share: float | None
    low: float | None
    high: float | None


class Change(Struct, frozen=True):
    """Events of one side that the other does not have; `examples`: their items, the first so many, each once."""

    events: int
    examples: tuple[str, ...]


class RuleReport(Struct, frozen=True, kw_only=True):
    """`asking`: events on which it would open a case, hold or act. `hours_per_day`: what people would need for these at
    the desk's own pace, at most: events of one item are one case. None: the pace is not known, or there is no other
    project."""

    rule: str
    fires: int
    fires_per_day: float
    by_day: dict[int, int]
    """Fires by the number of the day since 1970 UTC; days without any are left out."""
    asking: int
    hours_per_day: float | None
    precision: Share
    newly_caught: Change | None = None
    no_longer_caught: Change | None = None


class Report(Struct, frozen=True, kw_only=True):
    """`asking` counts events on which any rule asks, `asking_before` the other project's; see RuleReport."""

    days: float
    rules: tuple[RuleReport, ...]
    asking: int
    asking_before: int | None
    hours_per_day: float | None
    hours_added_per_day: float | None
    precision: Share
    newly_caught: Change | None
    no_longer_caught: Change | None


def fires(result: Result) -> tuple[Fire, ...]:
    """The rules that fired, in their order."""
    if not result.fired:
        return ()
    asking = {rule for effect in result.effects if effect.kind in _ASKING for rule in effect.rules}
    return tuple(Fire(one.rule, one.rule in asking) for one in result.fired)


def share(acted: int, decided: int) -> Share:
    """The Wilson interval stays within 0 and 1 and is honest for few decisions."""
    if not decided:
        return Share(acted, decided, None, None, None)
    part, square = acted / decided, _Z * _Z
    middle = (part + square / (2 * decided)) / (1 + square / decided)
    reach = _Z / (1 + square / decided) * math.sqrt(part * (1 - part) / decided + square / (4 * decided * decided))
    return Share(acted, decided, part, max(0.0, min(part, middle - reach)), min(1.0, max(part, middle + reach)))


class Tally:
    """Counts event by event. What it keeps grows with the rules and the decided items, not with the events.

    `decided`: whether people acted, by item. `others`: the names of the other project's rules; None: there is none.
    """

    def __init__(self, rules: Sequence[str], others: Sequence[str] | None, decided: Mapping[str, bool]) -> None:
        self._decided = decided
        self._numbers = {item: number for number, item in enumerate(decided)}
        self._compares = others is not None
        self._rules = {name: _Counts(len(decided)) for name in (*rules, *(others or ()))}
        self._any = _Counts(len(decided))
        self._asking_before = 0

    def add(self, item: str, at: Micros, now: Sequence[Fire], before: Sequence[Fire] = ()) -> None:
        """One event on which a rule of either side fired."""
        day = at // DAY
        number = self._numbers.get(item)
        for one in now:
            self._rules[one.rule].count(day, number, asks=one.asks)
        asks, asked = any(one.asks for one in now), any(one.asks for one in before)
        if asks:
            self._any.count(day, number, asks=True)
        self._asking_before += asked
        if self._compares:
            self._compare(item, {one.rule for one in now}, {one.rule for one in before})
            self._any.compare(item, now=asks, before=asked)

    def _compare(self, item: str, now: set[str], before: set[str]) -> None:
        for rule in now ^ before:
            self._rules[rule].compare(item, now=rule in now, before=rule in before)

    def report(self, days: float, seconds_per_decision: float | None) -> Report:
        """`days`: how long the counted time is."""
        pace = None if seconds_per_decision is None else seconds_per_decision / _HOUR_SECONDS / days
        added = self._any.asking - self._asking_before
        return Report(
            days=days,
            rules=tuple(self._reports(days, pace)),
            asking=self._any.asking,
            asking_before=self._asking_before if self._compares else None,
            hours_per_day=None if pace is None else self._any.asking * pace,
            hours_added_per_day=None if pace is None or not self._compares else added * pace,
            precision=self._precision(self._any),
            newly_caught=self._any.newly.change() if self._compares else None,
            no_longer_caught=self._any.lost.change() if self._compares else None,
        )

    def _reports(self, days: float, pace: float | None) -> Iterator[RuleReport]:
        for name, counts in self._rules.items():
            yield RuleReport(
                rule=name,
                fires=counts.fires,
                fires_per_day=counts.fires / days,
                by_day=dict(sorted(counts.by_day.items())),
                asking=counts.asking,
                hours_per_day=None if pace is None else counts.asking * pace,
                precision=self._precision(counts),
                newly_caught=counts.newly.change() if self._compares else None,
                no_longer_caught=counts.lost.change() if self._compares else None,
            )

    def _precision(self, counts: _Counts) -> Share:
        acted = decided = 0
        for hit, was_acted_on in zip(counts.hits, self._decided.values(), strict=True):
            decided += hit
            acted += hit and was_acted_on
        return share(acted, decided)


class _Changed:
    def __init__(self) -> None:
        self.events = 0
        self.examples: dict[str, None] = {}

    def add(self, item: str) -> None:
        self.events += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples[item] = None

    def change(self) -> Change:
        return Change(self.events, tuple(self.examples))


class _Counts:
    """`hits`: a 1 for each decided item that it fired on."""

    def __init__(self, decided: int) -> None:
        self.fires = self.asking = 0
        self.by_day: Counter[int] = Counter()
        self.hits = bytearray(decided)
        self.newly, self.lost = _Changed(), _Changed()

    def count(self, day: int, number: int | None, *, asks: bool) -> None:
        self.fires += 1
        self.asking += asks
        self.by_day[day] += 1
        if number is not None:
            self.hits[number] = 1

    def compare(self, item: str, *, now: bool, before: bool) -> None:
        if now and not before:
            self.newly.add(item)
        if before and not now:
            self.lost.add(item)


def item_key(type_: str, id_: str) -> str:
    """An item as the report names it."""
    return f"{type_}/{id_}"


def decided_items(decisions: Iterable[tuple[str, str, bool]]) -> dict[str, bool]:
    """Type, id and whether people acted; the last one of an item counts."""
    return {item_key(type_, id_): acted for type_, id_, acted in decisions}
