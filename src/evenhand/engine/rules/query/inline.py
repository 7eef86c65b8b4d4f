"""JsonData(...) within an expression: it is given a name, of the type that its place asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from evenhand.engine.rules.function import Function
from evenhand.engine.rules.parse import Text
from evenhand.engine.rules.parse.grammar import COMPARE
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.types import BOOL, FLOAT, INT, STR, Type, parts

_DYNAMIC: Final = "JsonData"
_NAMED: Final = {STR: "str", INT: "int", FLOAT: "float", BOOL: "bool"}
Place = tuple[ast.expr, str]


class Inline(Struct, frozen=True):
    """A call that is put elsewhere. `name` takes its place, and has as many characters."""

    name: str
    type: str
    text: str
    span: Span

    @property
    def start(self) -> str:
        """What stands before the call where it is put."""
        return f"{self.name}: {self.type} = "


def found(tree: ast.Module, text: Text, functions: Mapping[str, Function]) -> list[Inline]:
    """The calls whose place tells their type, and that stand in one line; all others are left to the checker."""
    made: list[Inline] = []
    for node, type_ in _places(tree, functions):
        span = text.span(node)
        if isinstance(node, ast.Call) and _is_dynamic(node) and span.line == span.end_line:
            written = text.line(span.line)[span.column - 1 : span.end_column - 1]
            made.append(Inline(f"{_DYNAMIC}{len(made)}".ljust(len(written), "_"), type_, written, span))
    return made


def replaced(lines: list[str], calls: list[Inline]) -> list[str]:
    """The lines with the names in place of the calls: every column stays where it was."""
    lines = list(lines)
    for one in calls:
        line = lines[one.span.line - 1]
        lines[one.span.line - 1] = line[: one.span.column - 1] + one.name + line[one.span.end_column - 1 :]
    return lines


def _places(tree: ast.Module, functions: Mapping[str, Function]) -> Iterator[Place]:
    """Expressions, each with the type that its place asks for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from _compared(node)
        elif isinstance(node, ast.BoolOp):
            yield from ((one, "bool") for one in node.values)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node.operand, "bool"
        elif isinstance(node, ast.Expr):
            yield node.value, "bool"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
            yield from _given(node, functions[node.func.id])


def _compared(node: ast.Compare) -> Iterator[Place]:
    left, right = node.left, node.comparators[0]
    if COMPARE.get(type(node.ops[0])) in ("in", "not in"):
        items = right.elts if isinstance(right, ast.List) else []
        yield from ((left, type_) for one in items[:1] if (type_ := _type(one)))
        return
    yield from ((one, type_) for one, other in ((left, right), (right, left)) if (type_ := _type(other)))


def _given(call: ast.Call, function: Function) -> Iterator[Place]:
    types = {one.name: one.type for one in function.parameters}
    for keyword in call.keywords:
        known = [_NAMED[one] for one in parts(types.get(str(keyword.arg), Type("Any"))) if one in _NAMED]
        yield from ((keyword.value, one) for one in known[:1])


def _type(node: ast.expr) -> str:
    """The type of what is compared with the constant; "" where that does not tell."""
    if isinstance(node, ast.JoinedStr):
        return "str"
    if isinstance(node, ast.UnaryOp):
        return _type(node.operand)
    if not isinstance(node, ast.Constant):
        return ""
    types = {bool: "bool", int: "float", float: "float", str: "str", type(None): "Optional[str]"}
    return types.get(type(node.value), "")


def _is_dynamic(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == _DYNAMIC
