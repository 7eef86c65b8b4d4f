"""What rules are called and how they are described, read off the tree: at run time a rule is only a bool."""

from __future__ import annotations

from evenhand.engine.rules.tree import Call, Expr, ListOf, Name, Program


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
