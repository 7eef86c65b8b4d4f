"""From the files of a rule project to the typed tree, or to everything that is wrong with them at once."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from evenhand.engine.rules import tree
from evenhand.engine.rules.check import configured, expressions, files, names, order, statements
from evenhand.engine.rules.check.operators import is_condition
from evenhand.engine.rules.check.scope import Scope
from evenhand.engine.rules.check.strict import Strict
from evenhand.engine.rules.function import Function
from evenhand.engine.rules.parse import Parsed, parse
from evenhand.engine.rules.problem import Problem, RuleError

ENTRY: Final = "main.sml"


class Checked(Struct, frozen=True):
    """A project that can be run, and what its author should look at all the same."""

    program: tree.Program
    warnings: tuple[Problem, ...]
    doubts: tuple[Problem, ...] = ()
    """Of a project that was published before: what can only fail, for every event."""


def read(
    sources: Mapping[str, str],
    config: Mapping[str, Any],
    functions: Mapping[str, Function],
    *,
    strict: bool | None = None,
    schema: Mapping[str, Any] | None = None,
) -> tree.Program:
    """The checked program. See `check`."""
    return check(sources, config, functions, strict=strict, schema=schema).program


def check(
    sources: Mapping[str, str],
    config: Mapping[str, Any],
    functions: Mapping[str, Function],
    *,
    strict: bool | None = None,
    schema: Mapping[str, Any] | None = None,
    expected: Mapping[str, Any] | None = None,
    stored: bool = False,
) -> Checked:
    """The program and its warnings.

    `sources`: the text of each file by its path, from the folder of the rules. `strict` goes before what `config` says.
    `schema`: a JSON Schema for each action name, in place of those in `config`. `expected`: the same from somebody who
    may not know all of the events: it counts where `config` has none, and warns, but in strict files. `stored`: it was
    published before, perhaps by a version of the program that checked less: what can only fail is among the `doubts`.

    Raises RuleError with every problem.
    """
    reading = _Reading(sources, config, functions, strict=strict, schema=schema)
    if reading.schemas is None and expected:
        reading.schemas, reading.presumed = expected, True
    reading.doubts = [] if stored else None
    program = reading.program()
    problems = sorted(set(reading.problems))
    if any(one.severity == "error" for one in problems):
        raise RuleError(problems)
    return Checked(program, tuple(problems), tuple(sorted(set(reading.doubts or ()))))


class _Reading:
    """One project on its way."""

    def __init__(
        self,
        sources: Mapping[str, str],
        config: Mapping[str, Any],
        functions: Mapping[str, Function],
        *,
        strict: bool | None,
        schema: Mapping[str, Any] | None,
    ) -> None:
        self.problems: list[Problem] = []
        self.doubts: list[Problem] | None = None
        self.config = dict(config)
        self.functions = functions
        self.strict = bool(config.get("strict")) if strict is None else strict
        self.files = {path: parse(path, source, functions) for path, source in sorted(sources.items())}
        schemas = config.get("event_schemas") if schema is None else schema
        self.schemas = schemas if isinstance(schemas, Mapping) else None
        self.presumed = False
        self.labels, wrong = configured.labels_of(config)
        self.problems += [*wrong, *configured.mistakes(config), *configured.unknown(config)]
        self.known: dict[str, tree.Definition] = {}

    def program(self) -> tree.Program:
        entry = self._entry()
        for parsed in self.files.values():
            self.problems += parsed.problems
        drafts = names.collect(self.files.values(), self.problems)
        self.links = {path: files.links(one, self.files, self.problems) for path, one in self.files.items()}
        self.problems += files.cycles(self.files, self.links)
        self.names = self._names(drafts)
        for draft in statements.in_order(self.names, self.problems):
            self.known[draft.key] = statements.definition(draft, self._scope(self.files[draft.text.path]))
        read = {path: self._file(parsed) for path, parsed in self.files.items()}
        used = self._read()
        self.problems += statements.unread(self.names, used)
        self._strict(read, used)
        return tree.Program(entry, read, self.known, self.labels, self.config, self.strict)

    def _entry(self) -> str:
        entry = str(self.config.get("entry") or ENTRY)
        if entry not in self.files:
            message = f"there is no file {entry!r}, with which the rules start"
            self.problems.append(Problem(entry, 1, 1, message, "add it: it may only Import and Require the others"))
        return entry

    def _names(self, drafts: dict[str, names.Draft]) -> names.Names:
        imports = {path: list(links.imports) for path, links in self.links.items()}
        visible = {path: order.reached([path], imports) for path in self.files}
        uses = {key: names.used(one.value) if one.value else [] for key, one in drafts.items()}
        return names.Names(drafts, visible, self.functions, uses)

    def _scope(self, parsed: Parsed) -> Scope:
        return Scope(
            text=parsed.text,
            names=self.names,
            functions=self.functions,
            known=self.known,
            labels=self.labels if "labels" in self.config else None,
            lists=self.config["lists"] if isinstance(self.config.get("lists"), Mapping) else None,
            problems=self.problems,
            schemas=self.schemas,
            presumed=self.presumed,
            strict=self.strict or parsed.strict,
            doubts=self.doubts,
        )

    def _file(self, parsed: Parsed) -> tree.File:
        path = parsed.text.path
        scope = self._scope(parsed)
        requires = {id(one.call): one for one in self.links[path].requires}
        found: list[tree.Statement] = []
        for statement in parsed.statements:
            if not isinstance(statement, ast.Expr):
                found += self._defined(parsed, statement)
                continue
            call = statement.value
            assert isinstance(call, ast.Call)  # the grammar has seen to it
            if not files.is_link(call):
                done = statements.done(call, scope)
                found += [done] if done else []
            elif id(call) in requires:
                found += self._required(requires[id(call)], scope)
        return tree.File(path, tuple(self.links[path].imports), tuple(found))

    def _defined(self, parsed: Parsed, statement: ast.stmt) -> list[tree.Definition]:
        assert isinstance(statement, ast.Assign | ast.AnnAssign)  # the grammar has seen to it
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        assert isinstance(target, ast.Name)
        known = self.known.get(names.key_of(parsed.text.path, target.id))
        return [known] if known and known.span == parsed.text.span(target) else []

    def _required(self, needed: files.Needed, scope: Scope) -> list[tree.Require]:
        pattern = expressions.read(needed.rule, scope)
        condition = expressions.read(needed.condition, scope) if needed.condition else None
        if needed.condition and condition and not is_condition(condition.type):
            scope.refuse(needed.condition, f"require_if takes a condition, not {condition.type}")
        if not isinstance(pattern, tree.Literal | tree.Format):
            return []
        return [tree.Require(pattern, needed.files, condition, scope.text.span(needed.call))]

    def _strict(self, read: Mapping[str, tree.File], used: set[str]) -> None:
        """What only strict files are told, when they are otherwise right."""
        if any(one.severity == "error" for one in self.problems):
            return
        strict = Strict(self.known, used)
        reached = order.reached([self._entry()], {path: self._next(path) for path in self.files})
        for path, parsed in self.files.items():
            if not (self.strict or parsed.strict):
                continue
            self.problems += strict.problems(parsed.text, read[path])
            if path not in reached:
                message = "no file imports or requires this one, so it never runs"
                self.problems.append(parsed.text.problem(parsed.text.at(1), message, warning=True))

    def _next(self, path: str) -> list[str]:
        links = self.links[path]
        return [*links.imports, *(file for one in links.requires for file in one.files)]

    def _read(self) -> set[str]:
        """The keys of all names that anything reads."""
        found = {
            names.key_of(self.names.everywhere[key].text.path, one.id)
            for key, uses in self.names.uses.items()
            for one in uses
        }
        for path, parsed in self.files.items():
            done = [one.value for one in parsed.statements if isinstance(one, ast.Expr)]
            found |= {names.key_of(path, one.id) for call in done for one in names.used(call)}
        return found
