"""What people do with cases that stand together: part them, or set them aside while a decision goes through them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.models import Case, Cluster
from evenhand.desk.cases.queries import clusters as queries
from evenhand.desk.cases.services import clustering
from evenhand.desk.cases.services.grouping import Place, lead
from evenhand.desk.cases.services.lease import lock, may_decide, not_held_by_other
from evenhand.desk.intake.queries import facts as intake
from evenhand.engine.model import Ref

SET_ASIDE = timedelta(minutes=10)
"""So long is a case kept for the decision that is on its way to it; a later look at the batch renews it."""
_AT_ONCE = 500


def places_of(cases: Iterable[Case]) -> set[Place]:
    return {Place(case.cluster_id, case.queue) for case in cases if case.cluster_id is not None}


def part(case_id: int, members: Collection[int], by: User, *, together: bool = False) -> list[int]:
    """Not the same: these open cases leave the cluster of this one, each for itself or `together`. No fold puts back
    what a person parted. Numbers of those that left. Raises Held, Barred, NoSuchCase."""
    with transaction.atomic():
        case = lock(case_id)
        may_decide(case, by)
        not_held_by_other(case, by)
        if case.cluster_id is None:
            return []
        now = timezone.now()
        leaving = list(queries.members(case).filter(pk__in=members).order_by("pk"))
        Cluster.objects.filter(pk=case.cluster_id).update(parted_at=now)
        groups = [leaving] if together else [[one] for one in leaving]
        for group in filter(None, groups):
            cluster = Cluster.objects.create(opened_at=now, parted_at=now)
            Case.objects.filter(pk__in=[one.pk for one in group]).update(cluster=cluster, behind=False)
        moved = list(Case.objects.filter(pk__in=[one.pk for one in leaving]))
        _share_samples(case.cluster_id, [one.pk for one in moved])
        lead(places_of([case, *moved]) | {Place(case.cluster_id, case.queue)})
        record(
            Act.CLUSTER_PARTED,
            actor=actor(by),
            obj=f"case:{case.pk}",
            payload={"cluster": case.cluster_id, "cases": [one.pk for one in moved], "together": together},
        )
    return [one.pk for one in moved]


def _share_samples(cluster: int, left: Sequence[int]) -> None:
    """What says the same must still find those that stay, though the one whose sample was kept has left: it goes to
    them. What only those that left say stays theirs."""
    stay = Case.objects.filter(cluster=cluster, cluster__isnull=False).order_by("-state", "pk").first()
    if stay is None:
        return
    ref = Ref(stay.item_type, stay.item_id)
    said = clustering.said(intake.items([ref]).values()).get(ref)
    if said is None or not said.keys:
        return
    theirs = clustering.kept([stay.pk, *left])
    clustering.drop([case for case, sample in theirs.items() if sample == said])
    clustering.keep({stay.pk: said})


def set_aside(cases: Sequence[int], by: User) -> None:
    """In the caller's transaction: a decision goes through these cases; nobody else takes them, no row shows them."""
    until = timezone.now() + SET_ASIDE
    for part in sql.batched(cases, _AT_ONCE):
        some = Case.objects.filter(pk__in=part)
        some.update(deciding=True, behind=True, holder=by, held_until=until)
    lead(places_of(Case.objects.filter(pk__in=cases[:1])))


def bring_back(cases: Sequence[int]) -> None:
    """In the caller's transaction: no decision comes to these cases after all; they stand where they stood."""
    for part in sql.batched(cases, _AT_ONCE):
        some = Case.objects.filter(pk__in=part, state=Case.State.OPEN)
        some.update(deciding=False, behind=False, holder=None, held_until=None)
    lead(places_of(Case.objects.filter(pk__in=cases)))
