"""Runs rules statement by statement, as the semantics have it: slow, plain, and the judge of the compiled form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import Any, Final

from msgspec.structs import replace

from evenhand.engine.rules import operate
from evenhand.engine.rules.jsonread import reading
from evenhand.engine.rules.naming import description, members, rule_name
from evenhand.engine.rules.operate import RESOLVE, resolve, told
from evenhand.engine.rules.order import Order, unconditional
from evenhand.engine.rules.output import result, shown
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.regex import TooSlow
from evenhand.engine.rules.run import (
    EXHAUSTED,
    STOPPED_WORK,
    Context,
    Error,
    Exhausted,
    Fired,
    Result,
    size,
    spend_work,
)
from evenhand.engine.rules.tree import (
    Binary,
    Call,
    Compare,
    Definition,
    Do,
    Expr,
    Format,
    ListOf,
    Literal,
    Logic,
    Name,
    Program,
    Require,
    Unary,
)
from evenhand.engine.rules.types import NONE, takes_none
from evenhand.engine.rules.values import FAILED, Effect, Entity, Expected


def run(program: Program, order: Order, context: Context) -> Result:
    """Every statement of every file that the event brings in, once each. What cannot be had is FAILED, and told."""
    return Interpreter(program, order, context).run()


class Interpreter:
    """One run. `values` has what each definition came to, by its key."""

    def __init__(self, program: Program, order: Order, context: Context) -> None:
        self._program, self._order, self._context = program, order, context
        self.values: dict[str, Any] = {}
        self._waiting: list[int] = []
        self._files: set[str] = set()
        self._features: dict[str, Any] = {}
        self._effects: list[Effect] = []
        self._fired: dict[str, Fired] = {}
        self._feature = ""
        self._exhausted = False

    def run(self) -> Result:
        self._bring(self._program.entry)
        while self._waiting:
            statement = self._order.steps[heappop(self._waiting)].statement
            self._feature = ""
            match statement:
                case Definition():
                    self._define(statement)
                case Do():
                    self.value(statement.value)
                case Require():
                    self._require(statement)
        return result(self._context, self._features, self._effects, self._fired.values())

    def _define(self, definition: Definition) -> None:
        self._feature = definition.name
        value = self.values[definition.key] = self.value(definition.value)
        if definition.shown:
            self._features[definition.name] = shown(value)

    def _require(self, require: Require) -> None:
        wanted = self.value(require.pattern)
        holds = require.condition is None or self.value(require.condition)
        if holds and wanted in require.files:
            self._bring(wanted)

    def _bring(self, file: str) -> None:
        """Puts a file's statements in line, and those of the files that it needs."""
        if file in self._files or file not in self._program.files:
            return
        self._files.add(file)
        for rank in self._order.of_file[file]:
            heappush(self._waiting, rank)
        for one in self._program.files[file].imports:
            self._bring(one)
        for statement in self._program.files[file].statements:
            for one in unconditional(statement):
                self._bring(one)

    def value(self, expr: Expr) -> Any:  # noqa: PLR0911 - one for each kind of expression
        """What an expression comes to; FAILED when something that it needs is."""
        match expr:
            case Literal():
                return expr.value
            case Name():
                return self.values[expr.key]
            case ListOf():
                return self._attempt(expr.span, lambda *values: operate.listed(list(values)), expr.items)
            case Call():
                return self._call(expr)
            case Unary():
                return self._unary(expr)
            case Binary():
                return self._calculate(expr.span, operate.BINARY[expr.op], expr.left, expr.right)
            case Compare():
                return self._compare(expr)
            case Logic():
                combine = all if expr.op == "and" else any
                return combine([bool(self.value(one)) for one in expr.items])
            case Format():
                parts = [Literal(one, expr.type, expr.span) if isinstance(one, str) else one for one in expr.parts]
                return self._attempt(expr.span, _joined, parts)

    def _all(self, items: Sequence[Expr]) -> Any:
        """The values of all items; FAILED when one of them is."""
        values = [self.value(one) for one in items]
        return FAILED if any(one is FAILED for one in values) else values

    def _attempt(self, span: Span, operation: Callable[..., Any], operands: Sequence[Expr]) -> Any:
        values = self._all(operands)
        return FAILED if values is FAILED else self._try(span, operation, *values)

    def _calculate(self, span: Span, operation: Callable[..., Any], *operands: Expr) -> Any:
        """None only comes here where something else in the condition keeps it out: FAILED, and no error."""
        values = self._all(operands)
        absent = values is FAILED or any(one is None for one in values)
        return FAILED if absent else self._try(span, operation, *values)

    def _try(self, span: Span, operation: Callable[..., Any], *values: Any, **more: Any) -> Any:
        try:
            return operation(*values, **more)
        except Expected:
            return FAILED
        except Exception as error:  # noqa: BLE001 - whatever a function of others raises is an error of this value alone
            self._context.work += STOPPED_WORK if isinstance(error, TooSlow) else 0  # it was done, room or no room
            self._error(span, told(error))
            return FAILED

    def _error(self, span: Span, message: str) -> None:
        self._context.errors.append(Error(span.file, span.line, span.column, message, self._feature))

    def _unary(self, expr: Unary) -> Any:
        if expr.op == "-":
            return self._calculate(expr.span, operate.negative, expr.operand)
        value = self.value(expr.operand)
        return FAILED if value is FAILED else not value

    def _compare(self, expr: Compare) -> Any:
        left, right = self.value(expr.left), self.value(expr.right)
        match expr.op:
            case "==":
                return bool(operate.plain(left) == operate.plain(right))
            case "!=":
                return bool(operate.plain(left) != operate.plain(right))
            case "in" | "not in":
                if right is FAILED or right is None:
                    return FAILED
                found = self._try(expr.span, operate.contains, left, right)
                return found if found is FAILED or expr.op == "in" else not found
        if left is FAILED or right is FAILED:
            return FAILED
        return self._try(expr.span, operate.ORDERED[expr.op], left, right)

    def _call(self, call: Call) -> Any:
        if call.function.form:
            return _FORMS[call.function.name](self, call)
        given = {name: self.value(one) for name, one in call.arguments.items()}
        function = call.function
        if any(one is FAILED for one in given.values()) or any(
            given.get(one.name, one) is None and not takes_none(one.type) for one in function.parameters
        ):
            return FAILED
        if not self._affords(call, given.values()):
            return FAILED
        values: list[Any] = [self._context] if function.context else []
        values += [given.pop(one.name, one.default) for one in function.positional]
        return self._try(call.span, function.call, *values, **given)

    def _affords(self, call: Call, given: Iterable[Any]) -> bool:
        """Whether there is work left for the call. The first for which there is none is told."""
        function = call.function
        if not function.counted:
            return True
        try:
            spend_work(self._context, function.cost * sum(map(size, given)))
        except Exhausted:
            if not self._exhausted:
                self._error(call.span, EXHAUSTED)
            self._exhausted = True
            return False
        return True

    def rule(self, call: Call) -> Any:
        items = self.value(call.arguments["when_all"])
        return FAILED if items is FAILED else all(items)

    def entity(self, call: Call) -> Any:
        return self._calculate(call.span, Entity, *call.arguments.values())

    def resolve(self, call: Call) -> Any:
        return self._attempt(call.span, resolve, [call.arguments.get(one, _NONE) for one in RESOLVE])

    def when_rules(self, call: Call) -> None:
        rules = self._each(call.arguments["rules_any"])
        effects = [effect for _, effect in self._each(call.arguments["then"]) if isinstance(effect, Effect)]
        passed = {rule_name(one, self._program): one for one, value in rules if value}
        if not passed:
            return
        self._effects += [replace(effect, rules=tuple(passed)) for effect in effects]
        for name, rule in passed.items():
            self._fired.setdefault(name, Fired(name, self._description(rule)))

    def _each(self, group: Expr) -> list[tuple[Expr, Any]]:
        """Each member of a list by itself: one that FAILED does not make the others so."""
        if isinstance(group, ListOf):
            return [(one, self.value(one)) for one in group.items]
        value = self.value(group)
        if value is FAILED:
            return []
        written = members(group, self._program)
        return list(zip(written or [group] * len(value), value, strict=True))

    def _description(self, rule: Expr) -> str:
        words = description(rule, self._program)
        if isinstance(words, Format):
            return "".join(one if isinstance(one, str) else operate.text(self.values[one.key]) for one in words.parts)
        return "" if words is None else operate.text(self.value(words))

    def json(self, call: Call) -> Any:
        return self._try(call.span, reading(call).value, self._context.data)


_NONE: Final = Literal(None, NONE, Span("", 0, 0, 0, 0))
_FORMS: Final[dict[str, Callable[[Interpreter, Call], Any]]] = {
    "Rule": Interpreter.rule,
    "WhenRules": Interpreter.when_rules,
    "JsonData": Interpreter.json,
    "EntityJson": Interpreter.json,
    "Entity": Interpreter.entity,
    "ResolveOptional": Interpreter.resolve,
    "GetActionName": lambda self, _: self._context.action_name,
    "GetActionId": lambda self, _: self._context.action_id,
}


def _joined(*parts: Any) -> str:
    return operate.joined([operate.text(one) for one in parts])
