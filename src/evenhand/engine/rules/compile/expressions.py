"""From the tree of an expression to Python code for it; what may raise goes into lines before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from evenhand.engine.rules import operate
from evenhand.engine.rules.compile.code import DEEPEST, UNKNOWN, Code, Constants, Lines, condition, joined
from evenhand.engine.rules.order import names
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.run import FREE_LENGTH
from evenhand.engine.rules.tree import Binary, Call, Expr, Format, ListOf, Literal, Logic, Name, Unary
from evenhand.engine.rules.types import ANY, BOOL, INT, NONE, RULE, STR, Type, entity_of, is_optional, parts, takes_none

_TOTAL: Final = ("+", "-", "|", "^", "&")
_JUDGED: Final = {BOOL, RULE}
_NUMBER: Final = {INT}
_FLAT: Final = ("str", "int", "float", "bool", "None", "Rule", "Entity", "Effect", "TimeDelta", "Experiment")
_LONG: Final = {"str", "list", "None"}
_FEW: Final = 8
LONGEST_KEPT: Final = 10_000
"""Longest text that is made once for all events; longer ones are made for each, and gone after it."""


def may_be_kept(value: Any) -> bool:
    """Whether it may be made before any event."""
    return value is not UNKNOWN and not (isinstance(value, str) and len(value) > LONGEST_KEPT)


def absent(code: Code) -> tuple[str, ...]:
    """The conditions under which a value cannot be calculated with: FAILED, and None where it may be None."""
    none = is_optional(code.type) or code.type == ANY
    return (*code.fails, f"{code.text} is None") if none and code.known is UNKNOWN else code.fails


def is_certain(code: Code) -> bool:
    """Whether the code gives True or False, nothing else, where it does not fail."""
    return set(parts(code.type)) <= _JUDGED


class Names(Protocol):
    """The variables that other statements have made."""

    def look_up(self, key: str) -> Code:
        """The code of a name."""

    def used(self, variable: str) -> None:
        """A variable is needed here."""


class Expressions:
    """Writes expressions. `feature` is what is being defined, for errors."""

    def __init__(self, constants: Constants, names: Names, more: Callable[..., Code]) -> None:
        self.constants, self.names, self._more = constants, names, more
        self.lines = Lines()
        self.feature = ""
        self.there: dict[tuple[str, ...], str] = {}
        """What is in a variable already where the code stands now: objects of the event, conditions that come often."""
        self._count = 0

    def code(self, expr: Expr) -> Code:
        made = self._code(expr)
        return self.kept(made) if made.depth > DEEPEST else made

    def _code(self, expr: Expr) -> Code:  # noqa: PLR0911 - one for each kind of expression
        match expr:
            case Literal():
                return self.literal(expr.value, expr.type)
            case Name():
                return self.names.look_up(expr.key)
            case ListOf():
                return self._list(expr)
            case Unary():
                return self._unary(expr)
            case Binary():
                return self._binary(expr)
            case Logic():
                return logic(expr.op, [self.code(one) for one in expr.items], self)
            case Format():
                return self._format(expr)
        return self._more(expr, self)

    def literal(self, value: Any, type_: Type) -> Code:
        return Code(self.constants.literal(value), type_, known=value, cost=0)

    def fresh(self) -> str:
        self._count += 1
        return f"t{self._count}"

    def kept(self, code: Code) -> Code:
        """The same value in a variable."""
        if code.bare or code.known is not UNKNOWN:
            return code
        return self.assigned(self.fresh(), code)

    def assigned(self, name: str, code: Code) -> Code:
        text = f"FAILED if {self.failed(code.fails)} else {code.text}" if code.fails else code.text
        self.lines.add(f"{name} = {text}")
        return Code(name, code.type, (f"{name} is FAILED",) if code.fails else (), bare=True)

    def failed(self, fails: tuple[str, ...]) -> str:
        """Whether one of the conditions holds; several of them in a variable that serves all who ask."""
        if len(fails) == 1:
            return fails[0]
        key = ("failed", *fails)
        if key not in self.there:
            self.there[key] = name = self.fresh()
            self.lines.add(f"{name} = {' or '.join(fails)}")
        return self.there[key]

    def attempted(self, text: str, type_: Type, span: Span, fails: tuple[str, ...] = ()) -> Code:
        """A variable with the value of `text`, which may raise: then the value is FAILED, and the error told."""
        name = self.fresh()
        if fails:
            self.lines.add(f"{name} = FAILED")
            with self.lines.block(f"if not ({self.failed(fails)}):"):
                self._try(name, text, span)
        else:
            self._try(name, text, span)
        return Code(name, type_, (f"{name} is FAILED",), bare=True)

    def _try(self, name: str, text: str, span: Span) -> None:
        site = self.constants.add((span.file, span.line, span.column, self.feature), "site", (span, self.feature))
        with self.lines.block("try:"):
            self.lines.add(f"{name} = {text}")
        with self.lines.block("except Exception as error:"):
            self.lines.add(f"{name} = caught(error, context, {site})")

    def _list(self, expr: ListOf) -> Code:
        items = [self.code(one) for one in expr.items]
        depth = 1 + max((one.depth for one in items), default=0)
        text = f"[{', '.join(one.text for one in items)}]"
        if any(one.name not in _FLAT for item in items for one in parts(item.type)):
            return self.attempted(f"listed({text})", expr.type, expr.span, joined(items))
        return Code(text, expr.type, joined(items), sum(one.cost for one in items), depth)

    def _unary(self, expr: Unary) -> Code:
        operand = self.code(expr.operand)
        if expr.op == "not":
            if operand.known is not UNKNOWN:
                return self.literal(not operand.known, BOOL)
            return condition(f"(not {operand.text})", [operand])
        if is_optional(operand.type):
            operand = self.kept(operand)
        if set(parts(expr.type)) <= _NUMBER:
            text = f"(-{operand.text})"
            return Code(text, expr.type, absent(operand), operand.cost + 1, operand.depth + 1)
        return self.attempted(f"negative({operand.text})", expr.type, expr.span, absent(operand))

    def _binary(self, expr: Binary) -> Code:
        left, right = (self._calculable(one) for one in (expr.left, expr.right))
        if left.known is not UNKNOWN and right.known is not UNKNOWN:
            try:
                value = operate.BINARY[expr.op](left.known, right.known)
            except operate.Impossible:
                value = UNKNOWN  # told for each event
            if may_be_kept(value):
                return self.literal(value, expr.type)
        fails = tuple(dict.fromkeys((*absent(left), *absent(right))))
        whole = {one for code in (left, right) for one in parts(code.type) if one != NONE} == _NUMBER
        if whole and expr.op in _TOTAL:
            text = f"({left.text} {expr.op} {right.text})"
            return Code(text, expr.type, fails, left.cost + right.cost + 1, 1 + max(left.depth, right.depth))
        operation = self.constants.add(operate.BINARY[expr.op], "operate", expr.op)
        return self.attempted(f"{operation}({left.text}, {right.text})", expr.type, expr.span, fails)

    def _calculable(self, expr: Expr) -> Code:
        code = self.code(expr)
        return self.kept(code) if is_optional(code.type) or code.type == ANY else code

    def _format(self, expr: Format) -> Code:
        pieces = [one if isinstance(one, str) else self.names.look_up(one.key) for one in expr.parts]
        known = [one if isinstance(one, str) else one.known for one in pieces]
        if not any(one is UNKNOWN for one in known):
            told = [operate.text(one) for one in known]
            if sum(map(len, told)) <= LONGEST_KEPT:
                return self.literal("".join(told), STR)
        fails = joined(one for one in pieces if isinstance(one, Code))
        texts = [self.constants.literal(one) if isinstance(one, str) else _text(one) for one in pieces]
        few = len(texts) <= _FEW  # what they come to is not much, even before it is measured
        made = f"short({' + '.join(texts)})" if few else f"joined([{', '.join(texts)}])"
        return self.attempted(made, STR, expr.span, fails)

    def arguments(self, call: Call) -> tuple[str, tuple[str, ...], list[Code]]:
        """The arguments of a call as Python has them, when they keep it from being made, and their codes."""
        function = call.function
        given = {name: self.code(one) for name, one in call.arguments.items()}
        fails: dict[str, None] = dict.fromkeys(joined(given.values()))
        for one in function.parameters:
            if one.name in given and not takes_none(one.type):
                given[one.name] = code = self._calculable_code(given[one.name])
                fails |= dict.fromkeys(absent(code))
        written = ["context"] if function.context else []
        written += [
            given[one.name].text if one.name in given else self.default(one.default) for one in function.positional
        ]
        rest = [name for name in given if name not in {one.name for one in function.positional}]
        if rest:
            written.append("**{" + ", ".join(f"{name!a}: {given[name].text}" for name in rest) + "}")
        return ", ".join(written), tuple(fails), list(given.values())

    def charged(self, called: str, call: Call) -> str:
        """The call behind a count of the work that it makes of long texts and of lists."""
        if not call.function.counted:
            return called
        counts = [
            f"{guard} and spend(context, {code.text}, {call.function.cost})"
            for code in map(self.names.look_up, dict.fromkeys(names(call)))
            if code.known is UNKNOWN and (guard := _long(code))
        ]
        return f"({' or '.join([*counts, called])})" if counts else called

    def _calculable_code(self, code: Code) -> Code:
        return self.kept(code) if is_optional(code.type) or code.type == ANY else code

    def default(self, value: Any) -> str:
        if value is None or isinstance(value, str | int | float):
            return self.constants.literal(value)
        return self.constants.add(value, "default")


def _long(code: Code) -> str:
    """The condition under which the value of a variable is long; empty where its type has no length."""
    kinds = {one.name for one in parts(code.type)}
    if not kinds <= _LONG or kinds == {"None"} or not code.text.isidentifier():
        return ""
    if "list" in kinds:
        return code.text
    certain = kinds == {"str"} and not code.fails
    return f"{'' if certain else f'type({code.text}) is str and '}len({code.text}) > {FREE_LENGTH}"


def _text(code: Code) -> str:
    if code.type == STR:
        return code.text
    return f"{code.text}.id" if code.type == entity_of(STR) else f"text({code.text})"


def truth(code: Code, expressions: Expressions) -> str:
    """Python code that is truthy when the value is: FAILED and None are not."""
    if not code.fails or code.bare:
        return code.text
    return f"(not ({expressions.failed(code.fails)}) and {code.text})"


def logic(op: str, items: Sequence[Code], expressions: Expressions) -> Code:
    """`and`, `or` over values that raise nothing: the cheap ones first."""
    stops = op == "or"
    if any(one.known is not UNKNOWN and bool(one.known) is stops for one in items):
        return expressions.literal(stops, BOOL)
    items = sorted((one for one in items if one.known is UNKNOWN), key=lambda one: one.cost)
    if not items:
        return expressions.literal(not stops, BOOL)
    text = f" {op} ".join(truth(one, expressions) for one in items)
    certain = all(is_certain(one) and not (one.bare and one.fails) for one in items)
    return condition(f"({text})" if certain else f"(True if {text} else False)", items, fails=())
