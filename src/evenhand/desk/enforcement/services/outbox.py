"""What waits to be told to the platform: rows that are written together with what they tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection
from django.utils import timezone

from evenhand.desk.enforcement.models import ActionTaken, Decision, Delivery

_json = msgspec.json.Encoder(order="sorted")


class OutsideTransaction(RuntimeError):
    """The caller has no transaction open: its message could leave without what it tells, or the other way round."""


def enqueue(
    message_id: str,
    *,
    destination: str,
    kind: str,
    payload: Mapping[str, Any],
    due_at: datetime,
    action: ActionTaken | None = None,
    decision: Decision | None = None,
    waiting: bool = False,
) -> None:
    """In the caller's transaction: one message for one destination, to leave at `due_at` or soon after.

    `message_id` is the receiver's idempotency key: it stays the same in every attempt. `kind` is action, appeal, ignore
    or test. With `waiting` it stays until somebody makes it pending. Raises OutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"enqueue({message_id!r}) must be called inside transaction.atomic().")
    Delivery.objects.create(
        message_id=message_id,
        destination=destination,
        kind=kind,
        action=action,
        decision=decision,
        subject=_subject(payload),
        body=_json.encode(payload),
        state=Delivery.State.WAITING if waiting else Delivery.State.PENDING,
        created_at=timezone.now(),
        due_at=due_at,
    )


def _subject(payload: Mapping[str, Any]) -> str:
    item = payload.get("item")
    return f"{item['typeId']} {item['id']}" if item else ""
