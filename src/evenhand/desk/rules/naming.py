"""What the project calls things, as a query can say it: what stands in an event, what is made of it, rules. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from evenhand.engine.rules import RuleSet
from evenhand.engine.rules.types import EFFECT, parts

_Assigned = Mapping[str, Mapping[str, ast.Assign | ast.AnnAssign]]


def names(found: RuleSet, sources: Mapping[str, str]) -> dict[str, str]:
    """By name, the rest of its line: "str = JsonData(path='$.text')", or "= Rule(when_all=[Cheap])" for one without a
    type of its own. A name that is local to its file has the file's before it, so that none stands for two."""
    return dict(_names(found, {file: _assigned(text) for file, text in sources.items()}))


def is_local(name: str) -> bool:
    """Whether only other names read it."""
    return name.startswith("_")


def _names(found: RuleSet, assigned: _Assigned) -> Iterator[tuple[str, str]]:
    for one in found.program.definitions.values():
        given = assigned.get(one.span.file, {})
        if one.secret or one.name not in given or EFFECT in parts(one.type):
            continue
        rename = _Locals(one.span.file, {name for name in given if is_local(name)})
        yield rename.of(one.name), _written(given[one.name], rename)


def _assigned(text: str) -> dict[str, ast.Assign | ast.AnnAssign]:
    found: dict[str, ast.Assign | ast.AnnAssign] = {}
    for one in ast.parse(text).body:
        target = one.targets[0] if isinstance(one, ast.Assign) else getattr(one, "target", None)
        if isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name):
            found[target.id] = one
    return found


def _written(given: ast.Assign | ast.AnnAssign, rename: _Locals) -> str:
    """In one line, without comments."""
    type_ = f"{ast.unparse(given.annotation)} " if isinstance(given, ast.AnnAssign) else ""
    value = rename.visit(ast.parse(ast.unparse(given.value or given), mode="eval"))
    return f"{type_}= {ast.unparse(value)}"


class _Locals(ast.NodeTransformer):
    """Names that are local to a file, with the file's before them."""

    def __init__(self, file: str, local: set[str]) -> None:
        self._local, self._file = local, "".join(one if one.isalnum() else "_" for one in file)

    def of(self, name: str) -> str:
        return f"_{self._file}{name}" if name in self._local else name

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.of(node.id), node.ctx)
