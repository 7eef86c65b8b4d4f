"""What rules that somebody writes would make of one event: one of the desk's last, or one that is pasted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.sight import hidden_among, sight
from evenhand.desk.fields import now_micros
from evenhand.desk.intake.queries import events, items
from evenhand.desk.intake.queries import history as intake
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries
from evenhand.desk.rules.queries.labels import manual_labels
from evenhand.desk.signals import queries as signals
from evenhand.desk.web.pages.rules.words import value
from evenhand.desk.web.pages.search import hits
from evenhand.engine.detect.ruleview import moment, number, view
from evenhand.engine.model import Event, ItemSent, Ref
from evenhand.engine.rules import Result, RuleSet, explain, nesting
from evenhand.engine.rules.state import KeyedState

LAST = 20
LONGEST = 60
STATE = "rule:"
_UNCOUNTED = 1 << 59
"""Added to an item's number, this is the id of no event that was counted."""


class Choice(Struct, frozen=True):
    key: str
    label: str


class Given(Struct, frozen=True):
    """An event as rules see it. `subject` is the item of the desk that it is about."""

    action: str
    data: dict[str, Any]
    at: datetime
    id: int = 0
    subject: Ref | None = None


class Tried(Struct, frozen=True):
    """`problem` says why nothing could be tried. `why`: about the rule that was asked for."""

    problem: str = ""
    action: str = ""
    features: list[tuple[str, str]] = []
    fired: list[tuple[str, str]] = []
    effects: list[tuple[str, str]] = []
    errors: list[str] = []
    why: explain.Explanation | None = None
    outcome: str = ""
    """What came of the rule that was asked for, in a sentence; `why` has the reasons."""


class _Pasted(Struct, frozen=True):
    action_name: str
    data: dict[str, Any]
    timestamp: datetime | None = None


def choices(user: User) -> list[Choice]:
    """The last items and reports that this person may see."""
    found = [Choice(f"item:{one.number}", _label(one.ref.type, one.item.text or one.item.name)) for one in _items(user)]
    for id_, event in _reports(user).items():
        seen = view(event)
        if seen is not None:
            found.append(Choice(f"event:{id_}", _label(seen[0], event.item.text if event.item else "")))
    return found


def tried(rules: RuleSet | None, form: Mapping[str, str], user: User) -> Tried:
    if rules is None:
        return Tried(problem=_("The rules have mistakes: mend these first."))
    try:
        given = _given(form, user)
    except (msgspec.DecodeError, ValueError) as error:
        return Tried(problem=str(error))
    standing = state(rules, given.subject)
    why = None
    if name := form.get("why", ""):
        try:
            why = explain.explain(
                rules,
                name,
                given.action,
                given.data,
                at=given.at,
                action_id=given.id,
                state=state(rules, given.subject),
            )
        except explain.NoSuchRule as error:
            return Tried(problem=str(error))
    result = rules.run(given.action, given.data, at=given.at, action_id=given.id, state=standing)
    return _told(given, result, why)


def _given(form: Mapping[str, str], user: User) -> Given:
    """Raises ValueError, msgspec.DecodeError: no such event, or what was pasted is none."""
    if text := form.get("event", "").strip():
        pasted = nesting.read(msgspec.json.Decoder(_Pasted).decode, text.encode())
        at = pasted.timestamp or moment(now_micros())
        return Given(pasted.action_name, pasted.data, at if at.tzinfo else at.replace(tzinfo=UTC))
    event = _chosen(form.get("choice", ""), user)
    seen = view(event) if event else None
    if event is None or seen is None:
        raise ValueError(_("Choose an event, or paste one."))
    return Given(seen[0], seen[1], moment(event.at), number(event), event.subject)


def _chosen(choice: str, user: User) -> Event | None:
    kind, _sep, key = choice.partition(":")
    if kind == "event":
        return _reports(user).get(key)
    known = next((one for one in _items(user) if f"item:{one.number}" == choice), None)
    if known is None:
        return None
    return Event(id=f"{_UNCOUNTED + known.number:032x}", at=now_micros(), source="", body=ItemSent(item=known.item))


def state(rules: RuleSet, subject: Ref | None) -> KeyedState:
    """Counters and labels as they stand now; the one that is run on it forgets what it counts."""
    load = signals.kept_state(subject) if subject else lambda _key: None
    return KeyedState(lambda key: load(f"{STATE}{key}"), people=_by_people, limits=rules.limits)


def _by_people(entity: Any) -> Mapping[str, Any]:
    key = f"label:{entity.type}/{entity.id}"
    return manual_labels([key]).get(key) or {}


def _told(given: Given, result: Result, why: explain.Explanation | None) -> Tried:
    return Tried(
        action=given.action,
        features=[(name, value(one)) for name, one in result.features.items() if not name.startswith("__")],
        fired=[(one.rule, one.description) for one in result.fired],
        effects=[(_effect(one), ", ".join(one.rules)) for one in result.effects],
        errors=[f"{one.file}:{one.line}: {one.message}" for one in result.errors],
        why=why,
        outcome=outcome(why) if why else "",
    )


def outcome(why: explain.Explanation) -> str:
    told = {
        "fired": _("%(rule)s fires."),
        "failed": _("%(rule)s cannot be told."),
        "unused": _("%(rule)s holds, but no WhenRules that runs names it: nothing follows from it."),
        "not_run": _("%(rule)s does not run."),
    }.get(why.outcome, _("%(rule)s does not fire."))
    return told % {"rule": why.rule}


def _effect(effect: Any) -> str:
    about = f" {effect.entity.type} {effect.entity.id}" if effect.entity is not None else ""
    given = ", ".join(f"{name} {value(one)}" for name, one in effect.arguments.items() if one is not None)
    return f"{effect.kind.replace('_', ' ')}{about}{': ' if given else ''}{given}"


def _items(user: User) -> list[items.Known]:
    shown, _hidden = hits(items.newest(LAST), sight(user), policies.current())
    return [one.known for one in shown if not one.known.item.deleted]


def _reports(user: User) -> dict[str, Event]:
    found = events.kept(intake.newest_reports(LAST))
    hidden = hidden_among([event.subject for event in found.values()], sight(user))
    return {id_: event for id_, event in found.items() if event.subject not in hidden}


def _label(action: str, text: str) -> str:
    words = " ".join(text.split())
    return f"{action}: {words[:LONGEST]}{'…' if len(words) > LONGEST else ''}"


def rule_names(rules: RuleSet | None) -> list[str]:
    """What can be asked about."""
    return [one.name for one in queries.defined(rules)] if rules else []
