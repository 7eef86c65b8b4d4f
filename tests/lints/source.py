"""A file to lint, and what a lint says about it."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

DOORS = ("services", "queries")


class Complaint(NamedTuple):
    line: int
    text: str


@dataclass(frozen=True)
class Source:
    """`path` is relative to the checkout."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @cached_property
    def app(self) -> str:
        """The desk app that the file belongs to; empty outside the desk's apps."""
        parts = self.path.parts
        return parts[3] if parts[:3] == ("src", "evenhand", "desk") and len(parts) > 4 else ""

    @cached_property
    def door(self) -> str:
        """services, queries, views, models, migrations, …: the file or folder right under its app."""
        return self.path.parts[4].removesuffix(".py") if self.app else ""

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


Check = Callable[[Source], Iterator[Complaint]]


class Lint(NamedTuple):
    """`why` tells what went wrong somewhere before there was this lint."""

    name: str
    why: str
    suffix: str
    check: Check


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of names; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def last(node: ast.AST) -> str:
    return dotted(node).rpartition(".")[2]
