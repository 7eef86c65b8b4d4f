"""Events as the log keeps them, folded or not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from evenhand.desk.intake import services
from evenhand.engine.model import Event, Micros
from evenhand.runtime.eventlog import to_event

MOST = 10_000
"""So many events are counted, and no more."""


def kept(event_ids: Sequence[str]) -> dict[str, Event]:
    """Those of these events that were accepted before, by id."""
    if not event_ids:
        return {}
    found = services.event_log().find([bytes.fromhex(event_id) for event_id in event_ids])
    return {row.id.hex(): to_event(row) for row in found}


def came(*, since: Micros) -> int:
    """How many events came from `since` on; one more than `MOST` where there are more than that."""
    return sum(1 for _row in islice(services.event_log().since(since), MOST + 1))
