"""Refuses a platform document that would orphan open cases."""

from __future__ import annotations

from django.db.models import Count

from evenhand.desk.cases.models import Case
from evenhand.engine.platform import Platform


def guard(old: Platform, new: Platform) -> list[str]:
    """Sentences on what open cases still need of the old document."""
    problems = []
    for what, column, before, after in (
        ("item type", "item_type", {x.id for x in old.item_types}, {x.id for x in new.item_types}),
        ("policy", "policy", {x.id for x in old.policies}, {x.id for x in new.policies if not x.retired}),
        ("queue", "queue", {x.id for x in old.queues}, {x.id for x in new.queues}),
    ):
        gone = before - after
        if gone:
            problems += _waiting(what, column, gone)
    return problems


def _waiting(what: str, column: str, gone: set[str]) -> list[str]:
    found = (
        Case.objects.filter(state=Case.State.OPEN, **{f"{column}__in": gone})
        .exclude(kind=Case.Kind.SECOND)
        .values_list(column)
        .annotate(count=Count("pk"))
        .order_by(column)
    )
    return [
        f"The {what} “{name}” cannot go yet: {count} open cases need it. Decide them first, or keep it."
        for name, count in found
    ]
