"""What of Python's syntax is SML: every other construct is refused where it stands, with what to write instead."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from evenhand.engine.rules.function import Function
from evenhand.engine.rules.parse.text import Text
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.suggest import did_you_mean

BINARY: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&",
}  # fmt: skip
UNARY: Final[dict[type[ast.unaryop], str]] = {ast.Not: "not", ast.USub: "-"}
COMPARE: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
MOST_DEPTH: Final = 100
"""Levels of brackets and operators in one another. `a + b + c` nests two deep."""
_HALF = re.compile("[\ud800-\udfff]")
LARGEST: Final = 2**63
"""Whole numbers are below it, as in the events."""

_CONDITIONS = "write the condition as a Rule(when_all=[...]), or as require_if of a Require(...)"
_STATEMENTS: Final[dict[type[ast.stmt], tuple[str, str]]] = {
    ast.If: ("`if`", _CONDITIONS),
    ast.For: ("`for`", "functions such as ListContains and RegexMatchMap look at all items of a list"),
    ast.While: ("`while`", ""),
    ast.FunctionDef: ("`def`", "functions are written in Python and added to the engine"),
    ast.ClassDef: ("`class`", ""),
    ast.Import: ("`import`", "write Import(rules=['models/user.sml'])"),
    ast.ImportFrom: ("`from … import`", "write Import(rules=['models/user.sml'])"),
    ast.AugAssign: ("an assignment with an operator", "give the new value a new name"),
    ast.Delete: ("`del`", ""),
    ast.Pass: ("`pass`", ""),
    ast.Assert: ("`assert`", _CONDITIONS),
    ast.Match: ("`match`", _CONDITIONS),
    ast.Return: ("`return`", ""),
}
_EXPRESSIONS: Final[dict[type[ast.expr], tuple[str, str]]] = {
    ast.Attribute: (
        "an attribute",
        "values have no attributes; functions take them: StringLength(s=Text)",
    ),
    ast.Subscript: ("a subscript", "use JsonData(path='$.a[0]') for events, ListRead(list=..., index=0) for lists"),
    ast.Dict: ("a dict", ""),
    ast.Set: ("a set", "write a list: [1, 2]"),
    ast.Tuple: ("a tuple", "write a list: [1, 2]"),
    ast.IfExp: (
        "`… if … else …`",
        "use ResolveOptional(optional_value=..., default_value=...)",
    ),
    ast.Lambda: ("`lambda`", "functions are written in Python and added to the engine"),
    ast.ListComp: ("a comprehension", "functions such as RegexMatchMap look at all items of a list"),
    ast.SetComp: ("a comprehension", ""),
    ast.DictComp: ("a comprehension", ""),
    ast.GeneratorExp: ("a comprehension", "functions such as RegexMatchMap look at all items of a list"),
    ast.NamedExpr: ("`:=`", "assign the value in a statement of its own"),
    ast.Starred: ("`*`", "write every item out"),
    ast.Await: ("`await`", ""),
    ast.Yield: ("`yield`", ""),
    ast.YieldFrom: ("`yield`", ""),
}


def problems(text: Text, statement: ast.stmt, functions: Mapping[str, Function]) -> list[Problem]:
    """All that is not SML in a statement. `functions`: those whose arguments are told by their names."""
    reading = _Reading(text, functions)
    try:
        reading.statement(statement)
    except _Deep:
        return [too_deep(text, statement.lineno)]
    return reading.problems


def too_deep(text: Text, line: int) -> Problem:
    message = f"this nests more than {MOST_DEPTH} levels deep"
    return text.problem(text.at(line), message, "assign parts of it to names of their own")


class _Deep(Exception):
    """More levels than those may have who walk the tree after us."""


class _Reading:
    """One statement."""

    def __init__(self, text: Text, functions: Mapping[str, Function]) -> None:
        self.text, self.functions = text, functions
        self.problems: list[Problem] = []
        self._depth = 0

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign():
                self._assign(node)
            case ast.AnnAssign():
                self._annotated(node)
            case ast.Expr(value=ast.Call() as value):
                self.expression(value)
            case ast.Expr(value=ast.Constant(value=str())):
                self._refuse(node, "a string that nothing uses", "write comments behind #")
            case ast.Expr():
                self._refuse(node, "a value that nothing uses", "assign it to a name: Name = ...")
            case _:
                self._foreign(node)

    def expression(self, node: ast.expr) -> None:
        check = _CHECKS.get(type(node))
        if not check:
            what, hint = _EXPRESSIONS.get(type(node), ("this", ""))
            self._refuse(node, f"{what} is not part of SML", hint)
            return
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise _Deep
        check(self, node)
        self._depth -= 1

    def _assign(self, node: ast.Assign) -> None:
        if len(node.targets) > 1:
            self._refuse(node.targets[1], "one statement assigns one name", "write a statement for each name")
        elif not isinstance(node.targets[0], ast.Name):
            self._refuse(node.targets[0], "only a plain name can be assigned to", "write Name = ...")
        else:
            self.expression(node.value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if _nests(node.annotation):
            raise _Deep
        if not node.simple:
            self._refuse(node.target, "only a plain name can be assigned to", "write Name: str = ...")
        elif node.value is None:
            self._refuse(node, "the name has a type, but no value", "write Name: str = ...")
        else:
            self.expression(node.value)

    def _refuse(self, node: ast.stmt | ast.expr | ast.keyword, message: str, hint: str = "") -> None:
        self.problems.append(self.text.problem(node, message, hint))

    def _foreign(self, node: ast.stmt) -> None:
        """A statement that SML does not have; of one with a body, the first line is shown."""
        what, hint = _STATEMENTS.get(type(node), ("this statement", ""))
        place = self.text.span(node)
        line = self.text.line(place.line)
        place = self.text.at(place.line, place.column, len(line) - place.column + 1)
        message = f"{what} is not part of SML; expected Name = value, Name: Type = value or Function(...)"
        self.problems.append(self.text.problem(place, message, hint))

    def constant(self, node: ast.Constant) -> None:
        self._value(node, node.value)

    def _value(self, node: ast.expr, value: object) -> None:
        if isinstance(value, bytes):
            self._refuse(node, "bytes are not part of SML", "leave out the b before the quotes")
        elif isinstance(value, complex):
            self._refuse(node, "complex numbers are not part of SML")
        elif value is ...:
            self._refuse(node, "`...` is not a value")
        elif isinstance(value, int) and value >= LARGEST:
            self._refuse(node, "a whole number this large does not fit into 64 bits", "write it as a string")
        elif isinstance(value, float) and not math.isfinite(value):
            self._refuse(node, "a number this large cannot be kept")
        elif isinstance(value, str) and _HALF.search(value):
            self._refuse(node, "the string has half of a surrogate pair in it", "write the whole character")

    def name(self, node: ast.Name) -> None:
        """Any name may stand anywhere."""

    def list(self, node: ast.List) -> None:
        for item in node.elts:
            self.expression(item)

    def call(self, node: ast.Call) -> None:
        known = isinstance(node.func, ast.Name) and node.func.id in self.functions
        if not isinstance(node.func, ast.Name):
            self._refuse(node.func, "only a function's name can be called", "write Function(argument=value)")
        elif node.args and not known:
            hint = did_you_mean(node.func.id, self.functions)
            self._refuse(node.func, f"unknown function {node.func.id!r}", hint)
        names = _left_open(node, self.functions)
        for index, argument in enumerate(node.args):
            if isinstance(argument, ast.Starred):
                self._refuse(argument, "`*` is not part of SML", "write every argument out: name=value")
            elif not known:
                self.expression(argument)
            else:
                shown = self.text.shown(argument)
                name = names[index] if index < len(names) else "name"
                self._refuse(argument, "arguments are given by name", f"write {name}={shown}")
                self.expression(argument)
        for keyword in node.keywords:
            if keyword.arg is None:
                self._refuse(keyword, "`**` is not part of SML", "write every argument out: name=value")
            else:
                self.expression(keyword.value)

    def binary(self, node: ast.BinOp) -> None:
        if type(node.op) not in BINARY:
            self._refuse(node, "the operator @ is not part of SML")
        self.expression(node.left)
        self.expression(node.right)

    def unary(self, node: ast.UnaryOp) -> None:
        if type(node.op) not in UNARY:
            sign = "+" if isinstance(node.op, ast.UAdd) else "~"
            self._refuse(node, f"the sign {sign} is not part of SML", "leave it out" if sign == "+" else "")
        self.expression(node.operand)

    def compare(self, node: ast.Compare) -> None:
        if len(node.ops) > 1:
            self._refuse(node, "comparisons cannot be chained", self._unchained(node))
        self.expression(node.left)
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if type(operator) not in COMPARE:
                word, sign = ("is", "==") if isinstance(operator, ast.Is) else ("is not", "!=")
                self._refuse(node, f"`{word}` is not part of SML", f"write {sign}")
            self.expression(right)

    def _unchained(self, node: ast.Compare) -> str:
        """The chain as it is to be written: 1 < A and A < 5."""
        most = 4
        shown = [self.text.shown(one, 20) for one in (node.left, *node.comparators[:most])]
        signs = [COMPARE.get(type(one), "==") for one in node.ops[:most]]
        pairs = zip(shown, signs, shown[1:], strict=False)
        return "write " + " and ".join(f"{left} {sign} {right}" for left, sign, right in pairs)

    def logic(self, node: ast.BoolOp) -> None:
        for item in node.values:
            self.expression(item)

    def format(self, node: ast.JoinedStr) -> None:
        for part in node.values:
            if isinstance(part, ast.Constant):
                self._value(node, part.value)
            elif isinstance(part, ast.FormattedValue):
                self._placeholder(node, part)

    def _placeholder(self, node: ast.JoinedStr, part: ast.FormattedValue) -> None:
        bare = "write the bare name: f'{Name}'"
        if not isinstance(part.value, ast.Name):
            self._refuse(node, "an f-string takes bare names only", "assign the value to a name: f'{Name}'")
        if part.conversion != -1:
            self._refuse(node, "conversions (!r, !s, =) are not part of SML", bare)
        if part.format_spec is not None:
            self._refuse(node, "format specifications are not part of SML", bare)


def _left_open(node: ast.Call, functions: Mapping[str, Function]) -> list[str]:
    """The parameters that the call does not give by name, in their order; none of an unknown function."""
    function = functions.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if function is None:
        return []
    given = {keyword.arg for keyword in node.keywords}
    fixed = function.parameters[:-1] if function.variadic else function.parameters
    return [one.name for one in fixed if one.name not in given]


def _nests(node: ast.AST) -> bool:
    """Whether it nests too deep."""
    level = [node]
    for _ in range(MOST_DEPTH):
        level = [child for one in level for child in ast.iter_child_nodes(one)]
        if not level:
            return False
    return True


_CHECKS: Final[dict[type[ast.expr], Callable[[_Reading, Any], None]]] = {
    ast.Constant: _Reading.constant,
    ast.Name: _Reading.name,
    ast.List: _Reading.list,
    ast.Call: _Reading.call,
    ast.BinOp: _Reading.binary,
    ast.UnaryOp: _Reading.unary,
    ast.Compare: _Reading.compare,
    ast.BoolOp: _Reading.logic,
    ast.JoinedStr: _Reading.format,
}
