"""How people are reached, and how well that works."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from evenhand.desk.accounts.queries import User
from evenhand.desk.duty.models import Way
from evenhand.desk.enforcement.queries import deliveries
from evenhand.desk.enforcement.queries.deliveries import Health
from evenhand.engine.platform import Destination

PREFIX: Final = "page:"
STALE_SECONDS: Final = 1.0
UNSIGNED: Final[Any] = "unsigned"
"""In the place of a signature: mail and push carry none."""


def of(user: User) -> list[Way]:
    return list(Way.objects.filter(user=user).order_by("kind"))


def of_all(users: Sequence[User]) -> dict[int, list[Way]]:
    found: dict[int, list[Way]] = {user.pk: [] for user in users}
    for way in Way.objects.filter(user__in=users).order_by("kind"):
        found[way.user_id].append(way)
    return found


def name(pseudonym: str, kind: str) -> str:
    """Of a way, in the outbox."""
    return f"{PREFIX}{pseudonym}:{kind}"


def destinations() -> Mapping[str, Destination]:
    """For who delivers pages: with their addresses. At most 1 s old."""
    if time.monotonic() >= _kept.until:
        _kept.found = {
            (id_ := name(way.user.pseudonym, way.kind)): Destination(
                id=id_, url=way.address, signature="v1" if way.kind == Way.Kind.WEBHOOK else UNSIGNED
            )
            for way in Way.objects.filter(user__is_active=True).select_related("user")
        }
        _kept.until = time.monotonic() + STALE_SECONDS
    return _kept.found


def shown() -> Mapping[str, Destination]:
    """For pages that others see: an address of mail or a topic is its person's own, so only the host is told."""
    ways = Way.objects.select_related("user").order_by("user__pseudonym", "kind")
    return {
        (id_ := name(way.user.pseudonym, way.kind)): Destination(
            id=id_, url=_host(way), signature="v1" if way.kind == Way.Kind.WEBHOOK else UNSIGNED
        )
        for way in ways
    }


def health(users: Sequence[User]) -> dict[str, Health]:
    """How the ways of these people are doing, by their names in the outbox."""
    wanted = {name(user.pseudonym, kind) for user in users for kind in Way.Kind.values}
    return {one.id: one for one in deliveries.health() if one.id in wanted}


def forget() -> None:
    """The next look is a fresh one."""
    _kept.until = 0.0


def _host(way: Way) -> str:
    host = way.address.rpartition("@")[2] if way.kind == Way.Kind.MAIL else urlsplit(way.address).hostname
    return f"{way.kind} · {host}"


class _Kept:
    def __init__(self) -> None:
        self.found: Mapping[str, Destination] = {}
        self.until = 0.0


_kept = _Kept()
