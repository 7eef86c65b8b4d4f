"""Lists, and how they do: their age, their records, what they asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.fields import now_micros
from evenhand.desk.media.errors import NoSuch
from evenhand.desk.media.models import Bank, Entry, Match, Source, Sync
from evenhand.engine.detect.knownmedia import PRIOR, PRIOR_WEIGHT
from evenhand.engine.triage.reliability import Accuracy, accuracy


class BankSeen(Struct, frozen=True):
    """A bank with what is in it, and how its matches turned out."""

    bank: Bank
    entries: int
    """Media that match now."""
    hashes: int
    matches: int
    last_match: int | None
    """Microseconds."""
    accuracy: Accuracy


class SourceSeen(Struct, frozen=True):
    source: Source
    entries: int
    stale: bool
    accuracy: Accuracy
    last: Sync | None


def called(name: str) -> Source:
    """Raises NoSuch."""
    found = Source.objects.select_related("bank").filter(name=name).first()
    if found is None:
        raise NoSuch(f"There is no list {name[:64]}.")
    return found


def bank(name: str) -> Bank:
    """Raises NoSuch."""
    found = Bank.objects.filter(name=name, retired_at__isnull=True).first()
    if found is None:
        known = ", ".join(one.name for one in Bank.objects.filter(retired_at__isnull=True).order_by("name"))
        raise NoSuch(f"There is no bank {name[:60]}. There {f'are: {known}' if known else 'are none yet'}.")
    return found


def banks() -> list[BankSeen]:
    """All that are not retired, by name."""
    standing = Q(entries__withdrawn_at__isnull=True) & ~Q(entries__review=Entry.Review.REJECTED)
    found = Bank.objects.filter(retired_at__isnull=True).annotate(
        hashes=Count("entries", filter=standing),
    )
    return [_bank(one, one.hashes) for one in found.order_by("name")]


def _bank(one: Bank, hashes: int) -> BankSeen:
    standing = one.entries.filter(withdrawn_at__isnull=True).exclude(review=Entry.Review.REJECTED)
    matches = Match.objects.filter(bank=one, withdrawn_at__isnull=True)
    told = matches.aggregate(
        count=Count("pk"),
        last=Max("at"),
        upheld=Count("pk", filter=Q(outcome="upheld")),
        dismissed=Count("pk", filter=Q(outcome="dismissed")),
    )
    return BankSeen(
        bank=one,
        entries=standing.values("source", "key").distinct().count(),
        hashes=hashes,
        matches=told["count"],
        last_match=told["last"],
        accuracy=accuracy(told["upheld"], told["dismissed"], PRIOR, PRIOR_WEIGHT),
    )


def sources() -> list[SourceSeen]:
    """All, by name."""
    return [_source(one) for one in Source.objects.select_related("bank").order_by("name")]


def _source(one: Source) -> SourceSeen:
    return SourceSeen(
        source=one,
        entries=one.entries.filter(withdrawn_at__isnull=True).values("key").distinct().count(),
        stale=is_stale(one),
        accuracy=accuracy(one.upheld, one.dismissed, PRIOR, PRIOR_WEIGHT),
        last=one.syncs.order_by("-pk").first(),
    )


def is_stale(source: Source) -> bool:
    """It was not taken in whole for longer than its limit, counted from the last time, or from when it was made."""
    if not source.stale_after_seconds or source.disabled_at is not None:
        return False
    last: datetime = source.last_ok or source.made_at
    return timezone.now() - last > timedelta(seconds=source.stale_after_seconds)


def syncs(source: Source, limit: int) -> list[Sync]:
    """The last ones, the newest first."""
    return list(source.syncs.order_by("-pk")[:limit])


def seconds_since(moment: int) -> float:
    return (now_micros() - moment) / 1e6
