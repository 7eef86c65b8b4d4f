"""A rule that fired, in sentences, from what was kept with its signal: the event and its counters are long gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from evenhand.engine.rules.explain.rule import find
from evenhand.engine.rules.explain.sentences import Sentences, sentence
from evenhand.engine.rules.explain.watched import Watched
from evenhand.engine.rules.explain.written import name_of, written
from evenhand.engine.rules.ruleset import RuleSet
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.tree import Expr, ListOf, Literal, Logic, Name, Unary
from evenhand.engine.rules.types import TIMEDELTA
from evenhand.engine.rules.values import Entity

_LONGEST: Final = 120
"""Of a condition as it is written: as `on_fire` keeps it."""


def held(ruleset: RuleSet, rule_name: str, features: Mapping[str, Any]) -> dict[str, str]:
    """What `on_fire` kept under "conditions", each with its sentence; those that need more than the values that it kept
    under "features" are left out.

    Raises NoSuchRule.
    """
    found: dict[str, str] = {}
    for condition in find(ruleset.program, rule_name).conditions:
        run = _Kept(ruleset, features)
        run.was(condition, value=True)
        try:
            found[written(condition, _LONGEST)] = sentence(Sentences(run).condition(condition))
        except _Gone:
            continue
    return found


class _Gone(Exception):
    """A value that was not kept."""


class _Kept(Watched):
    """A run of which only some values are known."""

    def __init__(self, ruleset: RuleSet, features: Mapping[str, Any]) -> None:
        at = datetime.fromtimestamp(0, UTC)
        super().__init__(ruleset.program, ruleset.order, Context("", 0, {}, at, 0, None, None, ruleset.lists, []))
        self._features = dict(features)
        self._known: dict[int, bool] = {}

    def was(self, expr: Expr, *, value: bool) -> None:
        """What a condition came to, and with it the conditions of which it is made."""
        self._known[id(expr)] = value
        if isinstance(expr, Unary) and expr.op == "not":
            self.was(expr.operand, value=not value)
        elif isinstance(expr, Logic) and value == (expr.op == "and"):
            for one in expr.items:
                self.was(one, value=value)

    def of(self, expr: Expr) -> Any:
        """Raises _Gone."""
        if id(expr) in self._known:
            return self._known[id(expr)]
        match expr:
            case Literal(value=value):
                return value
            case ListOf(items=items):
                return [self.of(one) for one in items]
            case Name():
                return self._named(expr)
        if self.constant(expr):
            return super().of(expr)
        raise _Gone

    def _named(self, name: Name) -> Any:
        definition = self.definition(name)
        if definition.shown and name_of(name.key) in self._features:
            return _restored(self._features[name_of(name.key)], definition.type == TIMEDELTA)
        return self.of(definition.value)


def _restored(value: Any, is_span: bool) -> Any:  # noqa: FBT001 (a value and its kind)
    """As it was before it became JSON."""
    match value:
        case {"type": str(type_), "id": id_}:
            return Entity(type_, id_)
        case int() | float() if is_span:
            return timedelta(seconds=value)
    return value
