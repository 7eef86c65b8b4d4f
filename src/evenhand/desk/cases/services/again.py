"""A second look at a decided case: a case of its own, which shows as the first one did."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.models import Case, CaseBar
from evenhand.desk.policies import queries as policies


def open_again(case: Case, *, but: Sequence[User]) -> Case:
    """In the caller's transaction: the same case once more, where it stood. None of `but` may take it, nor sees it.

    Its outcome stays empty, so no record of a reporter or an author counts it.
    """
    now = timezone.now()
    look = Case.objects.create(
        kind=Case.Kind.SECOND,
        again=case,
        item_type=case.item_type,
        item_id=case.item_id,
        author_type=case.author_type,
        author_id=case.author_id,
        queue=policies.current().queue_for(case.policy, case.item_type),
        policy=case.policy,
        lane=case.lane,
        rank=case.rank,
        why=case.why,
        opened_at=now,
        changed_at=now,
    )
    CaseBar.objects.bulk_create([CaseBar(case=look, user=user) for user in but])
    return look
