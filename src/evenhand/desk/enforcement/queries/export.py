"""Decisions and webhooks as JSON-able rows, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenhand.desk.enforcement.models import Decision, Delivery


def decisions() -> Iterator[dict[str, Any]]:
    found = (
        Decision.objects.select_related("decided_by", "reverses", "overturned_by")
        .prefetch_related("actions")
        .order_by("pk")
    )
    for decision in found.iterator(chunk_size=500):
        yield {
            "id": decision.uid,
            "case": decision.case_id,
            "kind": decision.kind,
            "item": {"type": decision.item_type, "id": decision.item_id},
            "policy": decision.policy,
            "policyVersion": decision.policy_version,
            "reason": decision.reason,
            "by": decision.decided_by.pseudonym if decision.decided_by else f"key:{decision.key_name}",
            "decidedAt": decision.decided_at.isoformat(),
            "effectiveAt": decision.effective_at.isoformat(),
            "undoneAt": decision.undone_at.isoformat() if decision.undone_at else None,
            "reverses": decision.reverses.uid if decision.reverses else None,
            "overturnedBy": decision.overturned_by.uid if decision.overturned_by else None,
            "actions": [
                {
                    "id": taken.uid,
                    "action": taken.action,
                    "item": {"type": taken.item_type, "id": taken.item_id},
                    "parameters": taken.parameters,
                }
                for taken in decision.actions.all()
            ],
        }


def webhooks() -> Iterator[dict[str, Any]]:
    found = Delivery.objects.select_related("decision", "action").order_by("pk")
    for delivery in found.iterator(chunk_size=1000):
        yield {
            "id": delivery.message_id,
            "destination": delivery.destination,
            "kind": delivery.kind,
            "state": delivery.state,
            "decision": delivery.decision.uid if delivery.decision else None,
            "action": delivery.action.uid if delivery.action else None,
            "attempts": delivery.attempts,
            "createdAt": delivery.created_at.isoformat(),
            "dueAt": delivery.due_at.isoformat(),
            "deliveredAt": delivery.delivered_at.isoformat() if delivery.delivered_at else None,
            "lastError": delivery.last_error,
        }
