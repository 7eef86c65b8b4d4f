"""Carries calls to the desk: the past as fast as the desk takes it, the present when its moment comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from random import Random

from evenhand.connectors.demo import script
from evenhand.connectors.demo.api import Api
from evenhand.connectors.demo.platform import Platform
from evenhand.connectors.demo.scene import Call, Day, Scene

WINDOW = 400
BATCH = 100
SENDERS = 4
APPEAL_SECONDS = 45.0
"""Shortest time between two people who appeal what the desk did."""


class Feeder:
    def __init__(self, api: Api, platform: Platform) -> None:
        self._api = api
        self._platform = platform

    def past(self, calls: Iterable[Call], told: Callable[[int], None]) -> None:
        """Send all of them, items in batches; `told(n)` after each n. Raises DeskRefused, DeskGone."""
        waiting = iter(calls)
        with ThreadPoolExecutor(SENDERS) as senders:
            while window := list(islice(waiting, WINDOW)):
                published = [call for call in window if self._platform.publish(call)]
                items = [call.body for call in published if call.route == "items"]
                for start in range(0, len(items), BATCH):
                    self._api.send("items", {"items": items[start : start + BATCH]})
                others = [call for call in published if call.route != "items"]
                list(senders.map(lambda call: self._api.send(call.route, call.body), others))
                told(len(window))

    def present(self, calls: Sequence[Call], day: Day, stop: threading.Event, told: Callable[[int], None]) -> None:
        """Send each at its moment, until `stop`; people who were struck appeal now and then."""
        appeals = _Appeals(self._platform, day)
        for call in calls:
            if stop.wait(_seconds_until(day.moment(call.at))):
                return
            appeal = appeals.next()
            for one in (call, appeal) if appeal else (call,):
                if self._platform.publish(one):
                    self._api.send(one.route, {"items": [one.body]} if one.route == "items" else one.body)
                    told(1)


class _Appeals:
    """Turns actions that have reached people into their appeals, not all and not at once."""

    def __init__(self, platform: Platform, day: Day) -> None:
        self._platform = platform
        self._scene = Scene("live-appeal", day)
        self._reasons = script.load().stories.live_appeal.reasons
        self._chance = Random(day.number)
        self._last = datetime.now(UTC)

    def next(self) -> Call | None:
        now = datetime.now(UTC)
        if (now - self._last).total_seconds() < APPEAL_SECONDS:
            return None
        struck = self._platform.next_appeal()
        if struck is None:
            return None
        self._last = now
        action, item = struck
        return self._scene.appealed(now, item, actions=[action], policy=None, reason=self._chance.choice(self._reasons))


def _seconds_until(moment: datetime) -> float:
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
