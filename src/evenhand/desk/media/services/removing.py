"""A list ends for good: what rested on its entries alone is withdrawn, and the entries are kept, to be looked up.

The decision stands at once; the entries follow some thousand at a time, so that a list of millions stops nobody's work.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.media.errors import Invalid
from evenhand.desk.media.models import Entry, Feedback, Going, Match, Source
from evenhand.desk.media.queries import tallies
from evenhand.desk.media.services.opinions import UNSETTLED
from evenhand.desk.media.services.sources import check_name, lock_source
from evenhand.desk.media.services.syncing import busy_until
from evenhand.desk.media.services.withdrawing import withdraw

AT_ONCE: Final = 2_000
"""Entries in one transaction."""
_WHY = "List {name} was removed."


class Rests(Struct, frozen=True):
    """What would go with a list: media of its that match now, matches that stand on them, and of these those beside
    which no other entry of the bank speaks for the item."""

    media: int
    matches: int
    alone: int


def rests_on(source: Source) -> Rests:
    mine = Match.objects.filter(entry__source=source, withdrawn_at__isnull=True)
    beside = Match.objects.filter(
        item_type=OuterRef("item_type"), item_id=OuterRef("item_id"), bank=OuterRef("bank"), withdrawn_at__isnull=True
    ).exclude(entry__source=source)
    alone = mine.filter(~Exists(beside)).values("item_type", "item_id").distinct()
    return Rests(tallies.of_sources([source.pk]).get(source.pk, {}).get("", 0), mine.count(), alone.count())


def rename_source(name: str, new: str, *, actor: str) -> Source:
    """Raises NoSuch, Invalid."""
    check_name(new)
    with transaction.atomic():
        source = lock_source(name)
        if Source.objects.filter(name=new, removed_at__isnull=True).exists():
            raise Invalid(f"There is a list {new} already.")
        source.name = new
        source.save(update_fields=["name"])
        record(Act.LIST_CHANGED, actor=actor, obj=f"list:{name}", payload={"renamed": new})
    return source


def remove_source(name: str, *, actor: str, typed: str) -> Rests:
    """`typed`: its name once more, as a person typed it. Entries go by `finish_removals`. Raises NoSuch, Invalid."""
    with transaction.atomic():
        source = lock_source(name)
        if typed.strip() != name:
            raise Invalid(f"Nothing was removed: type its name, {name}, to say that you mean it.")
        now = timezone.now()
        if busy_until(source) is not None:
            raise Invalid(f"List {name} is synchronised at this moment: try again when that has ended.")
        rests = rests_on(source)
        source.removed_at, source.next_at, source.asks, source.consented = now, None, None, 0
        source.disabled_at = source.disabled_at or now
        source.save()
        Going.objects.filter(source=source).delete()
        unsent = (*UNSETTLED, Feedback.State.CONFIRMED)
        Feedback.objects.filter(entry__source=source, state__in=unsent).update(
            state=Feedback.State.DROPPED, due_at=None
        )
        payload = {"bank": source.bank.name, "media": rests.media, "matches": rests.matches, "alone": rests.alone}
        record(Act.LIST_REMOVED, actor=actor, obj=f"list:{name}", payload=payload)
    return rests


def finish_removals(*, at_most: int | None = None) -> int:
    """Withdraw what is left of removed lists, in transactions of their own. How many entries were."""
    done = 0
    left = Entry.objects.filter(source__removed_at__isnull=False, withdrawn_at__isnull=True)
    for source in Source.objects.filter(removed_at__isnull=False).filter(Exists(left.filter(source=OuterRef("pk")))):
        while ids := list(left.filter(source=source).values_list("pk", flat=True)[:AT_ONCE]):
            with transaction.atomic():
                withdraw(ids, why=_WHY.format(name=source.name), actor=f"system:list {source.name}")
            done += len(ids)
            if at_most is not None and done >= at_most:
                return done
    return done
