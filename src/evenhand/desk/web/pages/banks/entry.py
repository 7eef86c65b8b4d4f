"""One listed medium: where it is from, since when, what became of its matches."""

from __future__ import annotations

from django.utils import timezone
from msgspec import Struct

from evenhand.desk.media.queries import browsing
from evenhand.desk.media.queries.browsing import Entry
from evenhand.desk.web.pages.banks import words
from evenhand.desk.web.pages.banks.bank import EntryRow, entry_rows
from evenhand.desk.web.pages.banks.match import MatchRow, match_rows
from evenhand.desk.web.pages.banks.opinion import OpinionPart, opinion_of

MATCHES = 20


class Hashed(Struct, frozen=True):
    row: EntryRow
    kind: str
    hex: str
    """Of its first hash, whole."""


class EntryPage(Struct, frozen=True):
    entry: Entry
    whose: str
    state: words.Chip
    hashes: list[Hashed]
    record: str
    matches: list[MatchRow]
    opinion: OpinionPart | None

    @property
    def off(self) -> bool:
        return browsing.is_off(self.entry, timezone.now())


def entry_page(entry_id: int, hidden: frozenset[str]) -> EntryPage:
    """Raises NoSuch."""
    rows = browsing.medium(entry_id)
    entry = rows[0]
    shown = [] if entry.bank.policy in hidden else browsing.matches_of_medium(entry, MATCHES)
    return EntryPage(
        entry=entry,
        whose=words.whose(entry),
        state=words.entry_state(entry),
        hashes=[Hashed(row, words.kind(row.entry.kind), bytes(row.entry.value)[:32].hex()) for row in entry_rows(rows)],
        record=words.record_told(words.record(*browsing.outcomes(entry))),
        matches=match_rows(shown),
        opinion=opinion_of(entry),
    )
