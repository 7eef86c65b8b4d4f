"""What a case page tells of known media: the facts of each match, and which media of the item are not matched yet."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.media.queries import browsing
from evenhand.desk.media.queries.browsing import Look
from evenhand.desk.web.pages.around import Surroundings
from evenhand.desk.web.pages.banks import words
from evenhand.desk.web.pages.banks.match import Fact, facts
from evenhand.desk.web.pages.banks.opinion import OpinionPart, opinion_part
from evenhand.engine.detect.knownmedia import NAME


class LookRow(Struct, frozen=True):
    look: Look
    state: words.Chip
    host: str


class KnownPart(Struct, frozen=True):
    facts: list[Fact]
    looks: list[LookRow]
    opinions: list[OpinionPart]
    """Of decided matches: what their lists' owners can be told."""


def known_part(around: Surroundings, user: User, *, untold: bool = False) -> KnownPart | None:
    """None where neither a signal nor a medium gives reason to ask. `untold`: without what people decided of it."""
    told = any(one.signal.detector.startswith(f"{NAME}:") for one in around.findings)
    if not told and not around.content.media:
        return None
    found = facts(around.ref, around.content.media, sight(user).hidden) if told else []
    looks = look_rows(browsing.looks_of_item(around.ref)) if around.content.media else []
    if untold:
        for one in found:
            one.match.outcome = ""
    decided = [one.match for one in found if one.match.outcome]
    opinions = [part for match in decided if (part := opinion_part(match))]
    return KnownPart(found, looks, opinions) if found or looks else None


def look_rows(found: Sequence[Look]) -> list[LookRow]:
    """What was not fetched since nobody named its host is told once for each host."""
    rows = [_row(one) for one in found]
    once = {row.host: row for row in rows if row.look.state == Look.State.GIVEN}
    return [row for row in rows if row.look.state != Look.State.GIVEN or once[row.host] is row]


def _row(one: Look) -> LookRow:
    return LookRow(one, words.look_state(one), urlsplit(one.url).hostname or "")
