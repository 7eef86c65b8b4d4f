"""What rules at work need of the platform document: it does not lose a policy or an action that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.rules import queries
from evenhand.desk.rules.asks import Ask, asks
from evenhand.desk.rules.models import Life
from evenhand.engine.platform import Platform

AT_WORK = (Life.Stage.CANARY, Life.Stage.LIVE)
_MOST_NAMES = 8
_UNDER_A_POLICY = ("enqueue", "hold", "act")
Needs = Mapping[tuple[str, str], list[str]]
"""The rules that need a thing of the document, by what it is and its id: ("policy", "spam")."""


def guard(old: Platform, new: Platform) -> list[str]:
    """Sentences on what canaries and live rules still need of the old document. Rules in shadow have no effect, and
    keep nothing."""
    gone = _in_use(old) - _in_use(new)
    if not gone:
        return []
    at_work = [name for name, life in queries.lives().items() if life.stage in AT_WORK]
    needs = _needs(at_work)
    return [_sentence(*thing, needs[thing]) for thing in sorted(gone) if thing in needs]


def missing(rule: str, snapshot: Snapshot) -> str:
    """What the rule in force names and the document does not have in use: policy “spam”; "" for nothing. A desk that
    has no document yet asks nothing."""
    if not snapshot.version:
        return ""
    known = _in_use(snapshot.platform)
    return next((f"{noun} “{id_}”" for noun, id_ in _needs([rule]) if (noun, id_) not in known), "")


def _needs(rules: Iterable[str]) -> Needs:
    rules_in_force = queries.in_force()
    asked = asks(rules_in_force) if rules_in_force else {}
    found: dict[tuple[str, str], list[str]] = {}
    for rule in rules:
        for thing in dict.fromkeys(thing for one in asked.get(rule, ()) for thing in _things(one)):
            found.setdefault(thing, []).append(rule)
    return found


def _things(ask: Ask) -> Iterator[tuple[str, str]]:
    if ask.kind in _UNDER_A_POLICY and ask.policy:
        yield "policy", ask.policy
    if ask.kind == "act" and ask.name:
        yield "action", ask.name


def _in_use(document: Platform) -> set[tuple[str, str]]:
    policies = {("policy", one.id) for one in document.policies if not one.retired}
    return policies | {("action", one.id) for one in document.actions if not one.retired}


def _sentence(noun: str, id_: str, rules: list[str]) -> str:
    names = ", ".join(sorted(rules)[:_MOST_NAMES]) + (" …" if len(rules) > _MOST_NAMES else "")
    need = f"the rule {names} needs it" if len(rules) == 1 else f"{len(rules):,} rules need it ({names})"
    ways = f"Retire what needs it, or publish it with another {noun}, or keep this one"
    return f"The {noun} “{id_}” cannot go yet: {need}. {ways}."
