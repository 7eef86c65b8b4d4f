"""The state of a destination: its row, locked; switched off and on again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.enforcement.models import Delivery, DestinationState


def lock_state(destination: str) -> DestinationState:
    """In the caller's transaction: the row of a destination, made when it is new; others wait for it."""
    locked = DestinationState.objects.select_for_update().filter(pk=destination).first()
    if locked is not None:
        return locked
    DestinationState.objects.get_or_create(destination=destination)
    return DestinationState.objects.select_for_update().get(pk=destination)


def mark_disabled(state: DestinationState, *, reason: str, actor: str) -> None:
    """In the caller's transaction. Its messages stay, and wait."""
    state.disabled_at, state.disabled_reason = timezone.now(), reason
    state.save()
    record(
        Act.DESTINATION_DISABLED,
        actor=actor,
        obj=f"destination:{state.destination}",
        payload={"reason": reason},
    )


def disable(destination: str, *, actor: str, reason: str) -> bool:
    """False when it was disabled already."""
    with transaction.atomic():
        state = lock_state(destination)
        if state.disabled_at is not None:
            return False
        mark_disabled(state, reason=reason, actor=actor)
    return True


def enable(destination: str, *, actor: str) -> bool:
    """Its messages leave at once. False when it was not disabled."""
    with transaction.atomic():
        state = lock_state(destination)
        if state.disabled_at is None:
            return False
        state.disabled_at, state.disabled_reason = None, ""
        close_breaker(state)
        state.save()
        record(Act.DESTINATION_ENABLED, actor=actor, obj=f"destination:{destination}")
    return True


def close_breaker(state: DestinationState) -> None:
    """In the caller's transaction, who saves the state: the destination works again; what waited for another attempt
    leaves now."""
    state.failures, state.failing_since, state.open_until = 0, None, None
    now = timezone.now()
    Delivery.objects.filter(
        destination=state.destination, state=Delivery.State.PENDING, attempts__gt=0, due_at__gt=now
    ).update(due_at=now)
