"""Lists, and how they do: their age, their records, what they asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.fields import now_micros
from evenhand.desk.media.errors import NoSuch
from evenhand.desk.media.models import Bank, Entry, Going, Source, Sync
from evenhand.desk.media.queries import tallies
from evenhand.engine.detect.knownmedia import PRIOR, PRIOR_WEIGHT
from evenhand.engine.triage.reliability import Accuracy, accuracy
from evenhand.runtime import mediakinds


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
    """Media that match now."""
    unused: dict[str, int]
    """Hashes of kinds that this desk does not know, by kind: kept, and matched once the configuration names it."""
    stale: bool
    accuracy: Accuracy
    last: Sync | None


def called(name: str) -> Source:
    """Raises NoSuch."""
    found = Source.objects.select_related("bank").filter(name=name, removed_at__isnull=True).first()
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
    found = list(Bank.objects.filter(retired_at__isnull=True).order_by("name"))
    counted = tallies.of_banks(one.pk for one in found)
    return [_bank(one, counted.get(one.pk, {})) for one in found]


def lists_of(one: Bank) -> list[str]:
    """Names of the lists that fill it, by name."""
    return list(one.sources.filter(removed_at__isnull=True).order_by("name").values_list("name", flat=True))


def bank_seen(one: Bank) -> BankSeen:
    return _bank(one, tallies.of_banks([one.pk]).get(one.pk, {}))


def _bank(one: Bank, counted: dict[str, int]) -> BankSeen:
    [(matches, last, upheld, dismissed)] = sql.rows(_RECORD, (one.pk, one.pk, one.pk))
    return BankSeen(
        bank=one,
        entries=counted.get("", 0),
        hashes=sum(count for kind, count in counted.items() if kind),
        matches=matches,
        last_match=last,
        accuracy=accuracy(upheld, dismissed, PRIOR, PRIOR_WEIGHT),
    )


def _decided(outcome: str) -> str:
    """How many media turned out so: a listed medium counts once for each field of an item, whatever its hashes."""
    return (
        "SELECT count(*) FROM (SELECT DISTINCT m.item_type, m.item_id, m.field, e.source_id, e.key FROM media_match m"  # noqa: S608 (constants)
        " JOIN media_entry e ON e.id = m.entry_id"
        f" WHERE m.bank_id = %s AND m.withdrawn_at IS NULL AND m.outcome = '{outcome}') AS {outcome}"
    )


_RECORD = (
    f"SELECT count(*), max(at), ({_decided('upheld')}), ({_decided('dismissed')}) FROM media_match"  # noqa: S608 (constants)
    " WHERE bank_id = %s AND withdrawn_at IS NULL"
)


def sources() -> list[SourceSeen]:
    """All that are not removed, by name."""
    found = list(Source.objects.filter(removed_at__isnull=True).select_related("bank").order_by("name"))
    counted = tallies.of_sources(one.pk for one in found)
    last = {sync.source_id: sync for sync in _last_syncs()}
    return [_source(one, counted.get(one.pk, {}), last.get(one.pk)) for one in found]


def source_seen(name: str) -> SourceSeen:
    """Raises NoSuch."""
    one = called(name)
    return _source(one, tallies.of_sources([one.pk]).get(one.pk, {}), one.syncs.order_by("-pk").first())


def _last_syncs() -> list[Sync]:
    newest = Sync.objects.filter(source=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return list(Sync.objects.filter(pk__in=Source.objects.annotate(newest=Subquery(newest)).values("newest")))


def _source(one: Source, counted: dict[str, int], last: Sync | None) -> SourceSeen:
    known = mediakinds.known()
    return SourceSeen(
        source=one,
        entries=counted.get("", 0),
        unused={kind: count for kind, count in sorted(counted.items()) if kind and kind not in known and count},
        stale=is_stale(one),
        accuracy=accuracy(one.upheld, one.dismissed, PRIOR, PRIOR_WEIGHT),
        last=last,
    )


def is_stale(source: Source) -> bool:
    """It was not taken in whole for longer than its limit, counted from the last time, or from when it was made."""
    if not source.stale_after_seconds or source.disabled_at is not None:
        return False
    last: datetime = source.last_ok or source.made_at
    return timezone.now() - last > timedelta(seconds=source.stale_after_seconds)


def going(source: Source, limit: int, after: str = "") -> list[str]:
    """Keys of what it would withdraw, and asks for; in order, behind this key."""
    found = Going.objects.filter(source=source, key__gt=after).order_by("key")
    return list(found.values_list("key", flat=True)[:limit])


def entries_called(source: Source, keys: Sequence[str]) -> list[Entry]:
    """All hashes of these media that it lists, by key."""
    found = Entry.objects.filter(source=source, key__in=list(keys), withdrawn_at__isnull=True)
    return list(found.select_related("bank", "source").order_by("key", "kind", "pk"))


def syncs(source: Source, limit: int) -> list[Sync]:
    """The last ones, the newest first."""
    return list(source.syncs.order_by("-pk")[:limit])


def seconds_since(moment: int) -> float:
    return (now_micros() - moment) / 1e6
