"""Events as the log keeps them, folded or not."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.desk.intake import services
from evenhand.engine.model import Event
from evenhand.runtime.eventlog import to_event


def kept(event_ids: Sequence[str]) -> dict[str, Event]:
    """Those of these events that were accepted before, by id."""
    if not event_ids:
        return {}
    found = services.event_log().find([bytes.fromhex(event_id) for event_id in event_ids])
    return {row.id.hex(): to_event(row) for row in found}
