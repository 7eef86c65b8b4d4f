"""Statements, checked: definitions in the order in which they need each other, then what is only done."""

from __future__ import annotations

import ast
from collections.abc import Collection

from evenhand.engine.rules.check import annotation, calls, expressions, order, paths
from evenhand.engine.rules.check.annotation import Annotation
from evenhand.engine.rules.check.names import Draft, Names
from evenhand.engine.rules.check.scope import NOTHING, Scope
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.tree import Call, Definition, Do, Expr, Literal
from evenhand.engine.rules.types import ANY, EFFECT, fits, parts


def in_order(names: Names, problems: list[Problem]) -> list[Draft]:
    """All drafts, each behind those it needs; cycles are told."""
    needs: dict[str, list[str]] = {}
    for key, draft in names.everywhere.items():
        found = [names.find(draft.text.path, one.id) for one in names.uses[key]]
        needs[key] = list(dict.fromkeys(one.key for one in found if one))
    keys, cycles = order.ordered(needs)
    for cycle in cycles:
        first = names.everywhere[cycle[0]]
        shown = order.told([names.everywhere[key].name for key in cycle])
        message = "the name is assigned to itself" if len(cycle) == 1 else f"the names need each other: {shown}"
        problems.append(first.text.problem(first.span, message, "" if len(cycle) == 1 else "break the circle"))
    return [names.everywhere[key] for key in keys]


def definition(draft: Draft, scope: Scope) -> Definition:
    """`Name = value`, or what stands for it when it is wrong."""
    told = annotation.read(scope.text, draft.annotation, scope.problems) if draft.annotation else None
    if draft.value is None:
        value: Expr = Literal(None, ANY, draft.span)
    elif isinstance(draft.value, ast.Call):
        value = _called(draft, draft.value, told, scope)
    else:
        value = expressions.read(draft.value, scope, NOTHING, told.type if told else ANY)
    if told and draft.value and not fits(value.type, told.type):
        scope.refuse(draft.value, f"{draft.name} is {told.type}, but this is {value.type}")
    type_ = told.type if told else value.type
    secret = bool(told and told.secret)
    return Definition(draft.key, draft.name, value, type_, draft.span, _shown(draft, value, told), secret)


def _called(draft: Draft, node: ast.Call, told: Annotation | None, scope: Scope) -> Expr:
    call = calls.read_call(node, scope, NOTHING, expressions.READERS)
    if not isinstance(call, Call) or not calls.is_dynamic(call.function):
        return call
    name = call.function.name
    if not told:
        return scope.refuse(node, f"the type of {name}(...) must be told", f"write {draft.name}: str = {name}(...)")
    if not fits(call.type, told.type):
        return scope.refuse(node, f"{draft.name} is {told.type}, but {name}(...) gives {call.type}")
    typed = Call(call.function, call.arguments, told.type, call.span)
    paths.check(typed, node, scope)
    return typed


def _shown(draft: Draft, value: Expr, told: Annotation | None) -> bool:
    if draft.local or EFFECT in parts(value.type) or (told and told.secret):
        return False
    return bool(told and told.extracted) or not calls.is_constant(value)


def done(node: ast.Call, scope: Scope) -> Do | None:
    """A bare call; None when it is wrong."""
    call = calls.inner(node, scope, NOTHING, expressions.READERS)
    return Do(call, call.span) if isinstance(call, Call) else None


def unread(names: Names, read: Collection[str]) -> list[Problem]:
    """Local names that nothing in their file reads."""
    return [
        draft.text.problem(draft.span, f"nothing in this file reads {draft.name!r}", "use it, or leave it out")
        for draft in names.everywhere.values()
        if draft.local and draft.value is not None and draft.key not in read
    ]
