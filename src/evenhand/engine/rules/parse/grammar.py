"""What of Python's syntax is SML: every other construct is refused where it stands, with what to write instead."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator
from typing import Final

from evenhand.engine.rules.parse.text import Text
from evenhand.engine.rules.problem import Problem

BINARY: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&",
}  # fmt: skip
UNARY: Final[dict[type[ast.unaryop], str]] = {ast.Not: "not", ast.USub: "-"}
COMPARE: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
LARGEST = 2**63
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


def problems(text: Text, statement: ast.stmt) -> list[Problem]:
    """All that is not SML in a statement."""
    return list(_statement(text, statement))


def _statement(text: Text, node: ast.stmt) -> Iterator[Problem]:
    match node:
        case ast.Assign(targets=[ast.Name()], value=value):
            yield from _expression(text, value)
        case ast.Assign(targets=[_]):
            yield text.problem(node.targets[0], "only a plain name can be assigned to", "write Name = ...")
        case ast.Assign():
            yield text.problem(node.targets[1], "one statement assigns one name", "write a statement for each name")
        case ast.AnnAssign(target=ast.Name(), simple=1, value=None):
            yield text.problem(node, "the name has a type, but no value", "write Name: str = ...")
        case ast.AnnAssign(target=ast.Name(), simple=1, value=ast.expr() as value):
            yield from _expression(text, value)
        case ast.AnnAssign():
            yield text.problem(node.target, "only a plain name can be assigned to", "write Name: str = ...")
        case ast.Expr(value=ast.Call() as value):
            yield from _expression(text, value)
        case ast.Expr(value=ast.Constant(value=str())):
            yield text.problem(node, "a string that nothing uses", "write comments behind #")
        case ast.Expr():
            yield text.problem(
                node, "a value that nothing uses", "assign it to a name, or call a function: WhenRules(...)"
            )
        case _:
            what, hint = _STATEMENTS.get(type(node), ("this statement", ""))
            place = text.span(node)
            yield text.problem(
                text.at(place.line, place.column, len(text.line(place.line)) - place.column + 1),
                f"{what} is not part of SML; expected Name = value, Name: Type = value or Function(...)",
                hint,
            )


def _expression(text: Text, node: ast.expr) -> Iterator[Problem]:
    check = _CHECKS.get(type(node))
    if check:
        yield from check(text, node)
        return
    what, hint = _EXPRESSIONS.get(type(node), ("this", ""))
    yield text.problem(node, f"{what} is not part of SML", hint)


def _constant(text: Text, node: ast.Constant) -> Iterator[Problem]:
    value = node.value
    if isinstance(value, bytes):
        yield text.problem(node, "bytes are not part of SML", "leave out the b before the quotes")
    elif isinstance(value, complex):
        yield text.problem(node, "complex numbers are not part of SML")
    elif value is ...:
        yield text.problem(node, "`...` is not a value")
    elif isinstance(value, int) and value >= LARGEST:
        yield text.problem(node, "a whole number this large does not fit into 64 bits", "write it as a string")
    elif isinstance(value, float) and not math.isfinite(value):
        yield text.problem(node, "a number this large cannot be kept")
    elif isinstance(value, str) and any("\ud800" <= one <= "\udfff" for one in value):
        yield text.problem(node, "the string has half of a surrogate pair in it", "write the whole character")


def _name(_text: Text, _node: ast.Name) -> Iterator[Problem]:
    return iter(())


def _list(text: Text, node: ast.List) -> Iterator[Problem]:
    for item in node.elts:
        yield from _expression(text, item)


def _call(text: Text, node: ast.Call) -> Iterator[Problem]:
    if not isinstance(node.func, ast.Name):
        yield text.problem(node.func, "only a function's name can be called", "write Function(argument=value)")
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            yield text.problem(argument, "`*` is not part of SML", "write every argument out: name=value")
        else:
            shown = text.shown(argument)
            yield text.problem(argument, "arguments are given by name", f"write name={shown}")
            yield from _expression(text, argument)
    for keyword in node.keywords:
        if keyword.arg is None:
            yield text.problem(keyword, "`**` is not part of SML", "write every argument out: name=value")
        else:
            yield from _expression(text, keyword.value)


def _binary(text: Text, node: ast.BinOp) -> Iterator[Problem]:
    if type(node.op) not in BINARY:
        yield text.problem(node, "the operator @ is not part of SML")
    yield from _expression(text, node.left)
    yield from _expression(text, node.right)


def _unary(text: Text, node: ast.UnaryOp) -> Iterator[Problem]:
    if type(node.op) not in UNARY:
        sign = "+" if isinstance(node.op, ast.UAdd) else "~"
        yield text.problem(node, f"the sign {sign} is not part of SML", "leave it out" if sign == "+" else "")
    yield from _expression(text, node.operand)


def _compare(text: Text, node: ast.Compare) -> Iterator[Problem]:
    if len(node.ops) > 1:
        yield text.problem(node, "comparisons cannot be chained", _unchained(text, node))
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if type(operator) not in COMPARE:
            sign = "==" if isinstance(operator, ast.Is) else "!="
            word = "is" if isinstance(operator, ast.Is) else "is not"
            yield text.problem(node, f"`{word}` is not part of SML", f"write {sign}")
        yield from _expression(text, right)
    yield from _expression(text, node.left)


def _unchained(text: Text, node: ast.Compare) -> str:
    """The chain as it is to be written: 1 < A and A < 5."""
    shown = [text.shown(one, 20) for one in (node.left, *node.comparators)]
    signs = [COMPARE.get(type(one), "==") for one in node.ops]
    pairs = zip(shown, signs, shown[1:], strict=False)
    return "write " + " and ".join(f"{left} {sign} {right}" for left, sign, right in list(pairs)[:4])


def _logic(text: Text, node: ast.BoolOp) -> Iterator[Problem]:
    for item in node.values:
        yield from _expression(text, item)


def _format(text: Text, node: ast.JoinedStr) -> Iterator[Problem]:
    for part in node.values:
        if isinstance(part, ast.Constant):
            yield from (text.problem(node, one.message, one.hint) for one in _constant(text, part))
        elif isinstance(part, ast.FormattedValue):
            yield from _placeholder(text, node, part)


def _placeholder(text: Text, node: ast.JoinedStr, part: ast.FormattedValue) -> Iterator[Problem]:
    if not isinstance(part.value, ast.Name):
        yield text.problem(node, "an f-string takes bare names only", "assign the value to a name: f'{Name}'")
    if part.conversion != -1:
        yield text.problem(node, "conversions (!r, !s, =) are not part of SML", "write the bare name: f'{Name}'")
    if part.format_spec is not None:
        yield text.problem(node, "format specifications are not part of SML", "write the bare name: f'{Name}'")


_CHECKS: Final[dict[type[ast.expr], Callable[..., Iterator[Problem]]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _list,
    ast.Call: _call,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _logic,
    ast.JoinedStr: _format,
}
