"""What a condition comes to, in words for a person: what is, and what the rule asks for."""

from __future__ import annotations

from typing import Any, Final

from evenhand.engine.rules import jsonpath
from evenhand.engine.rules.check.walk import children
from evenhand.engine.rules.explain.shorten import LONGEST, clip, joined, listed, quoted, told
from evenhand.engine.rules.explain.watched import Watched
from evenhand.engine.rules.explain.written import name_of, written
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.jsonpath import MISSING
from evenhand.engine.rules.jsonread import reading
from evenhand.engine.rules.tree import Call, Compare, Expr, ListOf, Literal, Logic, Name, Unary
from evenhand.engine.rules.types import BOOL, RULE, parts
from evenhand.engine.rules.values import FAILED

_DEEPEST: Final = 6
_MOST: Final = 3
_MOST_CHOICES: Final = 6
_ASKS: Final = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE: Final = {
    "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==", "in": "not in", "not in": "in",
}  # fmt: skip
_VERBS: Final = {
    "TextContains": ("text", "phrase", "contains", "does not contain"),
    "StringContains": ("s", "phrase", "contains", "does not contain"),
    "StringStartsWith": ("s", "start", "begins with", "does not begin with"),
    "StringEndsWith": ("s", "end", "ends with", "does not end with"),
    "RegexMatch": ("target", "pattern", "matches the pattern", "does not match the pattern"),
    "HasLabel": ("entity", "label", "has the label", "does not have the label"),
}


class Sentences:
    """Sentences about one run."""

    def __init__(self, run: Watched) -> None:
        self._run = run

    def condition(self, expr: Expr, depth: int = _DEEPEST, *, wanted: bool = True) -> str:  # noqa: PLR0911 - one for each kind
        """`wanted`: what the rule asks the condition to be; False within a `not`."""
        if self._run.of(expr) is FAILED:
            return self.cause(expr)
        if depth == 0:
            return self._plainly(expr, wanted=wanted)
        match expr:
            case Unary(op="not"):
                return self.condition(expr.operand, depth - 1, wanted=not wanted)
            case Logic():
                return self._logic(expr, depth, wanted=wanted)
            case Compare():
                return self._compare(expr, wanted=wanted)
            case Name():
                return self._name(expr, depth, wanted=wanted)
            case Call() if expr.function.name in _VERBS and expr.function is BUILT_IN.get(expr.function.name):
                return self._verb(expr, wanted=wanted)
        return self._plainly(expr, wanted=wanted)

    def cause(self, expr: Expr) -> str:
        """Why an expression has no value: what could not be had first."""
        name = ""
        for _ in range(1000):
            inner = next((one for one in self._inside(expr) if self._run.of(one) is FAILED), None)
            if inner is None:
                break
            name = name_of(expr.key) if isinstance(expr, Name) else name
            expr = inner
        return f"{name or written(expr, 60)} has no value: {self._reason(expr)}"

    def value(self, expr: Expr) -> str:
        """What an expression came to, in words."""
        return "a secret" if self._run.secret(expr) else told(self._run.of(expr))

    def _inside(self, expr: Expr) -> tuple[Expr, ...]:
        return (self._run.definition(expr).value,) if isinstance(expr, Name) else children(expr)

    def _reason(self, expr: Expr) -> str:
        if error := self._run.error(expr.span):
            return clip(error, LONGEST)
        if isinstance(expr, Call) and expr.function.name in ("JsonData", "EntityJson"):
            read = reading(expr)
            found = jsonpath.first(read.path, self._run.context.data)
            return f"the event has {'nothing' if found is MISSING else 'null'} at {read.path}"
        missing = [one for one in children(expr) if self._run.of(one) is None and not isinstance(one, Literal)]
        if missing:
            return f"{listed(written(one, 60) for one in missing[:_MOST])} {_are(missing)} missing"
        return "it cannot be told from what the event has"

    def _name(self, expr: Name, depth: int, *, wanted: bool) -> str:
        definition = self._run.definition(expr)
        value = definition.value
        if isinstance(value, Name):
            return self._name(value, depth, wanted=wanted)
        if definition.type == RULE or isinstance(value, Compare | Logic | Unary):
            holds = self._run.of(expr)
            kind = "the rule " if definition.type == RULE else ""
            said = f"{kind}{definition.name} {'holds' if holds else 'does not hold'}"
            why = self._why(value, depth) if holds is not wanted else ""
            asks = "" if wanted else ", and must not" if holds else ", as the rule asks"
            return f"{said}{asks}{f': {why}' if why else ''}"
        return self._plainly(expr, wanted=wanted)

    def _why(self, value: Expr, depth: int) -> str:
        """Why a rule or a named condition came to what it is."""
        group = value.arguments.get("when_all") if isinstance(value, Call) else value
        if isinstance(group, ListOf):
            not_held = [one for one in group.items if self._run.of(one) is not True]
            return joined([self.condition(one, depth - 1) for one in (not_held or group.items)[:_MOST]])
        return "" if group is None or isinstance(group, Call | Literal) else self.condition(group, depth - 1)

    def _logic(self, expr: Logic, depth: int, *, wanted: bool) -> str:
        """What made it true or false: all of an `and` that holds, the first of an `or`; and the other way round."""
        holds = bool(self._run.of(expr))
        needs_all = holds == (expr.op == "and")
        telling = [one for one in expr.items if bool(self._run.of(one)) is holds]
        said = [self.condition(one, depth - 1, wanted=wanted) for one in telling[: _MOST if needs_all else 1]]
        if len(telling) > _MOST and needs_all:
            said.append(f"and {len(telling) - _MOST} more")
        either = not holds and expr.op == "or" and len(telling) > 1
        return f"none of {len(telling)} holds: {joined(said)}" if either else joined(said)

    def _compare(self, expr: Compare, *, wanted: bool) -> str:
        op, left, right = expr.op, expr.left, expr.right
        if op in _TURNED and self._run.constant(left) and not self._run.constant(right):
            op, left, right = _TURNED[op], right, left
        op = op if wanted else _OPPOSITE[op]
        return f"{self._is(left)}; the rule asks for {self._asked(op, right)}"

    def _asked(self, op: str, right: Expr) -> str:
        value = self._run.of(right)
        if op in ("==", "!=") and (value is None or value is FAILED):
            return "nothing to be there" if op == "==" else "something to be there"
        if op in ("in", "not in"):
            return self._membership(op, right)
        word = {"==": "", "!=": "anything but"}.get(op, _ASKS.get(op, ""))
        return f"{word} {self._compared_with(right)}".strip()

    def _membership(self, op: str, right: Expr) -> str:
        value = self._run.of(right)
        if not isinstance(value, list) or self._run.secret(right):
            return f"{'something' if op == 'in' else 'nothing'} that stands in {written(right, 60)}"
        choices = listed(map(told, value[:_MOST_CHOICES]), len(value) - _MOST_CHOICES, "or") if value else "nothing"
        return f"{'' if op == 'in' else 'anything but '}{choices}"

    def _compared_with(self, right: Expr) -> str:
        if isinstance(right, Literal) or (self._run.constant(right) and not isinstance(right, Name)):
            return self.value(right)
        name = written(right, 60)
        return f"{name} ({self.value(right)})" if self._run.constant(right) else f"{name}, which is {self.value(right)}"

    def _is(self, expr: Expr) -> str:
        value = self._run.of(expr)
        name = written(expr, 60)
        if value is None or value is FAILED:
            return f"{name} is missing"
        return f"{name} is {self.value(expr)}"

    def _verb(self, call: Call, *, wanted: bool) -> str:
        subject, thing, positive, negative = _VERBS[call.function.name]
        if subject not in call.arguments or thing not in call.arguments:
            return self._plainly(call, wanted=wanted)
        holds = bool(self._run.of(call))
        what = self._run.of(call.arguments[thing])
        about = call.arguments[subject]
        shown = self.value(about) if call.function.name == "HasLabel" else written(about, 60)
        said = f"{shown} {positive if holds else negative} {quoted(str(what))}"
        if holds is wanted:
            return f"{said}, as the rule asks"
        return f"{said}; the rule asks that it {'does' if wanted else 'does not'}"

    def _plainly(self, expr: Expr, *, wanted: bool) -> str:
        value = self._run.of(expr)
        if any(one in (BOOL, RULE) for one in parts(expr.type)):
            return f"{self._is(expr)}; the rule asks for {told(wanted)}"
        return f"{written(expr, 60)} is {'missing' if value is None else self.value(expr)}"


def _are(some: list[Any]) -> str:
    return "is" if len(some) == 1 else "are"


def sentence(words: str) -> str:
    """With a capital letter and a full stop."""
    said = words.rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."
