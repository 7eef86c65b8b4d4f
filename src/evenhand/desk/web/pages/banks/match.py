"""A match in facts that decide without anybody seeing the medium: lists, distance, agreement, spread, records."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import again
from evenhand.desk.cases.queries import facts as cases
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.media.errors import NoSuch
from evenhand.desk.media.queries import browsing, voices
from evenhand.desk.media.queries.browsing import Match
from evenhand.desk.media.queries.spread import Spread, spread
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.around import Surroundings, surroundings
from evenhand.desk.web.pages.banks import words
from evenhand.desk.web.pages.banks.opinion import OpinionPart, opinion_part
from evenhand.desk.web.pages.reports import policy_name
from evenhand.engine.detect.knownmedia import PERCEPTUAL, medium
from evenhand.engine.model import Media, MediaHashed, Ref


class MatchRow(Struct, frozen=True):
    match: Match
    whose: str
    distance: words.Distance


class Fact(Struct, frozen=True):
    """One match of an item, as its case and its own page tell it."""

    match: Match
    whose: str
    policy: str
    distance: words.Distance
    kind: str
    agrees: str
    spread: Spread
    entry_record: str
    list_record: str
    """Empty for what was added here."""
    place: str = ""
    """Which medium of its item, where there are several."""


class MatchPage(Struct, frozen=True):
    fact: Fact
    others: list[MatchRow]
    """Of the same medium of the same item."""
    around: Surroundings
    case: int | None
    """Where it is, or was, decided."""
    opinion: OpinionPart | None


def match_rows(found: Sequence[Match]) -> list[MatchRow]:
    """In their order; a listed medium once for each medium of an item that is near it, by its nearest hash."""
    nearest = {_pair(one): one for one in sorted(found, key=_nearness, reverse=True)}
    found = [one for one in found if nearest[_pair(one)] is one]
    return [MatchRow(one, words.whose(one.entry), _distance(one)) for one in found]


def match_page(match_id: int, user: User) -> MatchPage:
    """Raises NoSuch, also where its cases are not for this person."""
    match, mine = browsing.match(match_id), sight(user)
    if match.bank.policy in mine.hidden:
        raise NoSuch(f"There is no match {match_id}.")
    ref = Ref(match.item_type, match.item_id)
    all_ = [one for one in browsing.matches_of_item(ref) if _medium(one) == _medium(match)]
    look = again.untold(ref, mine.blind)
    if look is not None:
        match.outcome = ""
    return MatchPage(
        fact=fact(match, all_),
        others=match_rows([one for one in all_ if _pair(one) != _pair(match) and one.bank.policy not in mine.hidden]),
        around=surroundings(ref, user, policies.current()),
        case=look.pk if look else match.case_id or cases.open_review(ref),
        opinion=None if look else opinion_part(match),
    )


def facts(ref: Ref, media: Sequence[Media], hidden: frozenset[str]) -> list[Fact]:
    """Of all matches of an item that has these media; each listed medium once, by its nearest hash."""
    found = browsing.matches_of_item(ref)
    shown = sorted((row.match for row in match_rows(found)), key=_nearness)
    places = _places(ref, media) if len(media) > 1 else {}
    return [fact(one, found, places.get(one.medium, "")) for one in shown if one.bank.policy not in hidden]


def _places(ref: Ref, media: Sequence[Media]) -> dict[str, str]:
    """By the names of the media: where each is shown."""
    named = (medium(MediaHashed(ref=ref, field=one.field, url=one.url, hashes=())) for one in media)
    return {name: words.place(number, len(media)) for number, name in enumerate(named, 1)}


def fact(match: Match, beside: Sequence[Match], place: str = "") -> Fact:
    """`beside`: all matches of the item; those of the same medium and policy that stand agree with it."""
    agreeing = [
        one
        for one in beside
        if _medium(one) == _medium(match) and one.bank.policy == match.bank.policy and one.withdrawn_at is None
    ]
    lists = sorted({words.whose(one.entry) for one in agreeing})
    entry, source = match.entry, match.entry.source
    return Fact(
        match=match,
        whose=words.whose(entry),
        policy=policy_name(match.bank.policy, policies.current()),
        distance=_distance(match),
        kind=words.kind(entry.kind),
        agrees=words.agreement(lists, voices.alike(), voices.among(lists)),
        spread=spread([match, *agreeing]),
        entry_record=words.record_told(words.record(*browsing.outcomes(entry))),
        list_record=words.record_told(words.record(source.upheld, source.dismissed)) if source else "",
        place=place,
    )


def _medium(match: Match) -> tuple[str, str]:
    """Of its item."""
    return match.field, match.medium


def _pair(match: Match) -> tuple[object, ...]:
    """The medium of the item, and the listed medium."""
    return match.item_type, match.item_id, *_medium(match), match.bank_id, match.entry.source_id, match.entry.key


def _nearness(match: Match) -> tuple[bool, bool, int, int]:
    """What stands before what was withdrawn, the same file before what looks like it."""
    return match.withdrawn_at is not None, match.entry.kind in PERCEPTUAL, match.distance, match.pk


def _distance(match: Match) -> words.Distance:
    return words.distance(match.distance, match.entry.kind, match.bank.radius)
