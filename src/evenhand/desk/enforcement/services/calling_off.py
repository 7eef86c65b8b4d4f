"""Messages that are of no use any more: what has not left does not leave."""

from __future__ import annotations

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.enforcement.models import Delivery


def call_off(prefix: str, *, actor: str) -> int:
    """In the caller's transaction: whatever waits under a message id that begins so. How many; what is on its way
    arrives."""
    waiting = Delivery.objects.filter(
        message_id__startswith=prefix, state=Delivery.State.PENDING, leased_until__isnull=True
    )
    ids = list(waiting.select_for_update().order_by("pk").values_list("message_id", flat=True))
    if not ids:
        return 0
    gone = Delivery.objects.filter(message_id__in=ids, state=Delivery.State.PENDING).update(
        state=Delivery.State.CANCELLED
    )
    record(Act.DELIVERY_CANCELLED, actor=actor, obj=f"delivery:{prefix}", payload={"messages": ids})
    return gone
