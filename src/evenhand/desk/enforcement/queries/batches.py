"""How far decisions on clusters have come, and how the decided cases of a cluster were decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef
from msgspec import Struct

from evenhand.desk.cases.queries import Case, clusters
from evenhand.desk.enforcement.models import Batch, BatchItem, Decision

__all__ = [
    "Batch",
    "BatchItem",
    "Like",
    "Progress",
    "by_uid",
    "failed",
    "first_case",
    "like",
    "of_case",
    "progress",
    "unfinished",
]

MOST_TOLD = 50
NEWEST = 500
"""Decided cases of a cluster that are looked at, the newest."""


class Progress(Struct, frozen=True):
    """Of a batch: how many cases, and how many of them are still to come, are decided, failed, were taken back."""

    total: int
    waiting: int
    done: int
    failed: int
    undone: int
    stuck: int
    left: int

    @property
    def running(self) -> bool:
        return self.waiting > 0


class Like(Struct, frozen=True):
    """How people decided cases of a cluster: `count` of `total` in this way."""

    count: int
    total: int
    kind: str
    policy: str | None
    actions: tuple[tuple[str, dict[str, Any]], ...]


def by_uid(uid: str) -> Batch | None:
    return Batch.objects.filter(uid=uid).select_related("by", "undone_by").first()


def first_case(batch: Batch) -> Case | None:
    item = batch.items.select_related("case").order_by("pk").first()
    return item.case if item else None


def progress(batch: Batch) -> Progress:
    found = batch.items.order_by().values("state").annotate(count=Count("pk")).values_list("state", "count")
    by_state = Counter(dict(found))
    states = BatchItem.State
    return Progress(
        total=sum(by_state.values()),
        waiting=by_state[states.WAITING] + by_state[states.UNDOING],
        done=by_state[states.DONE],
        failed=by_state[states.FAILED],
        undone=by_state[states.UNDONE],
        stuck=by_state[states.STUCK],
        left=by_state[states.LEFT],
    )


def failed(batch: Batch) -> list[BatchItem]:
    """The first 50 cases that it could not decide, or not take back."""
    states = (BatchItem.State.FAILED, BatchItem.State.STUCK)
    return list(batch.items.filter(state__in=states).order_by("pk")[:MOST_TOLD])


def of_case(case_id: int) -> Batch | None:
    """The batch that decided a case last."""
    item = BatchItem.objects.filter(case_id=case_id).select_related("batch__by", "batch__undone_by").order_by("-pk")
    found = item.first()
    return found.batch if found else None


def unfinished() -> list[Batch]:
    """Batches with cases that wait, the oldest first."""
    waiting = BatchItem.objects.filter(
        batch=OuterRef("pk"), state__in=(BatchItem.State.WAITING, BatchItem.State.UNDOING)
    )
    return list(Batch.objects.filter(Exists(waiting)).select_related("by").order_by("pk"))


def like(cluster: int) -> Like | None:
    """The decision that most of the decided cases of this cluster got from people, as far as it stands."""
    cases = clusters.closed(cluster)[-NEWEST:]
    decisions = _standing(cases)
    if not decisions:
        return None
    ways = Counter(map(_way, decisions))
    way, count = ways.most_common(1)[0]
    chosen = next(one for one in decisions if _way(one) == way)
    actions = tuple((taken.action, taken.parameters) for taken in chosen.actions.all())
    return Like(count, len(decisions), chosen.kind, chosen.policy, actions)


def _standing(cases: Sequence[int]) -> list[Decision]:
    found = Decision.objects.filter(
        case__in=cases,
        kind__in=(Decision.Kind.ACT, Decision.Kind.DISMISS),
        decided_by__isnull=False,
        undone_at__isnull=True,
        overturned_by__isnull=True,
        reversals__isnull=True,
    )
    return list(found.prefetch_related("actions").order_by("-pk"))


def _way(decision: Decision) -> tuple[str, str | None, str]:
    taken = sorted((one.action, sorted(one.parameters.items())) for one in decision.actions.all())
    return decision.kind, decision.policy, repr(taken)
