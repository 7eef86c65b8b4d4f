"""Runs the rules once more on an event, changing nothing, and tells of one rule why it fired or why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from evenhand.engine.rules.explain.inclusion import not_included
from evenhand.engine.rules.explain.peek import Peek
from evenhand.engine.rules.explain.report import (
    DEEPEST,
    MOST_FEATURES,
    Condition,
    Explanation,
    Feature,
    NotIncluded,
    Outcome,
    Truth,
)
from evenhand.engine.rules.explain.rule import Rule, find
from evenhand.engine.rules.explain.sentences import Sentences, sentence
from evenhand.engine.rules.explain.shorten import joined, short, told
from evenhand.engine.rules.explain.sources import sources
from evenhand.engine.rules.explain.watched import Watched
from evenhand.engine.rules.explain.written import name_of, read_in, written
from evenhand.engine.rules.moments import micros
from evenhand.engine.rules.ruleset import RuleSet
from evenhand.engine.rules.run import Context, Fired, Services, State
from evenhand.engine.rules.tree import Expr, Logic, Name, Unary
from evenhand.engine.rules.values import FAILED

HIDDEN = "(secret)"
_MOST_IN_SUMMARY = 2


def explain(
    ruleset: RuleSet,
    rule_name: str,
    action_name: str,
    data: dict[str, Any],
    *,
    at: datetime,
    action_id: int = 0,
    state: State | None = None,
    services: Services | None = None,
) -> Explanation:
    """Why a rule fired on an event, or why not. `state` is only looked at.

    Raises NoSuchRule.
    """
    rule = find(ruleset.program, rule_name)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    peek = Peek(state) if state is not None else None
    context = Context(action_name, action_id, data, at, micros(at), peek, services, ruleset.lists, [])
    run = Watched(ruleset.program, ruleset.order, context)
    fired = {one.rule: one for one in run.run().fired}
    return _Explaining(run, rule).explanation(fired.get(rule.name))


class _Explaining:
    """One rule, after the run."""

    def __init__(self, run: Watched, rule: Rule) -> None:
        self._run, self._rule = run, rule
        self._sentences = Sentences(run)

    def explanation(self, fired: Fired | None) -> Explanation:
        rule = self._rule
        outside = not_included(rule.file, self._run)
        outcome = self._outcome(fired, outside)
        features, cut = self._features()
        why_not = tuple(self._why_not(outcome, outside))
        return Explanation(
            rule=rule.name,
            file=rule.file,
            line=rule.line,
            outcome=outcome,
            told=self._told(outcome, why_not),
            description=fired.description if fired else "",
            why_not=why_not,
            conditions=tuple(self._condition(one) for one in rule.conditions),
            features=features,
            not_included=outside,
            cut=cut,
        )

    def _outcome(self, fired: Fired | None, outside: tuple[NotIncluded, ...]) -> Outcome:
        if fired:
            return "fired"
        if outside:
            return "not_run"
        value = self._run.of(self._rule.call)
        return "failed" if value is FAILED else "unused" if value else "false"

    def _why_not(self, outcome: Outcome, outside: tuple[NotIncluded, ...]) -> Iterator[str]:
        if outcome == "fired":
            return
        yield from (one.told for one in outside)
        for condition in self._rule.conditions:
            value = self._run.of(condition)
            if value is FAILED or not value:
                yield sentence(self._sentences.condition(condition))
        if outcome == "unused":
            yield f"{self._rule.name} holds, but no WhenRules that ran names it: nothing follows from it."

    def _told(self, outcome: Outcome, why_not: tuple[str, ...]) -> str:
        name = self._rule.name
        if outcome == "fired":
            held = [self._sentences.condition(one) for one in self._rule.conditions[:_MOST_IN_SUMMARY]]
            return sentence(f"{name} fired: {joined(held)}" if held else f"{name} fired")
        said = joined(why_not[:_MOST_IN_SUMMARY])
        verb = {"failed": "could not be told", "unused": "did nothing"}.get(outcome, "did not fire")
        return sentence(f"{name} {verb}: {said}" if said else f"{name} {verb}")

    def _condition(self, expr: Expr, depth: int = DEEPEST) -> Condition:
        inside: tuple[Expr, ...] = ()
        if depth and isinstance(expr, Logic):
            inside = expr.items
        elif depth and isinstance(expr, Unary) and isinstance(expr.operand, Logic):
            inside = expr.operand.items
        return Condition(
            text=written(expr),
            file=expr.span.file,
            line=expr.span.line,
            value=self._truth(expr),
            told=sentence(self._sentences.condition(expr)),
            reads=_read(expr),
            sources=sources(expr, self._run) if not inside else (),
            parts=tuple(self._condition(one, depth - 1) for one in inside),
        )

    def _truth(self, expr: Expr) -> Truth:
        value = self._run.of(expr)
        return "failed" if value is FAILED else "true" if value else "false"

    def _features(self) -> tuple[tuple[Feature, ...], bool]:
        """The names that the conditions read, then those that these read, and so on; whether there are more."""
        found: dict[str, Feature] = {}
        layer = list(dict.fromkeys(key for one in self._rule.conditions for key in read_in(one)))
        for _ in range(DEEPEST):
            for key in layer:
                if len(found) == MOST_FEATURES:
                    return tuple(found.values()), True
                found[key] = self._feature(key)
            inner = (one for key in layer for one in read_in(self._run.program.definitions[key].value))
            layer = [key for key in dict.fromkeys(inner) if key not in found]
        return tuple(found.values()), bool(layer)

    def _feature(self, key: str) -> Feature:
        definition = self._run.program.definitions[key]
        name = Name(key, definition.type, definition.span)
        value = self._run.of(name)
        failed = value is FAILED
        secret = definition.secret
        return Feature(
            name=definition.name,
            value=HIDDEN if secret else short(value),
            told=sentence(self._sentences.cause(name) if failed else f"{definition.name} is {self._value(name)}"),
            file=definition.span.file,
            line=definition.span.line,
            text=written(definition.value),
            reads=_read(definition.value),
            sources=() if secret else sources(definition.value, self._run),
            failed=failed,
        )

    def _value(self, name: Name) -> str:
        return "a secret" if self._run.secret(name) else told(self._run.of(name))


def _read(expr: Expr) -> tuple[str, ...]:
    return tuple(name_of(key) for key in read_in(expr))
