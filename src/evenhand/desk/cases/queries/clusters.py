"""What stands together: the open cases that one decision may decide, and what was decided of their cluster before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from msgspec import Struct

from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries.sight import Sight
from evenhand.engine.model import Ref


class Size(Struct, frozen=True):
    """Open cases that stand together, by how many authors, and since when the first of them waits."""

    cases: int
    authors: int
    since: datetime | None


def members(case: Case) -> QuerySet[Case]:
    """The open cases in its row of the queue, itself among them; those on which a decision is on its way are not."""
    if case.cluster_id is None or case.state != Case.State.OPEN:
        return Case.objects.filter(pk=case.pk, state=Case.State.OPEN)
    return Case.objects.filter(
        cluster=case.cluster_id, queue=case.queue, state=Case.State.OPEN, cluster__isnull=False, deciding=False
    )


def first(cluster: int, sight: Sight, queue: str | None = None) -> Case | None:
    """The case that stands for its open ones in the queue, where this person sees it; of several queues the most
    urgent one."""
    found = Case.objects.filter(sight.condition(queue), cluster=cluster, cluster__isnull=False, behind=False)
    return found.select_related("holder").order_by("lane", "-rank", "id").first()


def size(case: Case) -> Size:
    found = members(case).aggregate(
        cases=Count("pk"), authors=Count("author_id", distinct=True), since=Min("opened_at")
    )
    return Size(**found)


def sizes(cases: Sequence[Case]) -> dict[int, int]:
    """By number of a case in the queue: how many cases its row stands for. Those that stand alone are not named."""
    clusters = {case.cluster_id for case in cases if case.cluster_id is not None}
    if not clusters:
        return {}
    counted = (
        Case.objects.filter(cluster__in=clusters, cluster__isnull=False, state=Case.State.OPEN, deciding=False)
        .values("cluster", "queue")
        .annotate(count=Count("pk"))
        .order_by()
    )
    by_place: dict[tuple[int | None, str], int] = {(row["cluster"], row["queue"]): row["count"] for row in counted}
    found = {case.pk: by_place.get((case.cluster_id, case.queue), 1) for case in cases}
    return {case: count for case, count in found.items() if count > 1}


def newest_first(case: Case, most: int) -> list[Case]:
    """Up to `most` of the open cases that stand together, the newest first."""
    return list(members(case).order_by("-pk")[:most])


def newest(case: Case) -> int:
    """The highest number among them: what comes later was not seen."""
    return members(case).order_by("-pk").values_list("pk", flat=True).first() or case.pk


def chosen(case: Case, *, upto: int, but: Collection[int]) -> list[int]:
    """Numbers of the cases that stand together, up to this one, without those; as they came."""
    return list(members(case).filter(pk__lte=upto).exclude(pk__in=but).order_by("pk").values_list("pk", flat=True))


def closed(cluster: int) -> list[int]:
    """Numbers of its decided cases."""
    found = Case.objects.filter(cluster=cluster, cluster__isnull=False, state=Case.State.CLOSED)
    return list(found.order_by("pk").values_list("pk", flat=True))


def opened_in_decided(refs: Sequence[Ref]) -> list[Case]:
    """Of the open review cases on these items, those whose cluster has a decided case."""
    by_type: dict[str, list[str]] = {}
    for ref in refs:
        by_type.setdefault(ref.type, []).append(ref.id)
    found: list[Case] = []
    for type_, ids in by_type.items():
        found += Case.objects.filter(
            item_type=type_, item_id__in=ids, state=Case.State.OPEN, kind=Case.Kind.REVIEW, cluster__isnull=False,
            cluster__in=Case.objects.filter(cluster__isnull=False, state=Case.State.CLOSED).values("cluster"),
        )  # fmt: skip
    return found
