"""Entries, matches, looks, opinions and scans as people leaf through them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final, Literal

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.media.errors import NoSuch
from evenhand.desk.media.hashes import digest
from evenhand.desk.media.models import Bank, Entry, Feedback, Look, Match, RetroScan, Sync
from evenhand.engine.model import Ref

__all__ = ["Bank", "Entry", "Feedback", "Look", "Match", "RetroScan", "Sync"]

PAGE: Final = 50
LONGEST: Final = 200
"""Characters of what is searched for."""
_MOST_SAME = 500
"""Entries of one and the same hash."""
OPEN_LOOKS: Final = (
    Look.State.WAITING, Look.State.FETCHING, Look.State.UNREACHABLE, Look.State.GONE, Look.State.UNDECODABLE,
)  # fmt: skip
OPEN_FEEDBACK: Final = (
    Feedback.State.PROPOSED, Feedback.State.CONFIRMED, Feedback.State.FAILED, Feedback.State.REFUSED,
)  # fmt: skip
State = Literal["", "matching", "off", "rejected", "withdrawn"]


class Asked(Struct, frozen=True):
    """Which entries of a bank. `text`: the beginning of a key, a classification, or a hash in hex, whole."""

    text: str = ""
    kind: str = ""
    source: str = ""
    """Name of a list; `-`: added here."""
    state: State = ""
    before: int | None = None


def entries(bank: Bank, asked: Asked) -> list[Entry]:
    """The newest first; one more than a page when there are more."""
    found = Entry.objects.filter(bank=bank).select_related("source")
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.source:
        found = (
            found.filter(source__isnull=True)
            if asked.source == "-"
            else found.filter(source__in=bank.sources.filter(name=asked.source, removed_at__isnull=True))
        )
    if asked.before is not None:
        found = found.filter(pk__lt=asked.before)
    found = _in_state(found, asked.state)
    if text := asked.text.strip()[:LONGEST]:
        found = found.filter(_about(text))
    return list(found.order_by("-pk")[: PAGE + 1])


def _in_state(found: QuerySet[Entry], state: State) -> QuerySet[Entry]:
    standing = Q(withdrawn_at__isnull=True) & ~Q(review=Entry.Review.REJECTED)
    off = Q(disabled_until__gt=timezone.now())
    match state:
        case "matching":
            return found.filter(standing).exclude(off)
        case "off":
            return found.filter(standing & off)
        case "rejected":
            return found.filter(review=Entry.Review.REJECTED)
        case "withdrawn":
            return found.filter(withdrawn_at__isnull=False)
    return found


def _about(text: str) -> Q:
    """A whole hash is looked up; other words are looked for in all entries of the bank."""
    with suppress(ValueError):
        same = Entry.objects.filter(kind__in=kinds(), digest=digest(bytes.fromhex(text)))
        if ids := list(same.values_list("pk", flat=True)[:_MOST_SAME]):
            return Q(pk__in=ids)
    return Q(key__startswith=text) | Q(classification__iexact=text)


def kinds() -> list[str]:
    """Of all hashes that are listed. From one to the next by the index, however many there are of each."""
    found: list[str] = []
    while following := Entry.objects.filter(kind__gt=found[-1] if found else "").aggregate(Min("kind"))["kind__min"]:
        found.append(following)
    return found


def medium(entry_id: int) -> list[Entry]:
    """All hashes of the listed medium that this entry is one of, this one first. Raises NoSuch."""
    entry = Entry.objects.select_related("bank", "source").filter(pk=entry_id).first()
    if entry is None:
        raise NoSuch(f"There is no entry {entry_id}.")
    return [entry, *_same(entry).exclude(pk=entry_id).order_by("kind", "pk")]


def _same(entry: Entry) -> QuerySet[Entry]:
    return Entry.objects.filter(bank_id=entry.bank_id, source=entry.source, key=entry.key)


def match(match_id: int) -> Match:
    """Raises NoSuch."""
    found = Match.objects.select_related("bank", "entry__source", "case").filter(pk=match_id).first()
    if found is None:
        raise NoSuch(f"There is no match {match_id}.")
    return found


def matches_of_bank(bank: Bank, limit: int) -> list[Match]:
    """The newest first."""
    found = Match.objects.filter(bank=bank).select_related("bank", "entry__source")
    return list(found.order_by("-pk")[:limit])


def matches_of_medium(entry: Entry, limit: int) -> list[Match]:
    """The newest first."""
    found = Match.objects.filter(entry__in=_same(entry)).select_related("bank", "entry__source")
    return list(found.order_by("-pk")[:limit])


def outcomes(entry: Entry) -> tuple[int, int]:
    """Media of items that were upheld and dismissed as this listed medium: each once, however many of its hashes they
    matched."""
    found = Match.objects.filter(entry__in=_same(entry)).exclude(outcome="")
    decided = set(found.values_list("item_type", "item_id", "field", "outcome"))
    upheld = sum(outcome == "upheld" for *_, outcome in decided)
    return upheld, len(decided) - upheld


def matches_of_item(ref: Ref) -> list[Match]:
    """All of it: standing before withdrawn, the nearest first."""
    found = Match.objects.filter(item_type=ref.type, item_id=ref.id).select_related("bank", "entry__source", "case")
    return sorted(found, key=lambda one: (one.withdrawn_at is not None, one.distance, one.pk))


def open_looks(limit: int, state: str = "") -> list[Look]:
    """Those that wait or were given up, the oldest first."""
    found = Look.objects.filter(state__in=[state] if state in OPEN_LOOKS else OPEN_LOOKS)
    return list(found.order_by("since", "pk")[:limit])


def looks_in(state: str) -> int:
    return Look.objects.filter(state=state).count()


def looks_of_item(ref: Ref) -> list[Look]:
    """Its media that are not hashed here; with those that the hashes that came with them are enough for."""
    found = Look.objects.filter(item_type=ref.type, item_id=ref.id, state__in=(*OPEN_LOOKS, Look.State.GIVEN))
    return list(found.order_by("since", "pk"))


def opinions(limit: int) -> list[Feedback]:
    """Those that somebody has to settle or that are on their way, then those that were sent last."""
    found = Feedback.objects.select_related("entry__source", "entry__bank", "match", "confirmed_by")
    waiting = list(found.filter(state__in=OPEN_FEEDBACK).order_by("proposed_at")[:limit])
    return [*waiting, *found.filter(state=Feedback.State.SENT).order_by("-sent_at")[: max(0, limit - len(waiting))]]


def reasons_against(entry: Entry) -> list[str]:
    """Those that its owner takes against the medium, where it takes no others; empty where it takes any, or where
    nobody has asked it yet."""
    known = entry.source.reasons if entry.source else {}
    kinds = set(_same(entry).filter(withdrawn_at__isnull=True).values_list("kind", flat=True)) or {entry.kind}
    lists = [known[kind] for kind in sorted(kinds) if kind in known]
    return [one for one in lists[0] if all(one in some for some in lists)] if lists else []


def unsettled_of_medium(entry_id: int) -> list[int]:
    """Opinions that nobody settled yet, or that did not arrive, on any hash of this listed medium. Raises NoSuch."""
    entries = [one.pk for one in medium(entry_id)]
    open_ = [one for one in OPEN_FEEDBACK if one != Feedback.State.CONFIRMED]
    found = Feedback.objects.filter(entry__in=entries, state__in=open_)
    return list(found.values_list("pk", flat=True))


def opinions_of_medium(entry: Entry) -> list[Feedback]:
    """On any of its hashes, the newest first."""
    found = Feedback.objects.filter(entry__in=_same(entry)).select_related("entry__source", "confirmed_by")
    return list(found.exclude(state=Feedback.State.DROPPED).order_by("-pk"))


def scans(limit: int) -> list[RetroScan]:
    """The newest first."""
    return list(RetroScan.objects.order_by("-pk")[:limit])


def is_off(entry: Entry, now: datetime) -> bool:
    return entry.disabled_until is not None and entry.disabled_until > now


def to_be_told(case_id: int | None) -> str:
    """Name of a list whose owner an opinion is proposed for, since this case was decided; "" for none."""
    if case_id is None:
        return ""
    found = Feedback.objects.filter(match__case=case_id, state=Feedback.State.PROPOSED)
    return found.order_by("pk").values_list("entry__source__name", flat=True).first() or ""
