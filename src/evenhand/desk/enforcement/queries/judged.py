"""What people decided of items, and how long it took them: what rules and detectors are held against."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Avg, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Least
from msgspec import Struct

from evenhand.desk.enforcement.models import ActionTaken, Decision

Kind = Decision.Kind
NEWEST = 20_000
"""The pace is that of so many of the newest decisions."""
MOST_SECONDS = 600.0
"""Who takes longer than this has gone for a coffee with the page open."""


class Pace(Struct, frozen=True):
    """Seconds that a person takes for a decision, on the average of `decisions`; None without any."""

    seconds: float | None
    decisions: int


def judged() -> Iterator[tuple[str, str, bool]]:
    """Type and id of each item that a person decided, and whether it was acted on, as far as that still stands: what
    was overturned or taken back later is not. The later decision on an item comes later."""
    acted = _by_people().filter(~_TAKEN_BACK, kind=Kind.ACT)
    others = ActionTaken.objects.filter(decision__in=acted.values("pk")).order_by("pk")
    for type_, id_ in others.values_list("item_type", "item_id").iterator(chunk_size=2000):
        yield type_, id_, True
    looked_at = _by_people().filter(kind__in=(Kind.ACT, Kind.DISMISS, Kind.UPHOLD, Kind.OVERTURN)).order_by("pk")
    found = looked_at.values_list("item_type", "item_id", "kind", _TAKEN_BACK)
    for type_, id_, kind, taken_back in found.iterator(chunk_size=2000):
        yield type_, id_, kind in (Kind.ACT, Kind.UPHOLD) and not taken_back


def pace() -> Pace:
    """From the case's page to the decision; each counts as MOST_SECONDS at most."""
    timed = Decision.objects.filter(decided_by__isnull=False, undone_at__isnull=True, seconds__isnull=False)
    newest = timed.order_by("-pk").annotate(counted=Least(F("seconds"), Value(MOST_SECONDS))).values("counted")[:NEWEST]
    found = newest.aggregate(mean=Avg("counted"))
    return Pace(found["mean"], min(timed.count(), NEWEST))


def _by_people() -> QuerySet[Decision]:
    """Those that stand or were taken back by another decision; not those that were undone before anybody saw them."""
    return Decision.objects.filter(decided_by__isnull=False, undone_at__isnull=True)


_TAKEN_BACK = Exists(Decision.objects.filter(reverses=OuterRef("pk"), undone_at__isnull=True))
