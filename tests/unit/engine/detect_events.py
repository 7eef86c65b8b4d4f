"""Events for the tests of detectors, and the fold over them as the worker does it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from evenhand.engine.detect import Detector, evaluate, state_keys
from evenhand.engine.model import AppealMade, Event, Item, ItemSent, Ref, Reporter, ReportMade, Signal

T0 = 1_750_000_000_000_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_ids = itertools.count(1)


def item(text: str = "", *, id: str = "1", author: str = "ann", **more: Any) -> Item:  # noqa: A002 (the Ref's word)
    creator = Ref("user", author) if author else None
    return Item(**{"ref": Ref("post", id), "kind": "content", "data": {}, "creator": creator, "text": text} | more)


def sent(text: str = "", *, at: int = T0, **more: Any) -> Event:
    return Event(f"{next(_ids):032x}", at, "test", ItemSent(item(text, **more)))


def reported(
    by: str = "bob", *, at: int = T0, kind: str = "user", policy: str | None = "spam", subject: Item | None = None
) -> Event:
    number = f"{next(_ids):032x}"
    reporter = Reporter(kind=kind, id=by, type="user" if by else "")  # type: ignore[arg-type]
    body = ReportMade(report_id=number, reporter=reporter, reported_at=at, item=subject or item(), policy=policy)
    return Event(number, at, "test", body)


def appealed(text: str = "", *, at: int = T0) -> Event:
    number = f"{next(_ids):032x}"
    return Event(
        number, at, "test", AppealMade(appeal_id=number, by=Ref("user", "ann"), appealed_at=at, item=item(text))
    )


class Fold:
    """State in memory, as a store keeps it: through msgpack, and forgotten when it has expired."""

    def __init__(self, detectors: Sequence[Detector], *, forgets: bool = True) -> None:
        self.detectors = detectors
        self.forgets = forgets
        self.kept: dict[str, tuple[bytes, int]] = {}

    def state(self, event: Event) -> dict[str, Any]:
        wanted = [key for key in state_keys(event, self.detectors) if key in self.kept]
        alive = [key for key in wanted if not self.forgets or self.kept[key][1] > event.at]
        return {key: msgspec.msgpack.decode(self.kept[key][0]) for key in alive}

    def __call__(self, events: Iterable[Event]) -> list[Signal]:
        signals: list[Signal] = []
        for event in events:
            finding = evaluate(event, self.state(event), self.detectors)
            signals += finding.signals
            for key, keep in finding.changed.items():
                if keep.value is None:
                    self.kept.pop(key, None)
                else:
                    self.kept[key] = (msgspec.msgpack.encode(keep.value), keep.expires_at)
        return signals
