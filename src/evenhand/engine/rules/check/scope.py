"""What checking an expression needs to know: the file, its names, the functions; and where problems go."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.engine.rules.check.names import Names
from evenhand.engine.rules.function import Function
from evenhand.engine.rules.parse import Text
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.suggest import did_you_mean
from evenhand.engine.rules.tree import Definition, Expr, Label, Literal, Name
from evenhand.engine.rules.types import ANY, Type, without_none

_MOST_SUGGESTED = 100
"""Problems, after which nobody is told what was meant."""
Facts = frozenset[str]
"""Keys of names that cannot be None where an expression stands."""
NOTHING: Facts = frozenset()


@dataclass(frozen=True)
class Scope:
    """`known`: the definitions checked so far. `labels`, `lists`, `schemas`: None where none are configured."""

    text: Text
    names: Names
    functions: Mapping[str, Function]
    known: Mapping[str, Definition]
    labels: Mapping[str, Label] | None
    lists: Mapping[str, Any] | None
    problems: list[Problem]
    schemas: Mapping[str, Any] | None = None
    presumed: bool = False
    """The schemas are not the author's own, and events may have more."""
    strict: bool = False
    doubts: list[Problem] | None = None
    """Of a project that was published before: what can only fail is told here, and keeps nothing from running."""

    def refuse(self, node: ast.expr | ast.keyword, message: str, hint: str = "") -> Expr:
        """Notes a problem. What it gives fits everywhere, so that one mistake is told once."""
        self.problems.append(self.text.problem(node, message, hint))
        return self.unknown(node)

    def warn(self, node: ast.expr | ast.keyword, message: str, hint: str = "") -> None:
        self.problems.append(self.text.problem(node, message, hint, warning=True))

    def doubt(self, node: ast.expr | ast.keyword, message: str, hint: str = "") -> None:
        """Notes what can only fail when it runs: its author has to mend it, but to run it harms nobody."""
        if self.doubts is None:
            self.refuse(node, message, hint)
        else:
            self.doubts.append(self.text.problem(node, message, hint, warning=True))

    def meant(self, word: str, known: Iterable[str]) -> str:
        """The hint for an unknown word. Looking for it takes a while, so after many problems it is left out."""
        return did_you_mean(word, known) if self.suggests else ""

    @property
    def suggests(self) -> bool:
        return len(self.problems) < _MOST_SUGGESTED

    def unknown(self, node: ast.expr | ast.keyword) -> Expr:
        return Literal(None, ANY, self.text.span(node))


def seen(expression: Expr, facts: Facts) -> Type:
    """The type that the expression has here: a name that cannot be None is not."""
    if isinstance(expression, Name) and expression.key in facts:
        return without_none(expression.type)
    return expression.type
