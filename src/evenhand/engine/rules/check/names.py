"""The names of a project: who assigns them, and which file may use which."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from evenhand.engine.rules.parse import Parsed, Text
from evenhand.engine.rules.problem import Problem, Span
from evenhand.engine.rules.suggest import did_you_mean

_CONSTANTS: Final = {"true": "True", "false": "False", "null": "None", "none": "None"}
"""As JSON, YAML and other languages write them."""


class Draft(Struct, frozen=True):
    """A statement that assigns `name`, not checked yet. Without `value` it could not be read."""

    key: str
    name: str
    text: Text
    span: Span
    value: ast.expr | None = None
    annotation: ast.expr | None = None

    @property
    def local(self) -> bool:
        return self.name.startswith("_")


class Names(Struct, frozen=True):
    """`everywhere`: drafts by their key. `visible`: for each file, those whose names it may use."""

    everywhere: dict[str, Draft]
    visible: Mapping[str, frozenset[str]]
    functions: Mapping[str, Any]
    uses: dict[str, list[ast.Name]]
    """What each draft's value reads, by its key."""

    def find(self, file: str, name: str) -> Draft | None:
        """What `name` means in `file`."""
        draft = self.everywhere.get(key_of(file, name))
        return draft if draft and draft.text.path in self.visible[file] else None

    def unknown(self, text: Text, node: ast.Name, *, suggest: bool) -> Problem:
        """Why `find` has nothing, and what to do; `suggest` what was meant, which takes its time."""
        elsewhere = self.everywhere.get(node.id)
        if elsewhere and not elsewhere.local:
            place = elsewhere.text.path
            return text.problem(
                node,
                f"the name {node.id!r} is assigned in {place}, which this file does not import",
                f"add Import(rules=[{place!r}])",
            )
        if constant := _CONSTANTS.get(node.id.lower()):
            return text.problem(node, f"unknown name {node.id!r}", f"write {constant}")
        if node.id in self.functions:
            return text.problem(node, f"{node.id!r} is a function", f"call it: {node.id}(...)")
        hint = did_you_mean(node.id, self._seen_from(text.path)) if suggest else ""
        return text.problem(node, f"unknown name {node.id!r}", hint)

    def _seen_from(self, file: str) -> Iterable[str]:
        visible = self.visible[file]
        return [
            one.name
            for one in self.everywhere.values()
            if one.text.path in visible and (not one.local or one.text.path == file)
        ]


def key_of(file: str, name: str) -> str:
    return f"{file}:{name}" if name.startswith("_") else name


def collect(files: Iterable[Parsed], problems: list[Problem]) -> dict[str, Draft]:
    """All that the files assign, by key; nothing may be assigned twice."""
    drafts: dict[str, Draft] = {}
    for parsed in files:
        for draft in _assigned(parsed):
            before = drafts.setdefault(draft.key, draft)
            if before is not draft:
                problems.append(_twice(draft, before))
        for name in sorted(parsed.broken):
            key = key_of(parsed.text.path, name)
            drafts.setdefault(key, Draft(key, name, parsed.text, parsed.text.at(1)))
    return drafts


def _assigned(parsed: Parsed) -> Iterable[Draft]:
    for statement in parsed.statements:
        if isinstance(statement, ast.Assign):
            target, annotation = statement.targets[0], None
        elif isinstance(statement, ast.AnnAssign):
            target, annotation = statement.target, statement.annotation
        else:
            continue
        assert isinstance(target, ast.Name)  # the grammar has seen to it
        text = parsed.text
        key = key_of(text.path, target.id)
        yield Draft(key, target.id, text, text.span(target), statement.value, annotation)


def _twice(draft: Draft, before: Draft) -> Problem:
    same = before.text.path == draft.text.path
    place = f"in line {before.span.line}" if same else f"in {before.text.path}, line {before.span.line}"
    hint = "give it another name" if same else "give it another name; one with _ in front is local to its file"
    return draft.text.problem(draft.span, f"the name {draft.name!r} is assigned already, {place}", hint)


def used(node: ast.AST) -> list[ast.Name]:
    """The names that an expression reads, in order; functions' names are not among them."""
    found: list[ast.Name] = []
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind is ast.Name:
            found.append(one)
        elif kind is ast.Call:
            waiting += [keyword.value for keyword in reversed(one.keywords)]
        elif kind is not ast.Constant:
            waiting += reversed(list(ast.iter_child_nodes(one)))
    return found
