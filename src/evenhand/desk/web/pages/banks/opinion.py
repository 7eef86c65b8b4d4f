"""What a list's owner can be told about an entry, and how far that is."""

from __future__ import annotations

from msgspec import Struct

from evenhand.desk.media.queries import browsing
from evenhand.desk.media.queries.browsing import Entry, Feedback, Match
from evenhand.desk.media.services.sources import FILE
from evenhand.desk.web.pages.banks import words


class Told(Struct, frozen=True):
    feedback: Feedback
    state: words.Chip


class OpinionPart(Struct, frozen=True):
    """`suggested`: what our decision says of the entry; "" before there is one. `open`: proposed, and waits."""

    entry: Entry
    owner: str
    suggested: str
    open: Feedback | None
    told: list[Told]


def opinion_part(match: Match) -> OpinionPart | None:
    """None where nobody can be told: it was added here, or came from a file."""
    return opinion_of(match.entry, {"upheld": "up", "dismissed": "down"}.get(match.outcome, ""))


def opinion_of(entry: Entry, suggested: str = "") -> OpinionPart | None:
    """The same, for an entry whose medium no decision is at hand for."""
    if entry.source is None or entry.source.kind == FILE:
        return None
    found = browsing.opinions_of_medium(entry)
    waiting = [one for one in found if one.state in (Feedback.State.PROPOSED, Feedback.State.FAILED)]
    return OpinionPart(
        entry=entry,
        owner=entry.source.name,
        suggested=waiting[0].opinion if waiting else suggested,
        open=waiting[0] if waiting else None,
        told=[Told(one, words.opinion_state(one)) for one in found if one not in waiting],
    )
