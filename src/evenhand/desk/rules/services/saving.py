"""Keeps questions to the stored items under a name, for all of the desk: whoever may ask may keep and drop them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from evenhand.desk.rules.models import SavedQuery
from evenhand.desk.rules.queries.saved import MOST

LONGEST_NAME = 100


def save_query(name: str, expression: str, *, item_type: str, days: int, path: str, actor: str) -> SavedQuery:
    """Keep it; one of the same name is replaced. Raises ValueError: no name, or too many are kept."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(f"Give it a name of at most {LONGEST_NAME} characters.")
    with transaction.atomic():
        if SavedQuery.objects.exclude(name=name).count() >= MOST:
            raise ValueError(f"{MOST} queries are kept already: drop one first.")
        values = {
            "expression": expression,
            "item_type": item_type,
            "days": days,
            "path": path,
            "saved_by": actor,
            "saved_at": timezone.now(),
        }
        saved, _made = SavedQuery.objects.update_or_create(name=name, defaults=values)
    return saved


def forget_query(number: int) -> None:
    SavedQuery.objects.filter(pk=number).delete()
