"""A day in Harbourlight as timed calls: the same seed and day give the same calls, to the letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evenhand.connectors.demo.scene import HOUR, Call, Day, Scene
from evenhand.connectors.demo.stories import everyday, mob, reports, rumour, waves

Story = Callable[[Scene, float], Iterator[Call]]
BACKLOG = (
    ("rumour", 1.5), ("campaigns", 7), ("rumour", 11), ("spam", 17), ("appeals", 19), ("false-reports", 20.5),
    ("rumour", 21.5), ("mob", 22.6), ("hash-hits", 22.9),
)  # fmt: skip
"""Which story begins at which hour of the day that lies behind the desk when it starts."""
LIVE = (
    ("hash-hits", 0.3), ("false-reports", 0.6), ("spam", 1.2), ("mob", 3), ("rumour", 5), ("campaigns", 7),
    ("rumour", 13), ("appeals", 15), ("spam", 18), ("rumour", 20),
)  # fmt: skip
"""The same for the days that follow: something happens soon after somebody sits down."""
STORIES: dict[str, Story] = {
    "campaigns": waves.campaigns,
    "spam": waves.spam,
    "mob": mob.mob,
    "false-reports": reports.false_reports,
    "hash-hits": reports.hash_hits,
    "appeals": reports.appeals,
}
DAY_HOURS = 24.0


def plan(day: Day, *, hours: float = DAY_HOURS) -> list[Call]:
    """All calls of the day, in their order. Day 0 is the one before the desk starts, with everybody's profile first."""
    first = day.number == 0
    calls = list(everyday.life(Scene("life", day), hours))
    calls += reports.incidents(Scene("incident", day), hours)
    if first:
        calls += everyday.arrivals(Scene("arrival", day), 0)
    for number, (name, hour) in enumerate(BACKLOG if first else LIVE):
        calls += _tell(name, Scene(f"{name}-{number}", day), hour * HOUR, number)
    in_time = (call for call in calls if call.at <= hours * HOUR)
    return sorted(in_time, key=lambda call: call.at)


def _tell(name: str, scene: Scene, at: float, number: int) -> Iterator[Call]:
    if name == "rumour":
        return rumour.rumour(scene, at, number)
    return STORIES[name](scene, at)
