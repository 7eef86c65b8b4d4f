"""What rules are called and how they are described, read off the tree: at run time a rule is only a bool."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from evenhand.engine.rules.check.walk import children
from evenhand.engine.rules.tree import (
    Call,
    Compare,
    Definition,
    Expr,
    Format,
    ListOf,
    Literal,
    Name,
    Program,
    Require,
)
from evenhand.engine.rules.types import STR


def meant(expr: Expr, program: Program) -> Expr:
    """What a name stands for, through other names."""
    while isinstance(expr, Name):
        expr = program.definitions[expr.key].value
    return expr


def rule_name(rule: Expr, program: Program) -> str:
    """The name that it was first assigned to; its place, when it has none."""
    name = ""
    while isinstance(rule, Name):
        definition = program.definitions[rule.key]
        name, rule = definition.name, definition.value
    return name or f"{rule.span.file}:{rule.span.line}"


def description(rule: Expr, program: Program) -> Expr | None:
    """What tells what the rule is about: a text, or an f-string of names."""
    rule = meant(rule, program)
    if not isinstance(rule, Call) or "description" not in rule.arguments:
        return None
    return meant(rule.arguments["description"], program)


def members(group: Expr, program: Program) -> tuple[Expr, ...] | None:
    """The members of a list that is written out; None when it is made in another way."""
    group = meant(group, program)
    return group.items if isinstance(group, ListOf) else None


def named(program: Program) -> Program:
    """Tells functions that ask for it (a written-out argument `name`, with a default) the name that they are assigned
    to."""
    told = {key: _named(definition) for key, definition in program.definitions.items()}
    files = {
        path: replace(
            file,
            statements=tuple(told[one.key] if isinstance(one, Definition) else one for one in file.statements),
        )
        for path, file in program.files.items()
    }
    return replace(program, definitions=told, files=files)


def _named(definition: Definition) -> Definition:
    call = definition.value
    if not isinstance(call, Call) or "name" in call.arguments:
        return definition
    if not any(one.name == "name" and one.constant and one.default == "" for one in call.function.parameters):
        return definition
    name = Literal(definition.name, STR, call.span)
    return replace(definition, value=replace(call, arguments={**call.arguments, "name": name}))


def spoken(program: Program) -> Iterator[str]:
    """The texts that may be names of actions: those written out in conditions, and those that paths of files have in
    the place of a name. Some come more than once."""
    for file in program.files.values():
        for statement in file.statements:
            if isinstance(statement, Require):
                yield from _filled(statement)
                condition = statement.condition
                yield from () if condition is None else _compared(condition)
            else:
                yield from _compared(statement.value)


def _filled(require: Require) -> Iterator[str]:
    match require.pattern:
        case Format(parts=(str(start), Name(), str(end))):
            yield from (one.removeprefix(start).removesuffix(end) for one in require.files)
        case Format(parts=(Name(), str(end))):
            yield from (one.removesuffix(end) for one in require.files)


def _compared(expr: Expr) -> Iterator[str]:
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Compare):
            sides = (*children(one.left), *children(one.right), one.left, one.right)
            yield from (side.value for side in sides if isinstance(side, Literal) and isinstance(side.value, str))
        waiting.extend(children(one))
