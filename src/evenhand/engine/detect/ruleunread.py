"""An event that takes more work than one may: whoever looks at it is told that rules have not read all of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from evenhand.engine.model import Event, Signal
from evenhand.engine.rules.run import EXHAUSTED, Error

NOT_READ: Final = "Rules have not read all of it: it takes more work than one event may. Read it yourself, to its end"


def is_unread(errors: Iterable[Error]) -> bool:
    """Whether a run was given up for it."""
    return any(one.message == EXHAUSTED for one in errors)


def note(event: Event, detector: str, version: str) -> Signal:
    """A long text may have been written just so that rules do not read it."""
    return Signal(
        detector=detector, version=version, subject=event.subject, event_id=event.id, at=event.at, summary=NOT_READ
    )


def named(event: Event, reason: str) -> str:
    """The reason, with the item to blame where it is not the rule."""
    return f"{event.subject.type}/{event.subject.id}: {reason}" if EXHAUSTED in reason else reason
