"""What is said to a person of how they are spared: on the queue, and on a case that came all the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case
from evenhand.desk.duty.queries import sparing
from evenhand.desk.duty.queries.sparing import Closed
from evenhand.desk.enforcement.queries import own
from evenhand.engine.triage.lane import CRITICAL


class Spared(Struct, frozen=True, kw_only=True):
    closed: tuple[Closed, ...] = ()
    waiting: int = 0
    """Cases of closed kinds."""
    alone: bool = False
    """The case is critical, and nobody else is there for it."""
    working: datetime | None = None
    """Since when without a pause, where that is longer than the person wants."""


def on_queue(user: User, every: int) -> Spared:
    closed = tuple(sparing.closed(user))
    return Spared(
        closed=closed, waiting=sparing.waiting_for_others(user) if closed else 0, working=_working(user, every)
    )


def on_case(user: User, case: Case, every: int) -> Spared:
    closed = sparing.closed_for(user, case.policy) if case.state == Case.State.OPEN else None
    return Spared(
        closed=(closed,) if closed else (),
        alone=closed is not None and case.lane == CRITICAL and not sparing.others_there(user),
        working=_working(user, every),
    )


def _working(user: User, every: int) -> datetime | None:
    """`every`: minutes; 0 never."""
    since = own.at_work_since(user) if every else None
    return since if since and timezone.now() - since >= timedelta(minutes=every) else None
