"""Appeal cases: a second look at an item, barred to those who decided first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils import timezone

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case, CaseBar
from evenhand.desk.cases.services import ordering
from evenhand.desk.fields import to_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.model import Item, Micros, Ref
from evenhand.engine.platform import Policy
from evenhand.engine.triage.lane import NORMAL
from evenhand.engine.triage.model import Model

REACH, SECONDS = 33.0, 120.0
"""An appeal stands where a sure violation with a reach of 33 views and 120 s of handling stood when it came in."""


def open_appeal(
    appeal_id: str, item: Item, *, author: Ref, policy: str | None, deciders: Sequence[User], sentence: str
) -> Case:
    """In the caller's transaction: a case that none of `deciders` may take."""
    snapshot = policies.current()
    model = ordering.model()
    now = timezone.now()
    case = Case.objects.create(
        kind=Case.Kind.APPEAL,
        appeal_id=appeal_id,
        item_type=item.ref.type,
        item_id=item.ref.id,
        author_type=author.type,
        author_id=author.id,
        queue=snapshot.queue_for(policy, item.ref.type),
        policy=policy,
        lane=NORMAL,
        rank=_rank(snapshot.policies.get(policy or ""), to_micros(now), model),
        why={"lane": "normal", "headline": sentence, "terms": []},
        opened_at=now,
        changed_at=now,
    )
    CaseBar.objects.bulk_create([CaseBar(case=case, user=user) for user in deciders])
    return case


def _rank(policy: Policy | None, at: Micros, model: Model) -> float:
    """On the scale of engine.triage.harm."""
    return math.log2((policy.harm if policy else 1.0) * REACH / SECONDS) + at / model.half_life
