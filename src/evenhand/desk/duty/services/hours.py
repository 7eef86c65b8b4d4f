"""A person's week, the days on which it is another, and how they are reached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec
from django.db import transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.duty import clock
from evenhand.desk.duty.clock import BadHours, Shift
from evenhand.desk.duty.models import Change, Hours, Way
from evenhand.desk.duty.queries import ways as kept_ways
from evenhand.desk.duty.services.errors import BadWay
from evenhand.desk.enforcement import services as enforcement

LONGEST_NOTE: Final = 200
LONGEST_ADDRESS: Final = 500
LONGEST_SUBSCRIPTION: Final = 2_000
_BROWSER = re.compile(r"[A-Za-z0-9_-]{87}\.[A-Za-z0-9_-]{22}")
"""A point of P-256 and 16 bytes, in base64url."""
MOST_SHIFTS: Final = 50
_MAIL: Final = re.compile(r"[^\s@<>\",;]{1,64}@[^\s@<>\",;]{1,255}")


def set_hours(user: User, *, zone: str, shifts: Sequence[Shift], place: int | None, digest: bool, by: User) -> Hours:
    """Raises BadHours."""
    clock.check(shifts, zone)
    if len(shifts) > MOST_SHIFTS:
        raise BadHours(f"At most {MOST_SHIFTS} stretches of time a week.")
    week = msgspec.to_builtins(sorted(shifts))
    with transaction.atomic():
        kept, _ = Hours.objects.update_or_create(
            user=user, defaults={"zone": zone, "shifts": week, "place": place, "digest": digest}
        )
        record(
            Act.HOURS_CHANGED,
            actor=actor(by),
            obj=f"user:{user.pseudonym}",
            payload={"zone": zone, "shifts": week, "place": place},
        )
    return kept


def add_change(user: User, *, begins: datetime, ends: datetime, on: bool, note: str = "", by: User) -> Change:
    """Off, or on duty, for once. Raises BadHours."""
    if ends <= begins:
        raise BadHours("It ends after it begins.")
    with transaction.atomic():
        Hours.objects.get_or_create(user=user)
        made = Change.objects.create(user=user, begins=begins, ends=ends, on=on, note=note.strip()[:LONGEST_NOTE])
        _record_change(made, by, "added")
    return made


def drop_change(change_id: int, user: User, *, by: User) -> None:
    with transaction.atomic():
        gone = Change.objects.filter(pk=change_id, user=user).first()
        if gone is not None:
            _record_change(gone, by, "removed")
            gone.delete()


def _record_change(change: Change, by: User, what: str) -> None:
    record(
        Act.HOURS_CHANGED,
        actor=actor(by),
        obj=f"user:{change.user.pseudonym}",
        payload={what: {"begins": change.begins.isoformat(), "ends": change.ends.isoformat(), "on": change.on}},
    )


def set_way(user: User, kind: str, address: str, *, by: User) -> Way | None:
    """How this person is reached by push, mail, webhook or browser; an empty address ends it. A new address is tried
    again where the one before wanted no more. Raises BadWay."""
    address = address.strip()
    if address:
        _check(kind, address)
    with transaction.atomic():
        if not address:
            gone, _ = Way.objects.filter(user=user, kind=kind).delete()
            way = None
        else:
            way, _ = Way.objects.update_or_create(
                user=user, kind=kind, defaults={"address": address, "made_at": timezone.now()}
            )
            gone = 1
            enforcement.enable(kept_ways.name(user.pseudonym, kind), actor=actor(by))
        if gone:
            record(
                Act.WAY_CHANGED,
                actor=actor(by),
                obj=f"user:{user.pseudonym}",
                payload={"kind": kind, "address": _told(kind, address)},
            )
    kept_ways.forget()
    return way


def _told(kind: str, address: str) -> str:
    """What the ledger keeps of it: of a browser the service alone, as the rest is its secret."""
    return address.partition("#")[0].rpartition("/")[0] if kind == Way.Kind.BROWSER else address


def _check(kind: str, address: str) -> None:
    if kind not in Way.Kind.values:
        raise BadWay(f"There is no way of kind “{kind}”: choose push, mail, webhook or browser.")
    longest = LONGEST_SUBSCRIPTION if kind == Way.Kind.BROWSER else LONGEST_ADDRESS
    if len(address) > longest:
        raise BadWay(f"An address has at most {longest} characters.")
    if kind == Way.Kind.BROWSER and not _BROWSER.fullmatch(address.partition("#")[2]):
        raise BadWay("This is no subscription of a browser: allow it again on the device.")
    if kind == Way.Kind.MAIL:
        if not _MAIL.fullmatch(address):
            raise BadWay("Write one address of mail, as you@example.com.")
        return
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if not usable or not address.isprintable() or " " in address:
        raise BadWay("Write a whole address, as https://ntfy.example/my-topic, without user name or password.")
