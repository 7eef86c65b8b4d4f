"""Import and Require: which files a file names, whether they are there, and that they do not go round in a circle."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from msgspec import Struct

from evenhand.engine.rules.check import order
from evenhand.engine.rules.parse import Parsed, Text
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.suggest import did_you_mean

IMPORT, REQUIRE = "Import", "Require"
_ARGUMENTS: Final = {IMPORT: {"rules"}, REQUIRE: {"rule", "require_if"}}


class Needed(Struct, frozen=True):
    """A Require(...) of a file: `rule` and `condition` are not checked yet; `files` are all that it may mean."""

    call: ast.Call
    rule: ast.Constant | ast.JoinedStr
    condition: ast.expr | None
    files: tuple[str, ...]


class Links(Struct, frozen=True):
    """What a file imports, and what it requires, each with its place."""

    imports: dict[str, ast.expr]
    requires: tuple[Needed, ...]


def is_link(node: ast.expr) -> bool:
    """Whether it is a call of Import or Require."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ARGUMENTS


def links(parsed: Parsed, paths: Collection[str], problems: list[Problem]) -> Links:
    imports: dict[str, ast.expr] = {}
    requires: list[Needed] = []
    reading = _Reading(parsed.text, paths, problems)
    for statement in parsed.statements:
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
            continue
        call = statement.value
        if not is_link(call):
            continue
        if _name(call) == IMPORT:
            imports |= reading.imported(call, imports)
        else:
            requires += reading.required(call)
    return Links(imports, tuple(requires))


def cycles(files: Mapping[str, Parsed], found: Mapping[str, Links]) -> Iterable[Problem]:
    """Files that import themselves, or require themselves for certain, by way of others."""
    yield from _cycles(files, {path: one.imports for path, one in found.items()}, "import")
    certain = {
        path: {one.files[0]: one.rule for one in links.requires if isinstance(one.rule, ast.Constant)}
        for path, links in found.items()
    }
    yield from _cycles(files, certain, "require")


def _cycles(files: Mapping[str, Parsed], edges: Mapping[str, Mapping[str, ast.expr]], word: str) -> Iterable[Problem]:
    _, rounds = order.ordered({path: list(one) for path, one in edges.items()})
    for cycle in rounds:
        last = cycle[-1]
        yield files[last].text.problem(
            edges[last][cycle[0]],
            f"the files {word} each other in a circle: {order.told(cycle)}",
            "move what they share into a file of its own, and import that" if word == "import" else "",
        )


def _name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Name)  # is_link has looked
    return call.func.id


class _Reading:
    """The links of one file, and what is wrong with them."""

    def __init__(self, text: Text, paths: Collection[str], problems: list[Problem]) -> None:
        self.text, self.paths, self.problems = text, paths, problems

    def refuse(self, node: ast.expr | ast.keyword, message: str, hint: str = "") -> None:
        self.problems.append(self.text.problem(node, message, hint))

    def imported(self, call: ast.Call, already: Mapping[str, ast.expr]) -> dict[str, ast.expr]:
        rules = self._arguments(call).get("rules")
        if not isinstance(rules, ast.List) or not all(_is_text(one) for one in rules.elts):
            hint = "write Import(rules=['models/user.sml'])"
            self.refuse(rules or call, "Import takes a list of paths, written out", hint)
            return {}
        found: dict[str, ast.expr] = {}
        written = [str(one.value) for one in rules.elts if isinstance(one, ast.Constant)]
        for path, node in zip(written, rules.elts, strict=True):
            if path in found or path in already:
                self.refuse(node, f"{path!r} is imported twice", "leave one out")
            elif path == self.text.path:
                self.refuse(node, "the file imports itself", "leave it out")
            elif self._there(node, path):
                found[path] = node
        if written != sorted(written):
            shown = ", ".join(map(repr, sorted(set(written))))
            self.refuse(rules, "the paths are not sorted", f"write rules=[{shown}]")
        return found

    def required(self, call: ast.Call) -> Iterable[Needed]:
        arguments = self._arguments(call)
        rule, condition = arguments.get("rule"), arguments.get("require_if")
        if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
            if self._there(rule, rule.value):
                yield Needed(call, rule, condition, (rule.value,))
            return
        if not isinstance(rule, ast.JoinedStr):
            hint = "write Require(rule='rules/spam.sml') or Require(rule=f'actions/{ActionName}.sml')"
            self.refuse(rule or call, "Require takes the path of a file, written out", hint)
            return
        pieces = _pieces(rule)
        matching = tuple(sorted(path for path in self.paths if _matches(path, pieces)))
        if not matching:
            self.refuse(rule, f"no file matches {'*'.join(pieces)!r}", "add the file, or leave the Require out")
        yield Needed(call, rule, condition, matching)

    def _arguments(self, call: ast.Call) -> dict[str, ast.expr]:
        name = _name(call)
        known = _ARGUMENTS[name]
        given: dict[str, ast.expr] = {}
        for keyword in call.keywords:
            word = str(keyword.arg)
            if word in known:
                given[word] = keyword.value
            else:
                hint = did_you_mean(word, known) or f"it takes {' and '.join(sorted(known))}"
                self.refuse(keyword, f"{name} has no argument {word!r}", hint)
        return given

    def _there(self, node: ast.expr, path: str) -> bool:
        if path in self.paths:
            return True
        hint = did_you_mean(path, self.paths) or "paths start at the folder of the rules: 'models/user.sml'"
        self.refuse(node, f"there is no file {path!r}", hint)
        return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _pieces(rule: ast.JoinedStr) -> list[str]:
    """The text between the names of an f-string: one piece more than there are names."""
    pieces = [""]
    for part in rule.values:
        if isinstance(part, ast.Constant):
            pieces[-1] += str(part.value)
        else:
            pieces.append("")
    return pieces


def _matches(path: str, pieces: list[str]) -> bool:
    """Whether the path is the pieces in turn, with anything between them."""
    if len(pieces) == 1:
        return path == pieces[0]
    first, *middle, last = pieces
    if not (path.startswith(first) and path.endswith(last) and len(path) >= len(first) + len(last)):
        return False
    at, end = len(first), len(path) - len(last)
    for piece in middle:
        found = path.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
