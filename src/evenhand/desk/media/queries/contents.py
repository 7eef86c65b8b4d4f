"""Contents of banks as machines ask for them: a listed medium with all of its hashes, under one id."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from evenhand.desk.fields import to_micros
from evenhand.desk.media.errors import NoSuch
from evenhand.desk.media.models import Bank, Entry, Source, Sync
from evenhand.desk.media.queries import sources


class Content(Struct, frozen=True):
    id: int
    """That of its first hash, whether it still matches or not: always the same."""
    bank: Bank
    note: str
    off_until: int
    """Microseconds; 0: it is on."""
    hashes: dict[str, bytes]
    """Those that match, by kind."""
    source: str
    """Name of its list; empty: added here."""
    key: str


def content(bank: Bank, id_: int) -> Content:
    """By the id of any of its hashes. Raises NoSuch: there is none in this bank, or it is withdrawn."""
    asked = Entry.objects.filter(pk=id_, bank=bank).first()
    rows = list(_of_same(asked)) if asked else []
    standing = [row for row in rows if row.withdrawn_at is None and row.review != Entry.Review.REJECTED]
    if not standing:
        raise NoSuch(f"There is no content {id_} in bank {bank.name}.")
    return _content(bank, rows[0].pk, standing)


def _of_same(entry: Entry) -> Sequence[Entry]:
    same = Entry.objects.filter(bank_id=entry.bank_id, source=entry.source_id, key=entry.key)
    return list(same.select_related("source").order_by("pk"))


def _content(bank: Bank, id_: int, rows: Sequence[Entry]) -> Content:
    one = rows[0]
    until = max((to_micros(row.disabled_until) for row in rows if row.disabled_until), default=0)
    return Content(
        id=id_,
        bank=bank,
        note=one.note,
        off_until=until,
        hashes={row.kind: bytes(row.value) for row in rows},
        source=one.source.name if one.source else "",
        key=one.key,
    )


def medium_of(entry: Entry) -> int:
    """The id of the content that this hash is one of."""
    return _of_same(entry)[0].pk


def names() -> list[Bank]:
    """Banks that are not retired, by name; nothing is counted."""
    return list(Bank.objects.filter(retired_at__isnull=True).order_by("name"))


def lists() -> list[Source]:
    """Lists that fill banks which are not retired, by name; files that were imported by hand are none."""
    live = Source.objects.filter(removed_at__isnull=True, bank__retired_at__isnull=True)
    found = live.exclude(kind="file").select_related("bank")
    return list(found.order_by("name"))


def list_called(name: str) -> Source:
    """Raises NoSuch."""
    found = sources.called(name)
    if found.kind == "file" or found.bank.retired_at is not None:
        raise NoSuch(f"There is no list {name[:64]}.")
    return found


def last_sync(source: Source) -> Sync | None:
    return source.syncs.order_by("-pk").first()


def shares_bank(source: Source) -> bool:
    """Whether its bank has entries that are not from this list."""
    entries = Entry.objects.filter(bank=source.bank_id, withdrawn_at__isnull=True)
    lists_ = source.bank.sources.filter(removed_at__isnull=True)
    return (
        entries.filter(source__isnull=True).exists()
        or entries.exclude(source=source.pk).exists()
        or lists_.exclude(pk=source.pk).exists()
    )
