"""What strict mode adds: places where SML runs, and does another thing than it seems to say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from evenhand.engine.rules import jsonpath
from evenhand.engine.rules.check import walk
from evenhand.engine.rules.check.always import Always
from evenhand.engine.rules.check.calls import HOLD_TOGETHER
from evenhand.engine.rules.check.paths import READERS
from evenhand.engine.rules.jsonpath import Step
from evenhand.engine.rules.parse import Text
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.tree import (
    Binary,
    Call,
    Compare,
    Definition,
    Do,
    Expr,
    File,
    ListOf,
    Literal,
    Logic,
    Name,
    Unary,
)
from evenhand.engine.rules.types import ANY, BOOL, RULE, is_optional, parts


class Strict:
    """One project. `read`: the keys of all names that anything reads."""

    def __init__(self, known: Mapping[str, Definition], read: Collection[str]) -> None:
        self._known = known
        self._read = read
        self._always = Always(known)

    def problems(self, text: Text, file: File) -> Iterator[Problem]:
        for statement in file.statements:
            if isinstance(statement, Definition):
                yield from self._unused(text, statement)
            for expression in walk.of(statement):
                yield from self._inside(text, expression, frozenset())
            condition = None if isinstance(statement, Definition | Do) else statement.condition
            if condition:
                yield from self._decided(text, condition)

    def _unused(self, text: Text, definition: Definition) -> Iterator[Problem]:
        if definition.key in self._read or definition.name.startswith("_"):
            return
        if definition.type == RULE:
            yield text.problem(definition.span, f"nothing acts on the rule {definition.name!r}", _ACT, warning=True)
        elif not definition.shown:
            yield text.problem(definition.span, f"nothing reads {definition.name!r}", "leave it out", warning=True)

    def _inside(self, text: Text, expression: Expr, fine: frozenset[str]) -> Iterator[Problem]:
        """`fine`: keys of names that are not 0 where the expression counts."""
        match expression:
            case Binary(op="/" | "//" | "%", right=right):
                yield from self._divided(text, right, fine)
            case Call():
                yield from self._called(text, expression)
            case Compare():
                yield from self._compared(text, expression)
            case Logic():
                yield from self._logic(text, expression, fine)
                return
        for child in walk.children(expression):
            yield from self._inside(text, child, fine)

    def _logic(self, text: Text, logic: Logic, fine: frozenset[str]) -> Iterator[Problem]:
        yield from self._decided(text, logic)
        for item in logic.items:
            yield from self._inside(text, item, fine)
            fine |= _not_zero(item, holds=logic.op == "and")

    def _called(self, text: Text, call: Call) -> Iterator[Problem]:
        if call.function.name in READERS:
            yield from _reading(text, call)
        for conditions in (call.arguments.get(name) for name in HOLD_TOGETHER):
            if not isinstance(conditions, ListOf):
                continue
            for item in conditions.items:
                yield from self._decided(text, item)
            if all(self._always.holds(item) is None for item in conditions.items):
                yield from self._told(text, conditions, self._always.together("and", conditions.items))

    def _divided(self, text: Text, right: Expr, fine: frozenset[str]) -> Iterator[Problem]:
        value = self._always.constant(right)
        if value == 0:
            yield text.problem(right.span, "division by 0, which gives 0")
        elif not isinstance(value, int | float) and not (isinstance(right, Name) and right.key in fine):
            hint = "where that is not meant, write X != 0 and ... before it"
            yield text.problem(right.span, "this may be 0, and division by 0 gives 0", hint, warning=True)

    def _compared(self, text: Text, compare: Compare) -> Iterator[Problem]:
        for one, other in ((compare.left, compare.right), (compare.right, compare.left)):
            none = isinstance(other, Literal) and other.value is None
            if none and isinstance(one, Name) and not is_optional(one.type) and one.type != ANY:
                name = self._known[one.key].name
                message = f"{name} is {one.type}, never None; it only compares like None when it could not be had"
                yield text.problem(compare.span, message, f"give it the type Optional[{one.type}]", warning=True)
        yield from self._decided(text, compare)

    def _decided(self, text: Text, condition: Expr) -> Iterator[Problem]:
        yield from self._told(text, condition, self._always.holds(condition))

    def _told(self, text: Text, condition: Expr, holds: bool | None) -> Iterator[Problem]:  # noqa: FBT001  # an answer
        if holds is not None:
            yield text.problem(condition.span, f"this is always {holds}", "leave it out, or mend it", warning=True)


_ACT: Final = "name it in a WhenRules(rules_any=[...], then=[...])"


def _reading(text: Text, call: Call) -> Iterator[Problem]:
    name, kinds = call.function.name, parts(call.type)
    if BOOL in kinds and not _says(call, "coerce_type", said=False):
        message = "with coerce_type, every text is True, 'false' too, and so is every number but 0"
        yield text.problem(call.span, message, f"write {name}(..., coerce_type=False)")
    path = call.arguments.get("path")
    if isinstance(path, Literal) and Step.ANYWHERE in jsonpath.parse(str(path.value)):
        message = "`..` looks through the whole event, and takes what it meets first"
        yield text.problem(path.span, message, "write all the fields")
    if _says(call, "required", said=False) and not is_optional(call.type):
        message = f"where the event has nothing there, this fails in silence: it is {call.type}, never None"
        yield text.problem(call.span, message, f"give it the type Optional[{call.type}]")


def _says(call: Call, argument: str, *, said: bool) -> bool:
    given = call.arguments.get(argument)
    return isinstance(given, Literal) and given.value is said


def _not_zero(condition: Expr, *, holds: bool) -> frozenset[str]:
    """The names that are not 0 when the condition holds (or does not)."""
    match condition:
        case Unary(op="not", operand=operand):
            return _not_zero(operand, holds=not holds)
        case Compare(op="!=", left=Name(key=key), right=Literal(value=0)) if holds:
            return frozenset([key])
        case Compare(op="==", left=Name(key=key), right=Literal(value=0)) if not holds:
            return frozenset([key])
        case Compare(op=">", left=Name(key=key), right=Literal(value=int() | float() as limit)) if holds and limit >= 0:
            return frozenset([key])
        case Compare(op=">=", left=Name(key=key), right=Literal(value=int() | float() as low)) if holds and low > 0:
            return frozenset([key])
    return frozenset()
