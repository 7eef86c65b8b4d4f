"""Marks by people. They beat a rule's, until they expire."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit import services as audit
from evenhand.desk.audit.acts import Act
from evenhand.desk.rules.models import Label
from evenhand.engine.model import Ref


def mark(ref: Ref, label: str, status: str, *, actor: str, reason: str, expires_at: datetime | None = None) -> Label:
    """Add or remove (`status` "added" or "removed") a label by hand, with its ledger entry.

    Raises ValueError: no reason, or a status that is none.
    """
    if status not in {"added", "removed"}:
        raise ValueError(f"A label is added or removed, not {status!r}.")
    if not reason.strip():
        raise ValueError("Say why: the reason is shown wherever the label is.")
    with transaction.atomic():
        row, _ = Label.objects.update_or_create(
            entity_type=ref.type,
            entity_id=ref.id,
            label=label,
            manual=True,
            defaults={
                "status": status,
                "since": timezone.now(),
                "expires_at": expires_at,
                "reason": reason,
                "by": actor,
            },
        )
        payload = {"entity": [ref.type, ref.id], "label": label, "status": status, "reason": reason}
        audit.record(Act.LABEL_SET, actor=actor, obj=f"label:{label}", payload=payload)
    return row
