"""What a person does about deliveries: replay the dead, call one off, try a destination."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.enforcement.models import Delivery, DestinationState
from evenhand.desk.enforcement.services.outbox import enqueue
from evenhand.desk.enforcement.services.states import lock_state


class CannotReplay(Exception):
    """It is not dead, or what takes it back was told since."""


class CannotCancel(Exception):
    """It has left, or is leaving now."""


def replay(message_id: str, *, actor: str) -> None:
    """A dead message leaves again, at once, under its old id. Raises CannotReplay."""
    with transaction.atomic():
        dead = Delivery.objects.filter(message_id=message_id, state=Delivery.State.DEAD)
        destination = dead.values_list("destination", flat=True).first()
        if destination is None:
            raise CannotReplay(f"{message_id} is not dead: only dead letters are replayed.")
        _half_open(lock_state(destination))
        row = dead.select_for_update().first()
        if row is None or _taken_back().filter(pk=row.pk).exists():
            raise CannotReplay(
                f"What {message_id} asks for was taken back since; if it is to happen after all, decide the item again."
            )
        _revive(row)
        record(Act.DELIVERY_REPLAYED, actor=actor, obj=f"delivery:{message_id}")


def replay_all(destination: str, *, actor: str) -> int:
    """Every dead message of a destination, save those that were taken back since. How many."""
    with transaction.atomic():
        _half_open(lock_state(destination))
        rows = list(
            Delivery.objects.select_for_update()
            .filter(destination=destination, state=Delivery.State.DEAD)
            .exclude(pk__in=_taken_back().values("pk"))
            .order_by("pk")
        )
        for row in rows:
            _revive(row)
        if rows:
            record(
                Act.DELIVERY_REPLAYED,
                actor=actor,
                obj=f"destination:{destination}",
                payload={"messages": [row.message_id for row in rows]},
            )
    return len(rows)


def cancel(message_id: str, *, actor: str) -> None:
    """Call off what has not left. Raises CannotCancel."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(message_id=message_id).first()
        waits = row is not None and row.state in (Delivery.State.PENDING, Delivery.State.WAITING)
        if row is None or not waits or row.leased_until is not None:
            raise CannotCancel(f"{message_id} does not wait any more: it has left, or is leaving now.")
        row.state = Delivery.State.CANCELLED
        row.save(update_fields=["state"])
        record(Act.DELIVERY_CANCELLED, actor=actor, obj=f"delivery:{message_id}")


def enqueue_test(destination: str) -> str:
    """A message that decides nothing. Its id; when it fails it is not repeated."""
    message_id = f"msg_{uuid4().hex}"
    with transaction.atomic():
        enqueue(message_id, destination=destination, kind="test", payload={}, due_at=timezone.now())
    return message_id


def _revive(row: Delivery) -> None:
    row.state, row.due_at, row.leased_until = Delivery.State.PENDING, timezone.now(), None
    row.rejections, row.replayed_at_attempt = 0, row.attempts
    row.save()


def _half_open(state: DestinationState) -> None:
    """Whoever replays says that the destination is mended: its breaker lets one message through, then all."""
    if state.open_until is not None:
        state.open_until = timezone.now()
        state.save(update_fields=["open_until"])


def _taken_back() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.DEAD, action__undone_by__isnull=False)
