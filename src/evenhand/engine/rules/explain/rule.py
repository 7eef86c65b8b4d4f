"""The rules of a program by their names: those that are assigned, and those that stand within a WhenRules."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from evenhand.engine.rules.check.walk import every
from evenhand.engine.rules.naming import members, rule_name
from evenhand.engine.rules.suggest import did_you_mean
from evenhand.engine.rules.tree import Call, Definition, Expr, Program, Require


class NoSuchRule(LookupError):
    """The project has no rule of that name, in words for who asked."""


class Rule(Struct, frozen=True):
    """`call`: the Rule(...) itself, `name`: as it is told when it fires."""

    name: str
    call: Call
    conditions: tuple[Expr, ...]

    @property
    def file(self) -> str:
        return self.call.span.file

    @property
    def line(self) -> int:
        return self.call.span.line


def find(program: Program, name: str) -> Rule:
    """Raises NoSuchRule."""
    known = {rule.name: rule for rule in reversed(list(rules(program)))}
    if name not in known:
        hint = did_you_mean(name, known)
        raise NoSuchRule(f"The rules have no rule {name!r}{f': {hint}' if hint else '.'}")
    return known[name]


def rules(program: Program) -> Iterator[Rule]:
    """In the order of the files; some of them may come more than once."""
    for file in program.files.values():
        for statement in file.statements:
            match statement:
                case Definition(name=name, value=Call(function=function)) if function.name == "Rule":
                    assert isinstance(statement.value, Call)
                    yield _rule(name, statement.value, program)
                case Require():
                    continue
                case _:
                    yield from _within(statement.value, program)


def _within(expr: Expr, program: Program) -> Iterator[Rule]:
    """Rules that have no name of their own: the place where they stand is their name."""
    for one in every(expr):
        if isinstance(one, Call) and one.function.name == "Rule":
            yield _rule(rule_name(one, program), one, program)


def _rule(name: str, call: Call, program: Program) -> Rule:
    group = call.arguments["when_all"]
    return Rule(name, call, members(group, program) or (group,))
