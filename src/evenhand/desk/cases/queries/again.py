"""Second looks while nobody is to know of them: what is kept from whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case
from evenhand.desk.fields import to_micros
from evenhand.engine.model import Ref
from evenhand.runtime import config

SPENT = Q(kind=Case.Kind.SECOND, state=Case.State.CLOSED)
"""A second look that is over is no case among cases: what it looked at is."""


def blind(user: User) -> frozenset[int]:
    """Numbers of cases that this person is not shown: decided ones that they may be handed once more without knowing
    it, and the second looks at what they decided themselves. As long as a look can be taken back, nobody is told."""
    told = timezone.now() - timedelta(seconds=config.current().undo_seconds)
    looks = sql.rows(
        "SELECT c.id, c.again_id, EXISTS (SELECT 1 FROM cases_casebar b WHERE b.case_id = c.id AND b.user_id = %s)"
        " FROM cases_case c JOIN cases_case f ON f.id = c.again_id WHERE c.again_id IS NOT NULL AND f.state = 'closed'"
        " AND (c.state = 'open' OR (c.state = 'closed' AND c.closed_at > %s))",
        (user.pk, to_micros(told)),
    )
    return frozenset(look if own else first for look, first, own in looks)


def was_told(case: Case, user: User) -> bool:
    """Whether a second look is over, so that the case which it looked at stands in its place."""
    return case.state == Case.State.CLOSED and case.again_id not in blind(user)


def untold(ref: Ref, unseen: Collection[int]) -> Case | None:
    """The second look at this item, as long as the case that it looks at is not shown. None: all of it is shown."""
    if not unseen:
        return None
    looks = Case.objects.filter(again__in=unseen, item_type=ref.type, item_id=ref.id)
    return looks.select_related("again").order_by("-pk").first()


def overtaken() -> set[int]:
    """Numbers of open second looks at cases to whose subject something newer happened."""
    same = _beside(OuterRef("item_type"), OuterRef("item_id"), OuterRef("again"))
    found = Case.objects.filter(Exists(same), kind=Case.Kind.SECOND, state=Case.State.OPEN)
    return set(found.values_list("pk", flat=True))


def is_overtaken(case: Case) -> bool:
    """Whether something newer happened to the subject of a decided case: another case of it waits, or came later, or
    its decision was appealed."""
    return _beside(case.item_type, case.item_id, case.pk).exists()


def _beside(item_type: Any, item_id: Any, case: Any) -> QuerySet[Case]:
    newer = Q(state=Case.State.OPEN) | Q(pk__gt=case) | Q(kind=Case.Kind.APPEAL)
    others = Q(again__isnull=True) | ~Q(again=case)
    return Case.objects.filter(newer, others, item_type=item_type, item_id=item_id).exclude(pk=case)
