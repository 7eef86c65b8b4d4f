"""What left the desk, what waits, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Literal

import msgspec
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.enforcement.models import Attempt, Decision, Delivery, DestinationState, SigningSecret
from evenhand.desk.policies import queries as policies
from evenhand.engine.platform import PARTIAL_ITEMS, Destination, Platform

__all__ = [
    "Attempt", "Delivery", "Health", "NoSuchDelivery", "NoSuchDestination", "Page", "SigningSecret",
    "attempts", "delivery", "destination", "health", "page", "partial_items", "provide", "secrets", "signed",
]  # fmt: skip

PAGE = 50
ASK_SECONDS = 10.0
Condition = Literal["working", "new", "failing", "resting", "disabled", "missing"]
_others: list[Callable[[], Mapping[str, Destination]]] = []


class NoSuchDelivery(LookupError):
    """No message has that id."""


class NoSuchDestination(LookupError):
    """The platform document names no such destination."""


class Health(Struct, frozen=True, kw_only=True):
    """How one destination is doing. `oldest` is when the oldest message that waits was written.

    `resting`: its breaker is open, until `rests_until` nothing is sent. `missing`: messages wait for a destination that
    the platform document does not name. `new`: nothing was ever delivered to it.
    """

    id: str
    condition: Condition
    url: str = ""
    signature: str = ""
    waiting: int = 0
    oldest: datetime | None = None
    dead: int = 0
    oldest_dead: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    rests_until: datetime | None = None
    last_success_at: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str = ""


class Page(Struct, frozen=True):
    """Newest first. `before` asks for the next page; None on the last."""

    rows: list[Delivery]
    before: int | None


def provide(destinations: Callable[[], Mapping[str, Destination]]) -> None:
    """A room above has destinations of its own: how they are doing is told with the others'."""
    _others.append(destinations)


def _named() -> dict[str, Destination]:
    found = dict(policies.current().destinations)
    for provided in _others:
        found |= provided()
    return found


def health() -> list[Health]:
    """Every destination of the platform document and of rooms above, then those that messages wait for and nobody
    names."""
    named = _named()
    states = {state.pk: state for state in DestinationState.objects.all()}
    piles = _piles()
    others = sorted({destination for destination, _ in piles} - named.keys())
    return [_health(name, named.get(name), states.get(name), piles) for name in [*named, *others]]


def page(*, state: str = "", destination: str = "", before: int | None = None, unseen: Collection[int] = ()) -> Page:
    """Messages in this state and to this destination (empty: any), written before the one with number `before`. Not of
    the cases `unseen`, which whoever asks is not shown."""
    wanted = {name: value for name, value in {"state": state, "destination": destination}.items() if value}
    found = Delivery.objects.filter(**wanted).defer("body", "sent")
    if before is not None:
        found = found.filter(pk__lt=before)
    if unseen:
        found = found.filter(~Exists(Decision.objects.filter(pk=OuterRef("decision"), case__in=unseen)))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def delivery(message_id: str) -> Delivery:
    """Raises NoSuchDelivery."""
    found = None if "\x00" in message_id else _whole().filter(message_id=message_id).first()
    if found is None:
        raise NoSuchDelivery(f"There is no message {message_id!r}.")
    return found


def _whole() -> QuerySet[Delivery]:
    people = ("decision__decided_by", "decision__seconded_by", "decision__case")
    return Delivery.objects.select_related(*people).prefetch_related("decision__actions")


def attempts(message: Delivery) -> list[Attempt]:
    """In the order in which they were made."""
    return list(Attempt.objects.filter(delivery=message).order_by("pk"))


def secrets(name: str) -> list[SigningSecret]:
    """The secrets that sign for a destination now, from old to new."""
    lasting = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return list(SigningSecret.objects.filter(lasting, destination=name).order_by("pk"))


def destination(name: str) -> Destination:
    """As the platform document or a room above has it. Raises NoSuchDestination."""
    known = _named()
    if name not in known:
        raise NoSuchDestination(
            f"There is no destination “{name}”: choose one of {', '.join(sorted(known)) or 'none'}."
        )
    return known[name]


def signed(name: str) -> Destination:
    """Whatever has secrets of its own: a destination, or `partial_items`. Raises NoSuchDestination."""
    platform = policies.current().platform
    return partial_items(platform) if name == PARTIAL_ITEMS and platform.partial_items_url else destination(name)


def partial_items(platform: Platform) -> Destination:
    """The `partial_items_url` of this platform as a destination; it has both kinds of signature."""
    assert platform.partial_items_url is not None
    return Destination(
        id=PARTIAL_ITEMS,
        url=platform.partial_items_url,
        signature="coop",
        headers=platform.partial_items_headers,
        timeout_seconds=ASK_SECONDS,
    )


_Piles = Mapping[tuple[str, str], tuple[int, datetime]]


def _piles() -> _Piles:
    """(destination, state) → (how many, written when at the earliest), of what is not through."""
    kept = (Delivery.State.PENDING, Delivery.State.WAITING, Delivery.State.DEAD)
    counted = Delivery.objects.filter(state__in=kept).values_list("destination", "state")
    return {
        (destination, state): (number, oldest)
        for destination, state, number, oldest in counted.annotate(Count("pk"), Min("created_at")).order_by()
    }


def _health(name: str, known: Destination | None, state: DestinationState | None, piles: _Piles) -> Health:
    waiting, oldest = piles.get((name, Delivery.State.PENDING), (0, None))
    dead, oldest_dead = piles.get((name, Delivery.State.DEAD), (0, None))
    facts = Health(
        id=name,
        condition=_condition(known, state),
        url=known.url if known else "",
        signature=known.signature if known else "",
        waiting=waiting,
        oldest=oldest,
        dead=dead,
        oldest_dead=oldest_dead,
    )
    if state is None:
        return facts
    return msgspec.structs.replace(
        facts,
        failures=state.failures,
        failing_since=state.failing_since,
        rests_until=state.open_until,
        last_success_at=state.last_success_at,
        disabled_at=state.disabled_at,
        disabled_reason=state.disabled_reason,
    )


def _condition(known: Destination | None, state: DestinationState | None) -> Condition:
    if known is None:
        return "missing"
    if state is None:
        return "new"
    if state.disabled_at is not None:
        return "disabled"
    if state.open_until is not None:
        return "resting"
    if state.failures:
        return "failing"
    return "working" if state.last_success_at else "new"
