"""Second looks while nobody is to know of them: what is kept from whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case, CaseBar
from evenhand.engine.model import Ref
from evenhand.runtime import config

SPENT = Q(kind=Case.Kind.SECOND, state=Case.State.CLOSED)
"""A second look that is over is no case among cases: what it looked at is."""


def blind(user: User) -> frozenset[int]:
    """Numbers of cases that this person is not shown: decided ones that they may be handed once more without knowing
    it, and the second looks at what they decided themselves. As long as a look can be taken back, nobody is told."""
    told = timezone.now() - timedelta(seconds=config.current().undo_seconds)
    looks = Case.objects.filter(
        Q(state=Case.State.OPEN) | Q(state=Case.State.CLOSED, closed_at__gt=told), again__state=Case.State.CLOSED
    )
    pairs = [(look, again) for look, again in looks.values_list("pk", "again") if again is not None]
    if not pairs:
        return frozenset()
    own = set(CaseBar.objects.filter(user=user, case__in=[look for look, _ in pairs]).values_list("case", flat=True))
    return frozenset(look if look in own else again for look, again in pairs)


def was_told(case: Case, user: User) -> bool:
    """Whether a second look is over, so that the case which it looked at stands in its place."""
    return case.state == Case.State.CLOSED and case.again_id not in blind(user)


def untold(ref: Ref, unseen: Collection[int]) -> Case | None:
    """The second look at this item, as long as the case that it looks at is not shown. None: all of it is shown."""
    if not unseen:
        return None
    looks = Case.objects.filter(again__in=unseen, item_type=ref.type, item_id=ref.id)
    return looks.select_related("again").order_by("-pk").first()


def waits_on(case: Case) -> bool:
    """Whether something newer happened to the subject of a decided case: another case of it waits, or came later, or
    its decision was appealed."""
    same = Case.objects.filter(item_type=case.item_type, item_id=case.item_id).exclude(pk=case.pk)
    newer = Q(state=Case.State.OPEN) | Q(pk__gt=case.pk) | Q(kind=Case.Kind.APPEAL)
    return same.filter(newer).exclude(again=case).exists()
