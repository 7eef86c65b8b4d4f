"""Entries as the console lists them, and how much of the ledger is signed. Payloads are never shown here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.audit import keys
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.models import Checkpoint, Entry, Payload
from evenhand.desk.fields import from_micros
from evenhand.engine.ledger import entries

PAGE = 50


class NoSuchEntryError(LookupError):
    """There is no entry with this number."""


class EntryRow(Struct, frozen=True, kw_only=True):
    """`body` is what is hashed; the other fields are read from it."""

    seq: int
    at: datetime
    actor: str
    act: str
    obj: str
    policy_version: int | None
    commit: str | None
    body: str


class Page(Struct, frozen=True):
    """Newest first. `before` asks for the next page; None on the last."""

    rows: list[EntryRow]
    before: int | None


class LedgerState(Struct, frozen=True):
    """How many entries there are, and how many of them the last checkpoint covers."""

    size: int
    signed: int
    signed_at: datetime | None

    @property
    def unsigned(self) -> int:
        return self.size - self.signed


def page(*, before: int | None = None, act: str = "", actor: str = "", obj: str = "", limit: int = PAGE) -> Page:
    """Entries with these properties (empty: any), with numbers below `before`. A person's are also those of the keys
    that acted for them, and a key's those of the person for whom it acted."""
    wanted = {name: value for name, value in {"act": act, "obj": obj}.items() if value}
    found = Entry.objects.filter(**wanted)
    if actor:
        found = found.filter(actor__in=_names(actor))
    if before is not None:
        found = found.filter(seq__lt=before)
    rows = [_row(seq, body) for seq, body in found.order_by("-seq").values_list("seq", "body")[: limit + 1]]
    return Page(rows[:limit], rows[limit - 1].seq if len(rows) > limit else None)


def _names(actor: str) -> list[str]:
    """All under which this actor may stand: exact ones, which the index finds. The ledger itself knows every key and
    every person that there ever was."""
    kind = actor.partition(":")[0]
    if kind == "user":
        return [actor, *(f"{actor} by {key}" for key in _made(Act.KEY_CREATED))]
    if kind == "key":
        return [actor, *(f"{person} by {actor}" for person in _made(Act.USER_CREATED))]
    return [actor]


def _made(act: Act) -> list[str]:
    return list(Entry.objects.filter(act=act).values_list("obj", flat=True))


def entry(seq: int) -> EntryRow:
    """Raises NoSuchEntryError."""
    body = Entry.objects.filter(seq=seq).values_list("body", flat=True).first()
    if body is None:
        raise NoSuchEntryError(f"There is no entry {seq} in the ledger.")
    return _row(seq, body)


def _row(seq: int, body: str) -> EntryRow:
    read = entries.parse(body.encode())
    return EntryRow(
        seq=seq,
        at=from_micros(read.ts),
        actor=read.actor,
        act=read.act,
        obj=read.obj,
        policy_version=read.policy_ver,
        commit=read.commit,
        body=body,
    )


def size() -> int:
    """How many entries there are; the number of the next."""
    last = sql.rows("SELECT seq FROM audit_entry ORDER BY seq DESC LIMIT 1")
    return last[0][0] + 1 if last else 0


def state() -> LedgerState:
    signed = Checkpoint.objects.order_by("-size").values_list("size", "signed_at").first()
    return LedgerState(size(), *(signed or (0, None)))


def latest_note() -> str | None:
    """The last checkpoint, a signed note."""
    return Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()


def with_payload(seqs: Collection[int]) -> set[int]:
    """Those of the entries that have a payload still."""
    return set(Payload.objects.filter(seq__in=seqs).values_list("seq", flat=True))


def mentioning(text: str) -> Iterator[int]:
    """Entries whose payload holds `text`, for erasing a person. Opens every payload: seconds for each 100,000.

    Raises SealError: a payload cannot be opened.
    """
    for seq, sealed in Payload.objects.order_by("seq").values_list("seq", "sealed").iterator():
        if text in keys.unseal(seq, bytes(sealed)).payload.decode():
            yield seq
