"""What one person, or everybody, opened: the raw facts, with the policy that each case proposes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case, MediaView
from evenhand.desk.cases.queries.looks import INTERVAL, LONGEST

MOST = 50_000


class Looked(Struct, frozen=True):
    """One medium that was opened. `ended`: until then at most. Of a page without script (`heard` False) nobody knows
    how long it showed it without a filter."""

    view: int
    viewer: int
    policy: str | None
    item: tuple[str, str]
    url: str
    opened: datetime
    ended: datetime
    heard: bool


def looked(since: datetime, until: datetime, *, user: User | None = None) -> list[Looked]:
    """Opened in this time, the first first; at most 50,000."""
    found = MediaView.objects.filter(opened_at__gte=since, opened_at__lt=until).select_related("case")
    if user is not None:
        found = found.filter(viewer=user)
    now = timezone.now()
    return [
        Looked(
            one.pk, one.viewer_id, one.case.policy, (one.item_type, one.item_id), one.url, one.opened_at,
            one.closed_at or min(now, _silent(one)), one.heard_at is not None,
        )
        for one in found.order_by("opened_at")[:MOST]
    ]  # fmt: skip


def _silent(view: MediaView) -> datetime:
    """When a view that nobody closed has ended at the latest."""
    wait: timedelta = INTERVAL if view.heard_at else LONGEST
    last: datetime = view.heard_at or view.opened_at
    return last + wait


def waiting(policies: frozenset[str]) -> int:
    """Open cases that propose one of these policies."""
    return Case.objects.filter(state=Case.State.OPEN, policy__in=policies).count()
