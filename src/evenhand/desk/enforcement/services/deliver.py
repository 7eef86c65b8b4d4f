"""Claiming messages that are due: by a lease, in order for each item, as many as their destination can bear."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.enforcement.models import Delivery, DestinationState
from evenhand.desk.enforcement.services.states import lock_state


class Claimed(Struct, frozen=True):
    """A message that this process alone may send while its lease runs."""

    id: int
    message_id: str
    destination: str
    kind: str
    payload: dict[str, Any]


def ready(destinations: Collection[str]) -> list[str]:
    """The destinations to which a message could leave now. Takes no lock: this is asked several times a second."""
    now = timezone.now()
    closed = Q(disabled_at__isnull=False) | Q(open_until__gt=now)
    left_alone = set(DestinationState.objects.filter(closed, pk__in=destinations).values_list("pk", flat=True))
    return [name for name in destinations if name not in left_alone and _ripe(name, now).exists()]


def claim(destination: str, *, most: int, lease: timedelta) -> list[Claimed]:
    """Take at most so many messages that are due, the oldest first: none while the destination is disabled or its
    breaker open, and one at a time after a failure.

    Of the messages on one item only the first that is not through is taken, so that no undo overtakes its action.
    """
    now = timezone.now()
    with transaction.atomic():
        allowed = _allowed(lock_state(destination), most, now)
        rows = _ripe(destination, now).select_for_update(skip_locked=True)
        claimed = [_claimed(row) for row in rows.defer("sent")[:allowed]]
        Delivery.objects.filter(pk__in=[message.id for message in claimed]).update(leased_until=now + lease)
    return claimed


def claim_one(message_id: str, *, lease: timedelta) -> Claimed | None:
    """Take this message whatever the state of its destination; None when it is not waiting to leave."""
    now = timezone.now()
    with transaction.atomic():
        rows = Delivery.objects.filter(_free(now), message_id=message_id, state=Delivery.State.PENDING)
        row = rows.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        row.leased_until = now + lease
        row.save(update_fields=["leased_until"])
    return _claimed(row)


def renew(deliveries: Collection[int], lease: timedelta) -> None:
    """These are still on their way: keep others from sending them."""
    Delivery.objects.filter(pk__in=deliveries, state=Delivery.State.PENDING).update(leased_until=timezone.now() + lease)


def release(deliveries: Collection[int]) -> None:
    """These were claimed and not sent."""
    Delivery.objects.filter(pk__in=deliveries, state=Delivery.State.PENDING).update(leased_until=None)


def _free(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now)


def _ripe(destination: str, now: datetime) -> QuerySet[Delivery]:
    older = Delivery.objects.filter(
        state=Delivery.State.PENDING,
        destination=destination,
        subject=OuterRef("subject"),
        pk__lt=OuterRef("pk"),
    )
    return Delivery.objects.filter(
        _free(now),
        Q(subject="") | ~Exists(older),
        state=Delivery.State.PENDING,
        destination=destination,
        due_at__lte=now,
    ).order_by("due_at", "pk")


def _allowed(state: DestinationState, most: int, now: datetime) -> int:
    if state.disabled_at is not None or (state.open_until is not None and state.open_until > now):
        return 0
    return most if not state.failures else int(not _on_their_way(state.destination, now).exists())


def _on_their_way(destination: str, now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.PENDING, destination=destination, leased_until__gt=now)


def _claimed(row: Delivery) -> Claimed:
    return Claimed(row.pk, row.message_id, row.destination, row.kind, msgspec.json.decode(bytes(row.body)))
