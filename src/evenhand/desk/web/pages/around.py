"""An item with all that bears on it: its words, author, thread, signals, and what happened before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec import Struct

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case, again, history, looks
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.dueprocess import queries as appeals
from evenhand.desk.enforcement.queries import again as second_looks
from evenhand.desk.enforcement.queries import history as decisions
from evenhand.desk.enforcement.queries.holds import Hold, blind, open_hold
from evenhand.desk.fields import from_micros
from evenhand.desk.intake.queries import history as item_history
from evenhand.desk.intake.queries import incoming, items
from evenhand.desk.intake.queries.items import Known
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.referral.queries import packages
from evenhand.desk.rules import queries as rules
from evenhand.desk.signals import queries as signals
from evenhand.desk.web.pages import detected, timeline
from evenhand.desk.web.pages.content import Content, content
from evenhand.desk.web.pages.licences import held_by_licence
from evenhand.desk.web.pages.marks import Marks, marks
from evenhand.desk.web.pages.reports import policy_name
from evenhand.desk.web.pages.rules import words
from evenhand.desk.web.pages.rules.said import rule_in, said
from evenhand.engine.model import Item, Ref, Signal
from evenhand.engine.rules.explain import NoSuchRule, held

AROUND = 3
NOTHING = Ref("", "")
_OF_MEDIA = ("medium", "url")
"""Evidence that joins a signal to its medium, which stands beside it."""


class Record(Struct, frozen=True):
    """How the last decided cases on what an author made turned out."""

    upheld: int
    dismissed: int

    @property
    def decided(self) -> int:
        return self.upheld + self.dismissed


class Author(Struct, frozen=True):
    ref: Ref
    name: str
    known: Known | None
    joined: datetime | None
    record: Record
    waiting: int
    """Other open cases on what they made."""
    content: Content


class Finding(Struct, frozen=True):
    """A signal, with its evidence in words. `rule`: the name of the rule that told it; "" for another detector."""

    signal: Signal
    policy: str
    evidence: list[tuple[str, str]]
    rule: str = ""
    told: str = ""
    """What it says, without the name of the rule."""
    conditions: tuple[tuple[str, str], ...] = ()
    """Of the rule, in words and as they are written: all of them held. Without words where too little was kept."""
    values: tuple[tuple[str, str], ...] = ()
    """What stood in the names that the conditions read."""
    asks: tuple[str, ...] = ()
    """What the rule asks for that the desk does not do itself: verdicts, bans."""
    later: bool = False
    """It was found after the decision that is appealed."""


class Surroundings(Struct, frozen=True):
    ref: Ref
    content: Content
    author: Author | None
    parent: Content | None
    before: list[Content]
    after: list[Content]
    findings: list[Finding]
    moments: list[timeline.Moment]
    cases: list[Case]
    """Other cases on the same item."""
    targets: list[tuple[Ref, str]]
    """At whom the item goes, with their names."""
    hold: Hold | None
    """What hides it now."""
    hold_told: str
    """What the rule says that holds it."""
    marks: Marks


def surroundings(
    ref: Ref,
    user: User,
    snapshot: Snapshot,
    *,
    author: Ref = NOTHING,
    but: int = 0,
    decided_at: datetime | None = None,
) -> Surroundings:
    """`author` is who made the item as far as its case knows; `but` is the case that asks, and is left out;
    `decided_at` is the moment of the decision that the case hears an appeal against."""
    known = _known(ref, author)
    item = known[ref].item if ref in known else None
    creator = (item and item.creator) or (author if author.id else None)
    around = items.around(item, AROUND) if item else items.Around([], [])
    mine = sight(user)
    same = [case for case in history.cases_of(ref, but=but) if mine.knows(case)]
    others = history.cases_by(creator, but=but) if creator else []
    others = [case for case in others if mine.knows(case)]
    return Surroundings(
        ref=ref,
        content=content(ref, known.get(ref), snapshot, known.get(creator) if creator else None),
        author=_author(creator, known, others, snapshot) if creator and creator != ref else None,
        parent=content(item.parent, known.get(item.parent), snapshot) if item and item.parent else None,
        before=[content(one.ref, one, snapshot) for one in around.before],
        after=[content(one.ref, one, snapshot) for one in around.after],
        findings=[_finding(signal, snapshot, decided_at) for signal in signals.of_items([ref]).get(ref, [])],
        moments=timeline.merged(
            _moments(ref, creator, known.get(ref), [*same, *others], user=user, snapshot=snapshot),
            timeline.packages(packages.of_case(but) if but else []),
            timeline.looks(looks.of_case(but) if but else []),
            timeline.again(second_looks.of_case(but) if but and mine.blind else None, snapshot),
        ),
        cases=same,
        targets=_targets(item, creator, snapshot) if item else [],
        hold=(hold := _hold(ref)),
        hold_told=_told(hold) if hold else "",
        marks=marks(ref, creator if creator != ref else None),
    )


def _targets(item: Item, creator: Ref | None, snapshot: Snapshot) -> list[tuple[Ref, str]]:
    """The first three; nobody is their own."""
    users = {one.id for one in snapshot.item_types.values() if one.kind == "user"}
    found = [one for one in incoming.targets(item) if one.type in users and one != creator][:AROUND]
    known = items.known(found)
    return [(one, (known[one].item.name if one in known else "") or one.id) for one in found]


def _hold(ref: Ref) -> Hold | None:
    hold = open_hold(ref)
    return hold if hold and not blind([hold.decision]) else None


def _told(hold: Hold) -> str:
    return held_by_licence(hold) if hold.cause == Hold.Cause.LICENCE else said(hold.name, hold.reason)


def _known(ref: Ref, author: Ref) -> dict[Ref, Known]:
    """The item, its author and its parent."""
    known = items.known([ref, author] if author.id else [ref])
    item = known[ref].item if ref in known else None
    missing = [one for one in (item.parent, item.creator) if one and one not in known] if item else []
    return known | items.known(missing)


def _moments(
    ref: Ref, creator: Ref | None, known: Known | None, cases: Sequence[Case], *, user: User, snapshot: Snapshot
) -> Iterator[timeline.Moment]:
    here = list(dict.fromkeys(one for one in (ref, creator) if one))
    related = dict.fromkeys([*here, *(Ref(case.item_type, case.item_id) for case in cases)])
    mine = sight(user)
    decided = [one for one in decisions.on_items(list(related)) if mine.knows_of(one.policy, one.case_id)]
    untold = blind(decided)
    decided = [one for one in decided if one.pk not in untold]
    item: Item | None = known.item if known else None
    yield from timeline.decisions(decided, ref, snapshot, undoable=allowed(user, Permission.DECIDE))
    yield from timeline.cases(list({case.pk: case for case in cases}.values()), ref, snapshot)
    yield from timeline.appeals(appeals.on_item(ref))
    yield from timeline.notes(_notes(here, ref, user, again.untold(ref, mine.blind)), ref)
    yield from timeline.versions(item_history.versions(ref) if known and known.versions > 1 else [], item)


def _notes(refs: Sequence[Ref], ref: Ref, user: User, look: Case | None) -> list[history.Note]:
    """Without those on an item that were written while its case, which is not shown, was decided; what the person
    themselves notes now stays."""
    found = history.notes(refs)
    if look is None:
        return found
    return [
        note
        for note in found
        if (note.item_type, note.item_id) != (ref.type, ref.id)
        or note.at < look.came_at
        or (note.author == user and note.at >= look.opened_at)
    ]


def _author(ref: Ref, known: dict[Ref, Known], cases: Sequence[Case], snapshot: Snapshot) -> Author:
    decided = [case for case in cases if case.kind == Case.Kind.REVIEW]
    author = known.get(ref)
    return Author(
        ref=ref,
        name=(author.item.name if author else "") or ref.id,
        known=author,
        joined=from_micros(author.item.created_at) if author and author.item.created_at else None,
        record=Record(
            upheld=sum(case.outcome == Case.Outcome.UPHELD for case in decided),
            dismissed=sum(case.outcome == Case.Outcome.DISMISSED for case in decided),
        ),
        waiting=sum(case.state == Case.State.OPEN for case in cases),
        content=content(ref, author, snapshot),
    )


def _finding(signal: Signal, snapshot: Snapshot, decided_at: datetime | None) -> Finding:
    policy = policy_name(signal.policy, snapshot)
    later = decided_at is not None and from_micros(signal.at) > decided_at
    if rule := rule_in(signal.detector):
        why = signal.evidence.get("why") or {}
        return Finding(
            signal,
            policy,
            [],
            rule=rule,
            told=said(rule, signal.summary),
            conditions=_conditions(rule, signal.evidence.get("project"), why),
            values=tuple((name, words.value(one)) for name, one in why.get("features", {}).items()),
            asks=tuple(map(str, signal.evidence.get("asks", ()))),
            later=later,
        )
    hidden = _OF_MEDIA if "medium" in signal.evidence else ()
    told = ((name, one) for name, one in signal.evidence.items() if name not in hidden)
    evidence = [(name.replace("_", " "), _evidence(one)) for name, one in told]
    return Finding(signal, policy, evidence, told=detected.told(signal), later=later)


def _conditions(rule: str, version: Any, why: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """In words only while the version of the rules that fired is in force."""
    running = rules.current()
    sentences: Mapping[str, str] = {}
    if running.rules is not None and running.version == version:
        with suppress(NoSuchRule):
            sentences = held(running.rules, rule, why.get("features") or {})
    return tuple((sentences.get(str(one), ""), str(one)) for one in why.get("conditions", ()))


def _evidence(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_evidence(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_evidence(one)}" for name, one in value.items())
    return f"{value:.3g}" if isinstance(value, float) else str(value)
