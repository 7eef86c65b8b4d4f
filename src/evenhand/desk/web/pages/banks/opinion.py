"""What a list's owner can be told about an entry, and how far that is."""

from __future__ import annotations

from msgspec import Struct

from evenhand.desk.media.queries import browsing
from evenhand.desk.media.queries.browsing import Entry, Feedback, Match
from evenhand.desk.media.services.opinions import UNSETTLED
from evenhand.desk.media.services.sources import FILE
from evenhand.desk.web import hashlists
from evenhand.desk.web.pages.banks import words


class Told(Struct, frozen=True):
    feedback: Feedback
    state: words.Chip


class OpinionPart(Struct, frozen=True):
    """`open`: proposed, or it did not arrive, and waits. `chosen`: what a person said before, "" before anybody did.
    `reasons`: those that the owner takes against it, where it takes no others; `needs`: it takes none without one."""

    entry: Entry
    owner: str
    open: Feedback | None
    chosen: str
    reasons: list[str]
    needs: bool
    told: list[Told]


def opinion_part(match: Match) -> OpinionPart | None:
    """None where nobody can be told: it was added here, or came from a file."""
    return opinion_of(match.entry)


def opinion_of(entry: Entry) -> OpinionPart | None:
    """The same, for an entry whose medium no decision is at hand for."""
    if entry.source is None or entry.source.kind == FILE:
        return None
    found = browsing.opinions_of_medium(entry)
    waiting = [one for one in found if one.state in UNSETTLED]
    said = next((one for one in waiting if one.confirmed_at), None)
    return OpinionPart(
        entry=entry,
        owner=entry.source.name,
        open=said or (waiting[0] if waiting else None),
        chosen=said.opinion if said else "",
        reasons=browsing.reasons_against(entry),
        needs=needs_reason(entry),
        told=[Told(one, words.opinion_state(one)) for one in found if one not in waiting],
    )


def needs_reason(entry: Entry) -> bool:
    """To disagree. What its list's owner takes may not be known yet."""
    source = entry.source
    return source is not None and hashlists.wants_reason(source.kind, source.config)
