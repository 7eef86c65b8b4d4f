"""The typed tree: what a checked rule project is, for the interpreter, the compiler and everybody who explains it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from evenhand.engine.rules.function import Function
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.types import Type

# A tree has no circles, so the garbage collector need not look for them (gc=False): large projects are read faster.


class Literal(Struct, frozen=True, gc=False):
    """str, int, float, bool or None."""

    value: str | int | float | bool | None
    type: Type
    span: Span


class ListOf(Struct, frozen=True, gc=False):
    items: tuple[Expr, ...]
    type: Type
    span: Span


class Name(Struct, frozen=True, gc=False):
    """What another statement assigned. `key` is unique in the project (`Definition.key`). `type` is that of the
    definition: behind `X != None and`, X is read as what is not None, and its node still says that it may be."""

    key: str
    type: Type
    span: Span


class Call(Struct, frozen=True, gc=False):
    """`arguments` has one expression for each parameter that was given, by its name, in the function's order."""

    function: Function
    arguments: dict[str, Expr]
    type: Type
    span: Span


class Unary(Struct, frozen=True, gc=False):
    """`op`: "not" or "-"."""

    op: str
    operand: Expr
    type: Type
    span: Span


class Binary(Struct, frozen=True, gc=False):
    """`op`: + - * / // % ** << >> | ^ &."""

    op: str
    left: Expr
    right: Expr
    type: Type
    span: Span


class Compare(Struct, frozen=True, gc=False):
    """`op`: == != < <= > >= in, "not in"."""

    op: str
    left: Expr
    right: Expr
    type: Type
    span: Span


class Logic(Struct, frozen=True, gc=False):
    """`op`: "and" or "or", with two or more operands."""

    op: str
    items: tuple[Expr, ...]
    type: Type
    span: Span


class Format(Struct, frozen=True, gc=False):
    """An f-string: text and names in turn."""

    parts: tuple[str | Name, ...]
    type: Type
    span: Span


Expr = Literal | ListOf | Name | Call | Unary | Binary | Compare | Logic | Format


class Definition(Struct, frozen=True, gc=False):
    """`Name = expr`. `key` is the name, or "file:_name" for a name that is local to its file."""

    key: str
    name: str
    value: Expr
    type: Type
    span: Span
    shown: bool
    """Whether the value is part of the result's features: not local, not constant, not secret."""
    secret: bool = False
    """Whether it is kept from everybody who reads what rules tell: features, explanations."""


class Do(Struct, frozen=True, gc=False):
    """A bare call: WhenRules(...), mostly."""

    value: Call
    span: Span


class Require(Struct, frozen=True, gc=False):
    """Runs other files, when `condition` holds (None: always). `pattern` is the path, or an f-string of names;
    `files` are all that it may mean. One that it does not find at run time is passed over."""

    pattern: Literal | Format
    files: tuple[str, ...]
    condition: Expr | None
    span: Span


Statement = Definition | Do | Require


class File(Struct, frozen=True):
    """`imports`: the files whose statements this one needs; they run before it."""

    path: str
    imports: tuple[str, ...]
    statements: tuple[Statement, ...]


class Label(Struct, frozen=True, kw_only=True):
    """A label that the project's configuration declares. `valid_for`: entity types; `connotation`: positive, negative,
    neutral."""

    name: str
    valid_for: tuple[str, ...]
    connotation: str = "neutral"
    description: str = ""


class Program(Struct, frozen=True):
    """A checked project. It starts with `entry`; statements run when what they name has run. Of the `definitions`, by
    their keys, each stands behind those that it needs."""

    entry: str
    files: dict[str, File]
    definitions: dict[str, Definition]
    labels: dict[str, Label]
    config: dict[str, Any]
    strict: bool = False
