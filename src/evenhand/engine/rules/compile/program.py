"""From a checked project to Python functions for one action name, or for any."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import groupby
from typing import Any

from evenhand.engine.rules.compile.calls import Calls
from evenhand.engine.rules.compile.code import UNKNOWN, Code, Constants
from evenhand.engine.rules.compile.expressions import Expressions, truth
from evenhand.engine.rules.compile.parts import Part, Parts
from evenhand.engine.rules.compile.statements import Unsupported, shown, when_rules
from evenhand.engine.rules.compile.texts import Texts
from evenhand.engine.rules.order import Order, together, unconditional
from evenhand.engine.rules.tree import Call, Definition, Do, Expr, Program, Require, Statement
from evenhand.engine.rules.types import NONE


class Written:
    """The sources of the functions, what they refer to, and how many variables they hand on."""

    def __init__(self, sources: list[str], names: dict[str, Any], shared: int) -> None:
        self.sources, self.names, self.shared = sources, names, shared


def write(program: Program, order: Order, action: str | None) -> Written:
    """Raises Unsupported."""
    if not order.settled:
        raise Unsupported
    return _Writer(program, order, action).written()


class _Writer:
    """`certain` files run for every event that the code is for; `possible` ones when the code brings them in."""

    def __init__(self, program: Program, order: Order, action: str | None) -> None:
        self._program, self._order = program, order
        self._constants = Constants()
        self._texts = Texts(program)
        self._calls = Calls(self._texts, action)
        self._expressions = Expressions(self._constants, self, self._more)
        self._parts = Parts()
        self._expressions.lines = self._parts.last.lines
        self._known: dict[str, Code] = {}
        self._together: Callable[[str], list[str]] = cache(lambda path: together(program, path))
        self._number = {path: number for number, path in enumerate(program.files)}
        self._certain = set(self._together(program.entry))
        self._possible: set[str] = set()

    def written(self) -> Written:
        for file, steps in groupby(self._order.steps, key=lambda one: one.file):
            if file in self._certain:
                for step in steps:
                    self._statement(step.statement, late=False)
                    self._break()
            elif file in self._possible:
                before = dict(self._expressions.there)
                with self._expressions.lines.block(f"if {self._number[file]} in brought:"):
                    for step in steps:
                        self._statement(step.statement, late=True)
                self._expressions.there = before
                self._break()
        self._texts.close()
        return Written(self._parts.sources(), self._constants.names, len(self._parts.places))

    def _break(self) -> None:
        if self._parts.is_full:
            self._parts.all.append(Part())
            self._expressions.lines = self._parts.last.lines
            self._expressions.there = {}

    def _statement(self, statement: Statement, *, late: bool) -> None:
        self._expressions.feature = ""
        match statement:
            case Definition():
                self._define(statement, late=late)
            case Do():
                self._expressions.code(statement.value)
            case Require():
                if not unconditional(statement):
                    self._require(statement, late=late)

    def _define(self, definition: Definition, *, late: bool) -> None:
        self._expressions.feature = definition.name
        code = self._expressions.kept(self._expressions.code(definition.value))
        if code.known is UNKNOWN:
            for variable in [code.text, *self._texts.defined(definition.key, code, self._expressions)]:
                self._parts.made(variable)
        self._known[definition.key] = code
        if not definition.shown:
            return
        if late:
            self._expressions.lines.add(f"late[{definition.name!a}] = {shown(code)}")
        else:
            self._parts.last.features[definition.name] = shown(code)

    def look_up(self, key: str) -> Code:
        code = self._known[key]
        self.used(code.text)
        return code

    def used(self, variable: str) -> None:
        self._parts.used(variable)

    def _more(self, expr: Expr, expressions: Expressions) -> Code:
        if isinstance(expr, Call) and expr.function.form and expr.function.name == "WhenRules":
            when_rules(expr, expressions, self._program)
            return expressions.literal(None, NONE)
        return self._calls(expr, expressions)

    def _require(self, require: Require, *, late: bool) -> None:
        wanted = self._expressions.code(require.pattern)
        holds = None if require.condition is None else self._expressions.code(require.condition)
        if holds is not None and holds.known is not UNKNOWN and not holds.known:
            return
        always = holds is None or holds.known is not UNKNOWN
        if wanted.known is not UNKNOWN and always and not late:
            if wanted.known in require.files:
                self._certain |= set(self._together(wanted.known))
            return
        brought = {
            path: frozenset(self._number[one] for one in self._together(path))
            for path in require.files
            if wanted.known in (UNKNOWN, path)
        }
        self._possible |= {one for path in brought for one in self._together(path)}
        table = self._constants.add(brought, "files")
        found = f"brought.update({table}.get({wanted.text}, ()))"
        conditions = [] if always or holds is None else [truth(holds, self._expressions)]
        self._expressions.lines.add(f"if {' and '.join(conditions)}: {found}" if conditions else found)
