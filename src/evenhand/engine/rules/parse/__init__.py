"""From the text of a rule file to its statements in Python's syntax tree, as far as they are SML."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from msgspec import Struct

from evenhand.engine.rules.function import Function
from evenhand.engine.rules.parse import grammar, syntax
from evenhand.engine.rules.parse.text import Text
from evenhand.engine.rules.problem import Problem

__all__ = ["Parsed", "Text", "parse"]

_STRICT = re.compile(r"#\s*strict\s*\Z")


class Parsed(Struct, frozen=True):
    """`statements` are SML. `broken`: names that other statements assign, which are not.

    `strict`: the file asks for it, with `# strict` in its first line.
    """

    text: Text
    statements: tuple[ast.stmt, ...]
    broken: frozenset[str]
    strict: bool
    problems: tuple[Problem, ...]


def parse(path: str, source: str, functions: Mapping[str, Function] | None = None) -> Parsed:
    """The file at `path`; never raises, whatever is in it. `functions`: so that problems can name their parameters."""
    text = Text(path, source)
    read, unread = syntax.statements(text)
    kept, problems, broken = [], list(unread.problems), set(unread.names)
    for statement in read:
        found = grammar.problems(text, statement, functions or {})
        problems += found
        if found:
            broken |= _assigned(statement)
        else:
            kept.append(statement)
    return Parsed(text, tuple(kept), frozenset(broken), bool(_STRICT.match(text.line(1))), tuple(problems))


def _assigned(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}
