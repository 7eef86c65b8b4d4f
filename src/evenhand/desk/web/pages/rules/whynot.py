"""Why a rule in force did not fire on an item, or did: its sentences for the item as it came last."""

from __future__ import annotations

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.fields import to_micros
from evenhand.desk.intake.queries import items
from evenhand.desk.rules import queries
from evenhand.desk.web.pages.rules.trying import outcome, state
from evenhand.engine.detect.ruleview import moment, view
from evenhand.engine.model import Event, ItemSent, Ref
from evenhand.engine.rules import explain

_NO_EVENT = "0" * 32


class WhyNot(Struct, frozen=True):
    """`problem` says why nothing can be told; `outcome` is the answer in a sentence, and `why` has the reasons."""

    rule: str
    problem: str = ""
    outcome: str = ""
    why: explain.Explanation | None = None


def rules_in_force() -> list[str]:
    """What can be asked about."""
    running = queries.current()
    return sorted(one.name for one in queries.defined(running.rules)) if running.rules else []


def why_not(rule: str, ref: Ref) -> WhyNot:
    """Counters are told as of the time when the item came, and labels as they stand now. Nothing is changed."""
    rules = queries.current().rules
    found = items.known([ref]).get(ref)
    if rules is None or rule not in rules_in_force():
        return WhyNot(rule, _("No rule in force has this name."))
    if found is None:
        return WhyNot(rule, _("The desk knows no such item."))
    at = to_micros(found.last_seen)
    seen = view(Event(id=_NO_EVENT, at=at, source="", body=ItemSent(item=found.item)))
    if seen is None:
        return WhyNot(rule, _("The item was deleted: rules do not judge it."))
    action, data = seen
    told = explain.explain(rules, rule, action, data, at=moment(at), state=state(rules, ref))
    return WhyNot(rule, outcome=outcome(told), why=told)
