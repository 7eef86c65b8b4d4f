"""One box over items, users, cases and decisions: the exact id first, then the newest that contain the words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, get_args

from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case
from evenhand.desk.cases.queries import history as cases
from evenhand.desk.cases.queries.sight import Sight, sight
from evenhand.desk.enforcement.queries import history as decisions
from evenhand.desk.enforcement.queries.history import Decision
from evenhand.desk.intake.queries import items
from evenhand.desk.intake.queries import search as words
from evenhand.desk.intake.queries.items import Known
from evenhand.desk.policies import queries as policies
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.pages import pasted
from evenhand.desk.web.pages.queue import Row, rows
from evenhand.desk.web.pages.timeline import decision_title
from evenhand.engine.model import Ref

Section = Literal["items", "users", "cases", "decisions"]
SECTIONS: tuple[Section, ...] = get_args(Section)
GLANCE = 8
"""Of each section on the page of all."""
PAGE = 50
MADE = 20
NEARBY = 500
"""Cases and decisions are looked for on so many of the newest matching items."""


class ItemHit(Struct, frozen=True):
    known: Known
    type_name: str
    case: int | None
    """The newest case on it."""


class DecisionHit(Struct, frozen=True):
    decision: Decision
    title: str


class Results(Struct, frozen=True):
    query: str
    section: Section | None
    exact_case: Row | None = None
    exact_items: list[ItemHit] = []
    exact_decision: DecisionHit | None = None
    made: list[ItemHit] = []
    """What the users with exactly this id made last."""
    items: list[ItemHit] = []
    users: list[ItemHit] = []
    cases: list[Row] = []
    decisions: list[DecisionHit] = []
    next: str = ""
    """Cursor of the next page of the one section shown."""
    hidden: int = 0
    """Matches that are not for this person."""

    @property
    def empty(self) -> bool:
        exact = self.exact_case or self.exact_items or self.exact_decision
        return not (exact or self.items or self.users or self.cases or self.decisions)


def find(query: str, user: User, *, section: Section | None = None, before: int | None = None) -> Results:
    """All sections at a glance, or one of them in pages."""
    query = query.strip()
    if not query:
        return Results(query, section)
    snapshot, mine = policies.current(), sight(user)
    limit = PAGE if section else GLANCE
    found = _found(query, {section} if section else set(SECTIONS), mine, limit + 1, before)
    item_hits, hidden = hits(found.items[:limit], mine, snapshot)
    user_hits, more_hidden = hits(found.users[:limit], mine, snapshot)
    exact = _Exact() if before else _exact(query, user, mine, snapshot)
    return Results(
        query=query,
        section=section,
        exact_case=exact.case,
        exact_items=exact.items,
        exact_decision=exact.decision,
        made=exact.made,
        items=item_hits,
        users=user_hits,
        cases=rows(found.cases[:limit], user, snapshot),
        decisions=[DecisionHit(one, decision_title(one, snapshot)) for one in found.decisions[:limit]],
        next=found.end(section, limit) if section else "",
        hidden=hidden + more_hidden,
    )


class _Found(Struct, frozen=True):
    items: list[Known]
    users: list[Known]
    cases: list[Case]
    decisions: list[Decision]

    def end(self, section: Section, limit: int) -> str:
        """The number of the last one shown, when there are more."""
        numbers = {
            "items": [one.number for one in self.items],
            "users": [one.number for one in self.users],
            "cases": [one.pk for one in self.cases],
            "decisions": [one.pk for one in self.decisions],
        }[section]
        return str(numbers[limit - 1]) if len(numbers) > limit else ""


def _found(query: str, wanted: Collection[Section], mine: Sight, limit: int, before: int | None) -> _Found:
    nearby = _nearby(query) if "cases" in wanted or "decisions" in wanted else []
    return _Found(
        items=_items(query, ("content", "thread"), limit, before) if "items" in wanted else [],
        users=_items(query, ("user",), limit, before) if "users" in wanted else [],
        cases=_cases(nearby, mine, limit, before) if "cases" in wanted else [],
        decisions=_decisions(query, nearby, mine, limit, before) if "decisions" in wanted else [],
    )


class _Exact(Struct, frozen=True):
    case: Row | None = None
    items: list[ItemHit] = []
    decision: DecisionHit | None = None
    made: list[ItemHit] = []


def _exact(query: str, user: User, mine: Sight, snapshot: Snapshot) -> _Exact:
    refs = words.by_ids(pasted.ids(query), list(snapshot.item_types))
    known = items.known(refs)
    same, _hidden = hits([known[ref] for ref in refs if ref in known], mine, snapshot)
    number = pasted.case_number(query)
    case = cases.case(number) if number else None
    decision = decisions.by_uid(query.lower())
    users = [hit.known.ref for hit in same if hit.known.item.kind == "user"]
    made, _hidden = hits([one for ref in users for one in items.by_author(ref, MADE)], mine, snapshot)
    return _Exact(
        case=rows([case], user, snapshot)[0] if case and mine.sees(case) else None,
        items=same,
        decision=DecisionHit(decision, decision_title(decision, snapshot))
        if decision and mine.knows_of(decision.policy, decision.case_id)
        else None,
        made=made,
    )


def _items(query: str, kinds: Sequence[words.Kind], limit: int, before: int | None) -> list[Known]:
    return items.numbered(words.numbers(query, kinds=kinds, before=before, limit=limit))


def _nearby(query: str) -> list[Ref]:
    return items.refs_numbered(words.numbers(query, kinds=("content", "thread", "user"), limit=NEARBY))


def _cases(refs: Sequence[Ref], mine: Sight, limit: int, before: int | None) -> list[Case]:
    found = cases.cases_on(refs, limit=limit, before=before)
    return [case for case in found if mine.sees(case)]


def _decisions(query: str, refs: Sequence[Ref], mine: Sight, limit: int, before: int | None) -> list[Decision]:
    found = {one.pk: one for one in decisions.with_reason(query, limit, before)}
    found |= {one.pk: one for one in decisions.on_items(refs, limit, before)}
    newest = [found[number] for number in sorted(found, reverse=True)][:limit]
    return [one for one in newest if mine.knows_of(one.policy, one.case_id)]


def hits(found: Sequence[Known], mine: Sight, snapshot: Snapshot) -> tuple[list[ItemHit], int]:
    """Without those that are in a case which is not for this person, and how many these were."""
    latest: dict[Ref, Case] = {}
    hidden: set[Ref] = set()
    for case in cases.cases_on([known.ref for known in found], limit=10 * PAGE):
        ref = Ref(case.item_type, case.item_id)
        if case.pk not in mine.blind:
            latest.setdefault(ref, case)
        if case.policy in mine.hidden:
            hidden.add(ref)
    shown = [_hit(known, latest.get(known.ref), mine, snapshot) for known in found if known.ref not in hidden]
    return shown, len(found) - len(shown)


def _hit(known: Known, case: Case | None, mine: Sight, snapshot: Snapshot) -> ItemHit:
    type_ = snapshot.item_types.get(known.ref.type)
    return ItemHit(known, type_.name if type_ else known.ref.type, case.pk if case and mine.sees(case) else None)
