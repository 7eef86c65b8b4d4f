"""Plain words where a condition was asked for: the condition that looks for them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from typing import Final

from evenhand.engine.rules.suggest import closest

LONGEST: Final = 200
_NO_CONDITION: Final = re.compile(r"[^=<>()\[\]{}#\n]+")
_JOINING: Final = (ast.Name, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.expr_context, ast.Expr, ast.Module)
_SIGNS: Final = (ast.boolop, ast.unaryop, ast.operator, ast.cmpop)
_QUOTES: Final = "'\""


def search_for(query: str, known: Collection[str]) -> str:
    """The condition that looks for the words that a query is; "" for a query that is meant as one.

    `known`: names and functions that it may say. One word that is nearly one of these is a slip, and no search.
    """
    words = " ".join(query.split())
    if not words or len(words) > LONGEST or "\n" in query.strip():
        return ""
    if words[0] in _QUOTES and words[-1] == words[0] and words[0] not in words[1:-1]:
        words = words[1:-1].strip()
    elif not _NO_CONDITION.fullmatch(words) or _is_condition(words, known):
        return ""
    if not any(one.isalnum() for one in words) or not words.isprintable():
        return ""
    return f"TextContains(text=Text, phrase={words!r})"


def _is_condition(words: str, known: Collection[str]) -> bool:
    """Whether it reads as one: it has a name that is known, or a value that is no word."""
    try:
        tree = ast.parse(words)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if not all(isinstance(one, (*_JOINING, *_SIGNS)) for one in ast.walk(tree)):
        return True
    names = [one.id for one in ast.walk(tree) if isinstance(one, ast.Name)]
    return any(one in known or (len(names) == 1 and closest(one, known)) for one in names)
