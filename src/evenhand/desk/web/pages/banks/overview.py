"""All banks and their lists, what waits, and what is searched for in what was seen before."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.enforcement.services import TYPED_ABOVE
from evenhand.desk.enforcement.services.each import MOST_EACH
from evenhand.desk.fields import from_micros
from evenhand.desk.media.queries import browsing, sources, stranded
from evenhand.desk.media.queries.browsing import Bank, Feedback, RetroScan
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.banks import words
from evenhand.desk.web.pages.reports import policy_name

SCANS = 3


class BankRow(Struct, frozen=True):
    bank: Bank
    policy: str
    holds: str
    entries: int
    hashes: int
    matches: int
    last_match: datetime | None
    record: str
    lists: list[str]


class ScanRow(Struct, frozen=True):
    scan: RetroScan
    share: float
    rate: int | None
    """Seen hashes a second; None: it is done, or has not begun to ask."""
    waits: bool
    """All was asked; what is being matched while the entries came is asked once more when it is written."""


class OpinionRow(Struct, frozen=True):
    feedback: Feedback
    state: words.Chip


class Stranded(Struct, frozen=True):
    """Open cases that rest on nothing any more. `seen`: each with its version; `typed`: their number, to be typed."""

    count: int
    seen: str
    typed: int


class Overview(Struct, frozen=True):
    """`waits`: media that are looked at when their turn comes; `failed`: those that somebody may want to retry."""

    banks: list[BankRow]
    lists: int
    troubled: list[str]
    """Lists that are stale, failed, or ask for consent."""
    waits: int
    failed: int
    scans: list[ScanRow]
    opinions: list[OpinionRow]
    stranded: Stranded | None


def overview(user: User) -> Overview:
    shown = sources.sources()
    by_bank: dict[int, list[str]] = {}
    for one in shown:
        by_bank.setdefault(one.source.bank_id, []).append(one.source.name)
    live = [one for one in shown if one.source.disabled_at is None]
    return Overview(
        banks=[row(one, by_bank.get(one.bank.pk, [])) for one in sources.banks()],
        lists=len(shown),
        troubled=[one.source.name for one in live if one.stale or one.source.error or one.source.asks],
        waits=sum(browsing.looks_in(state) for state in ("waiting", "fetching")),
        failed=sum(browsing.looks_in(state) for state in ("unreachable", "gone", "undecodable")),
        scans=[ScanRow(one, share(one), rate(one), one.looked >= one.total) for one in browsing.scans(SCANS)],
        opinions=opinions(browsing.opinions(browsing.PAGE)),
        stranded=stranded_part(user),
    )


def stranded_part(user: User) -> Stranded | None:
    """None where there is none that this person may decide."""
    if not allowed(user, Permission.DECIDE):
        return None
    waiting = stranded.cases(MOST_EACH)
    mine = sight(user) if waiting else None
    found = [case for case in waiting if mine and mine.sees(case)]
    seen = ".".join(f"{case.pk}-{case.version}" for case in found)
    return Stranded(len(found), seen, len(found) if len(found) > TYPED_ABOVE else 0) if found else None


def row(seen: sources.BankSeen, lists: list[str]) -> BankRow:
    last = seen.last_match
    return BankRow(
        bank=seen.bank,
        policy=policy_name(seen.bank.policy, policies.current()),
        holds=str(words.HOLDS[seen.bank.hold]),
        entries=seen.entries,
        hashes=seen.hashes,
        matches=seen.matches,
        last_match=from_micros(last) if isinstance(last, int) else last,
        record=words.record_told(seen.accuracy),
        lists=lists,
    )


def opinions(found: list[Feedback]) -> list[OpinionRow]:
    """Those on several hashes of one listed medium are one."""
    once = {(one.entry.source_id, one.entry.key, one.opinion, one.state): one for one in reversed(found)}
    return [OpinionRow(one, words.opinion_state(one)) for one in found if one in once.values()]


def share(scan: RetroScan) -> float:
    """Of what was seen, from 0 to 1."""
    return 1.0 if scan.ended_at else scan.looked / max(1, scan.total)


def rate(scan: RetroScan) -> int | None:
    seconds = (scan.changed_at - scan.begun_at).total_seconds()
    asks = scan.ended_at is None and scan.looked < scan.total
    return round(scan.looked / seconds) if asks and scan.looked and seconds > 0 else None
