"""Which rules an error leaves without an answer: those that FAILED for it, and those whose effect it took away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from evenhand.engine.rules import Result
from evenhand.engine.rules.naming import members, rule_name
from evenhand.engine.rules.order import names
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.run import Error
from evenhand.engine.rules.tree import Call, Do, Program
from evenhand.engine.rules.types import RULE

Site = tuple[str, str]
"""File and name of a definition, as errors have them."""


class _Group(Struct, frozen=True):
    """A WhenRules: where it stands, its rules, and the definitions that its effects are made of."""

    span: Span
    rules: tuple[str, ...]
    sites: frozenset[Site]


class Troubles:
    """Of one project."""

    def __init__(self, program: Program) -> None:
        self._program = program
        rules = [one for one in program.definitions.values() if one.type == RULE]
        self._reads = {one.name: frozenset(self._sites([one.key])) for one in rules}
        self._groups = [self._group(call, span) for call, span in _when_rules(program)]

    def of(self, result: Result) -> dict[str, str]:
        """By rule, the first error that left it without an answer, or without an effect."""
        told: dict[str, str] = {}
        if not result.errors:
            return told
        fired = {one.rule for one in result.fired}
        for error in result.errors:
            for rule in (*self._failed(error, result, fired), *self._without_effect(error, fired)):
                told.setdefault(rule, f"{error.file}:{error.line}: {error.message}")
        return told

    def _failed(self, error: Error, result: Result, fired: set[str]) -> Iterator[str]:
        site = error.file, error.feature
        for rule, sites in self._reads.items():
            if site in sites and rule not in fired and result.features.get(rule) is None:
                yield rule

    def _without_effect(self, error: Error, fired: set[str]) -> Iterator[str]:
        for group in self._groups:
            here = error.file == group.span.file and group.span.line <= error.line <= group.span.end_line
            if (here and not error.feature) or (error.file, error.feature) in group.sites:
                yield from (rule for rule in group.rules if rule in fired)

    def _sites(self, keys: Iterable[str]) -> Iterator[Site]:
        """The definitions, and all that they read."""
        waiting, seen = list(keys), set()
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                definition = self._program.definitions[key]
                yield definition.span.file, definition.name
                waiting += names(definition.value)

    def _group(self, call: Call, span: Span) -> _Group:
        rules = members(call.arguments["rules_any"], self._program) or ()
        told = tuple(rule_name(one, self._program) for one in rules)
        return _Group(span, told, frozenset(self._sites(names(call.arguments["then"]))))


def _when_rules(program: Program) -> Iterator[tuple[Call, Span]]:
    for file in program.files.values():
        for statement in file.statements:
            if isinstance(statement, Do) and statement.value.function.name == "WhenRules":
                yield statement.value, statement.span
