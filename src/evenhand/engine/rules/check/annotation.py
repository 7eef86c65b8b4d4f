"""The types that authors write behind a name: `Name: Optional[str] = ...`."""

from __future__ import annotations

import ast
from typing import Final

from msgspec import Struct

from evenhand.engine.rules.parse import Text
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.suggest import closest
from evenhand.engine.rules.types import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    NONE,
    STR,
    Type,
    entity_of,
    list_of,
    optional,
    union,
)

_PLAIN: Final = {"str": STR, "int": INT, "float": FLOAT, "bool": BOOL, "None": NONE}
_SECRET, _EXTRACT_SECRET, _EXTRACT_LITERAL = "Secret", "ExtractSecret", "ExtractLiteral"  # words of SML
_MARKS: Final = (_SECRET, _EXTRACT_SECRET, _EXTRACT_LITERAL)
_WITH_ARGUMENTS: Final = ("Optional", "Union", "List", "Entity", *_MARKS)
_EXPECTED = "types are str, int, float, bool, None, Optional[T], Union[T, U], List[T], Entity[str], Entity[int]"


class Annotation(Struct, frozen=True):
    """`secret`: kept out of the features. `extracted`: among them, though it is a constant or a secret."""

    type: Type
    secret: bool = False
    extracted: bool = False


class _Wrong(Exception):
    def __init__(self, node: ast.expr, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.node, self.message, self.hint = node, message, hint


def read(text: Text, node: ast.expr, problems: list[Problem]) -> Annotation:
    """What the annotation says; a type that fits everything where it cannot be read."""
    try:
        word = _word(node)
        if isinstance(node, ast.Subscript) and word in _MARKS:
            return Annotation(_type(_only(node)), secret=word == _SECRET, extracted=word != _SECRET)
        return Annotation(_type(node))
    except _Wrong as wrong:
        problems.append(text.problem(wrong.node, wrong.message, wrong.hint))
        return Annotation(ANY)


def _word(node: ast.expr) -> str:
    base = node.value if isinstance(node, ast.Subscript) else node
    if isinstance(base, ast.Constant) and base.value is None:
        return "None"
    return base.id if isinstance(base, ast.Name) else ""


def _type(node: ast.expr) -> Type:
    word = _word(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return union([_type(node.left), _type(node.right)])
    if isinstance(node, ast.Subscript):
        return _with_arguments(node, word)
    if word in _PLAIN:
        return _PLAIN[word]
    if word in _WITH_ARGUMENTS:
        raise _Wrong(node, f"{word} needs the type that is in it", f"write {word}[str]")
    raise _unknown(node, word)


def _with_arguments(node: ast.Subscript, word: str) -> Type:
    match word:
        case "Optional":
            return optional(_type(_only(node)))
        case "List" | "list":
            return list_of(_type(_only(node)))
        case "Union":
            return union(map(_type, _arguments(node)))
        case "Entity":
            return entity_of(_key(_only(node)))
    if word in _MARKS:
        raise _Wrong(node, f"{word}[...] can only be the outermost of a type", f"write {word}[Optional[str]]")
    if word in _PLAIN:
        raise _Wrong(node, f"{word} has no types in it", f"write {word}")
    raise _unknown(node, word)


def _key(node: ast.expr) -> Type:
    key = _type(node)
    if key not in (STR, INT):
        raise _Wrong(node, f"the id of an entity is a str or an int, not {key}", "write Entity[str]")
    return key


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _only(node: ast.Subscript) -> ast.expr:
    arguments = _arguments(node)
    if len(arguments) != 1:
        raise _Wrong(node, f"{_word(node)} takes one type, not {len(arguments)}")
    return arguments[0]


def _unknown(node: ast.expr, word: str) -> _Wrong:
    if not word:
        return _Wrong(node, "this is not a type", _EXPECTED)
    near = closest(word, [*_PLAIN, *_WITH_ARGUMENTS])
    return _Wrong(node, f"unknown type {word!r}", f"did you mean {near!r}?" if near else _EXPECTED)
