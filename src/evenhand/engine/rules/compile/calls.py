"""Calls of functions in Python code: what raises nothing stands where it is needed, the rest in lines before."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from evenhand.engine.rules.compile.code import UNKNOWN, Code, condition, joined
from evenhand.engine.rules.compile.comparisons import compare
from evenhand.engine.rules.compile.events import read
from evenhand.engine.rules.compile.expressions import Expressions, is_certain, may_be_kept
from evenhand.engine.rules.compile.texts import Texts
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.operate import RESOLVE
from evenhand.engine.rules.tree import Call, Compare, Expr, ListOf
from evenhand.engine.rules.types import BOOL, NONE, is_optional
from evenhand.engine.rules.values import Effect

_LABELS: Final = ("LabelAdd", "LabelRemove")
_NOTHING: Final = Code("None", NONE, known=None, cost=0)


class Calls:
    """Writes calls and comparisons. `action`: the one action name that the code is for; None: for any."""

    def __init__(self, texts: Texts, action: str | None) -> None:
        self._texts, self._action = texts, action

    def __call__(self, expr: Expr, expressions: Expressions) -> Code:  # noqa: PLR0911 - one for each form
        if isinstance(expr, Compare):
            return compare(expr, expressions)
        assert isinstance(expr, Call)  # all else is written by expressions
        match expr.function.name if expr.function.form else "":
            case "Rule":
                return self._rule(expr, expressions)
            case "JsonData" | "EntityJson":
                return read(expr, expressions)
            case "GetActionName" if self._action is not None:
                return expressions.literal(self._action, expr.type)
            case "GetActionName":
                return Code("context.action_name", expr.type)
            case "GetActionId":
                return Code("context.action_id", expr.type)
            case "Entity":
                return self._entity(expr, expressions)
            case "ResolveOptional":
                return self._resolve(expr, expressions)
        return self._texts.code(expr, expressions) or self._called(expr, expressions)

    def _entity(self, call: Call, expressions: Expressions) -> Code:
        arguments, fails, codes = expressions.arguments(call)
        return Code(f"Entity({arguments})", call.type, fails, 3, 1 + max(one.depth for one in codes))

    def _resolve(self, call: Call, expressions: Expressions) -> Code:
        given = [expressions.code(call.arguments[one]) if one in call.arguments else _NOTHING for one in RESOLVE]
        value, default, _ = given = [*(expressions.kept(one) for one in given[:2]), given[2]]
        fails = joined(given)
        if not is_optional(value.type):
            return Code(value.text, call.type, fails, 1, 1)
        if not is_optional(default.type):
            return Code(f"({default.text} if {value.text} is None else {value.text})", call.type, fails, 1, 1)
        arguments = ", ".join(one.text for one in given)
        return expressions.attempted(f"resolve({arguments})", call.type, call.span, fails)

    def _rule(self, call: Call, expressions: Expressions) -> Code:
        group = call.arguments["when_all"]
        if not isinstance(group, ListOf):
            value = expressions.code(group)
            return condition(f"all({value.text})", [value])
        items = [expressions.code(one) for one in group.items]
        doubtful = sorted((one for one in items if one.known is UNKNOWN), key=lambda one: one.cost)
        if any(one.known is not UNKNOWN and not one.known for one in items):
            text = "False"
        elif not doubtful:
            text = "True"
        else:
            text = f"({' and '.join(one.text for one in doubtful)})"
            text = text if all(map(is_certain, doubtful)) else f"(True if {text} else False)"
        known = text == "True" if text in ("True", "False") and not any(one.fails for one in items) else UNKNOWN
        return expressions.literal(known, BOOL) if known is not UNKNOWN else condition(text, items)

    def _called(self, call: Call, expressions: Expressions) -> Code:
        function = call.function
        arguments, fails, codes = expressions.arguments(call)
        kind = function.name if function.name.isidentifier() else "call"
        if function.pure and not function.context and all(one.known is not UNKNOWN for one in codes):
            made = _beforehand(call, expressions)
            if made is not None:
                return made
        text = expressions.charged(f"{expressions.constants.add(function.call, kind)}({arguments})", call)
        if not (function.total or _labels_for_certain(call)):
            return expressions.attempted(text, call.type, call.span, fails)
        depth = 1 + max((one.depth for one in codes), default=0)
        return Code(text, call.type, fails, function.cost + sum(one.cost for one in codes), depth)


def _beforehand(call: Call, expressions: Expressions) -> Code | None:
    """The value of a call whose arguments are all written out; None where it must be made anew for each event."""
    given = {name: expressions.code(one).known for name, one in call.arguments.items()}
    values = [given.pop(one.name, one.default) for one in call.function.positional]
    try:
        value = call.function.call(*values, **given)
    except Exception:  # noqa: BLE001 - it is told for each event
        return None
    if value is None or (isinstance(value, str | int | float) and may_be_kept(value)):
        return expressions.literal(value, call.type)
    if isinstance(value, timedelta):
        return Code(expressions.constants.add(value, "duration", value), call.type, cost=0)
    if isinstance(value, Effect):
        return Code(expressions.constants.add(value, "effect"), call.type, cost=0)
    return None


def _labels_for_certain(call: Call) -> bool:
    """Whether it is a label that no condition of its own can suppress."""
    name = call.function.name
    return name in _LABELS and call.function is BUILT_IN[name] and "apply_if" not in call.arguments
