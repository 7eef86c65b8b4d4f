"""Whether anybody can have watched a rule before it goes live: how long it ran in shadow, on what, and how it fired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.fields import to_micros
from evenhand.desk.intake.queries import events
from evenhand.desk.rules.models import Life
from evenhand.desk.rules.queries.hits import HOUR, hits
from evenhand.desk.rules.queries.lives import life_of
from evenhand.desk.rules.queries.running import newest, stored
from evenhand.runtime import ruletexts

SHORTEST = timedelta(hours=1)
"""In shadow; who moves a rule on sooner is told so once."""
_WATCHED = (Life.Stage.SHADOW, Life.Stage.CANARY)


class Watched(Struct, frozen=True):
    """Since a rule came into the shadow that it has not left: for how long, on how many events, how often it fired.
    `events` is one more than `intake.queries.events.MOST` where more came. `tested`: a test names it."""

    ran: timedelta
    events: int
    fired: int
    tested: bool

    @property
    def well(self) -> bool:
        return self.ran >= SHORTEST and self.fired > 0 and self.tested


def watched(rule: str) -> Watched | None:
    """None for a rule that is not on its way to live."""
    since = _since(life_of(rule))
    if since is None:
        return None
    fired = sum(one.fired for one in hits(rule, since_hour=to_micros(since) // HOUR) if one.stage in _WATCHED)
    return Watched(timezone.now() - since, events.came(since=to_micros(since)), fired, _is_tested(rule))


def _since(steps: Sequence[Life]) -> datetime | None:
    """`steps` are newest first."""
    since = None
    for step in steps:
        if step.stage not in _WATCHED:
            break
        since = step.changed_at
    return since


def _is_tested(rule: str) -> bool:
    kept = stored(newest()[0])
    cases = ruletexts.cases(kept.content.tests) if kept else []
    return any(rule in (*(case.then.fired or ()), *case.then.not_fired) for case in cases)
