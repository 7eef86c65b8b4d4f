"""One bank: its entries, searched and a page at a time, and its last matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args
from urllib.parse import urlencode

from msgspec import Struct, structs

from evenhand.desk.media.queries import browsing, sources, voices
from evenhand.desk.media.queries.browsing import Asked, Bank, Entry
from evenhand.desk.web.pages.banks import words
from evenhand.desk.web.pages.banks.match import MatchRow, match_rows
from evenhand.desk.web.pages.banks.overview import BankRow, row
from evenhand.engine.detect.knownmedia import PERCEPTUAL

MATCHES = 20
_SHOWN = 24
"""Characters of a hash that a list of them shows."""
_LONGEST_NUMBER = 18
HASH = 32
"""Bytes of one perceptual hash."""


class EntryRow(Struct, frozen=True):
    entry: Entry
    whose: str
    state: words.Chip
    hash: str
    """Its beginning, in hex."""
    more: int
    """Further hashes in it: variants, frames."""


class BankPage(Struct, frozen=True):
    row: BankRow
    asked: Asked
    searched: bool
    entries: list[EntryRow]
    next: str
    """Query of the next page; "" at the end."""
    kinds: list[str]
    matches: list[MatchRow]
    voices: list[str]
    """Of its lists that count as one with another, a sentence each."""

    @property
    def bank(self) -> Bank:
        return self.row.bank


def bank_page(name: str, asked: Asked, hidden: frozenset[str]) -> BankPage:
    """`hidden`: policies whose cases are not for this person. Raises NoSuch."""
    bank = sources.bank(name)
    found = browsing.entries(bank, asked)
    shown = found[: browsing.PAGE]
    more = structs.replace(asked, before=shown[-1].pk) if len(found) > len(shown) else None
    return BankPage(
        row=row(sources.bank_seen(bank), sources.lists_of(bank)),
        asked=asked,
        searched=bool(asked.text or asked.kind or asked.source or asked.state),
        entries=entry_rows(shown),
        next=_query(more) if more else "",
        kinds=browsing.kinds(),
        matches=[] if bank.policy in hidden else match_rows(browsing.matches_of_bank(bank, MATCHES)),
        voices=[words.counted_once(pair) for pair in voices.of_bank(bank)],
    )


def asked_of(given: Any) -> Asked:
    """What a query string asks for; what it cannot mean is left out."""
    state, before = given.get("state", ""), given.get("before", "")
    return Asked(
        text=given.get("q", "")[: browsing.LONGEST],
        kind=given.get("kind", "")[:16],
        source=given.get("list", "")[:64],
        state=state if state in get_args(browsing.State) else "",
        before=int(before) if before.isdecimal() and len(before) <= _LONGEST_NUMBER else None,
    )


def _query(asked: Asked) -> str:
    pairs = {"q": asked.text, "kind": asked.kind, "list": asked.source, "state": asked.state, "before": asked.before}
    return urlencode({name: value for name, value in pairs.items() if value})


def entry_rows(found: Sequence[Entry]) -> list[EntryRow]:
    return [
        EntryRow(
            entry=one,
            whose=words.whose(one),
            state=words.entry_state(one),
            hash=bytes(one.value).hex()[:_SHOWN],
            more=len(bytes(one.value)) // HASH - 1 if one.kind in PERCEPTUAL else 0,
        )
        for one in found
    ]
