"""Statements in Python code: features into variables, rules into effects, files that come in only for some events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from evenhand.engine.rules.compile.code import UNKNOWN, Code
from evenhand.engine.rules.compile.expressions import Expressions, truth
from evenhand.engine.rules.naming import description, members, rule_name
from evenhand.engine.rules.operate import text
from evenhand.engine.rules.tree import Call, Expr, Format, ListOf, Literal, Name, Program
from evenhand.engine.rules.types import BOOL, FLOAT, INT, NONE, RULE, STR, parts

_AS_IT_IS: Final = {STR, INT, FLOAT, BOOL, RULE, NONE}


class Unsupported(Exception):
    """What the compiler has no code for; the interpreter runs it."""


def shown(code: Code) -> str:
    """A variable's value as a feature."""
    kinds = set(parts(code.type))
    if kinds <= _AS_IT_IS or (code.type.name == "list" and set(parts(code.type.args[0])) <= _AS_IT_IS):
        return f"None if {code.text} is FAILED else {code.text}" if code.fails else code.text
    if code.type.name == "Entity" and not code.fails:
        return f"{code.text}.id"
    return f"shown({code.text})"


def when_rules(call: Call, expressions: Expressions, program: Program) -> None:
    """Effects of the rules that passed; each rule and each effect stands for itself."""
    rules = _each(call.arguments["rules_any"], expressions, program)
    effects = _each(call.arguments["then"], expressions, program)
    doubtful = [(one, expressions.kept(code)) for one, code in rules if code.known is UNKNOWN or code.known]
    if not doubtful:
        return
    lines = expressions.lines
    with lines.block(f"if {' or '.join(truth(code, expressions) for _, code in doubtful)}:"):
        lines.add("passed = {}")
        for rule, code in doubtful:
            name = ascii(rule_name(rule, program))
            with lines.block(f"if {truth(code, expressions)}:"):
                lines.add(f"passed[{name}] = None")
                lines.add(f"if {name} not in fired: fired[{name}] = Fired({name}, {_told(rule, expressions, program)})")
        lines.add("passed = tuple(passed)")
        for _, effect in effects:
            head = f"if not ({effect.failed}): " if effect.fails else ""
            lines.add(f"{head}act(effects, {effect.text}, passed)")


def _each(group: Expr, expressions: Expressions, program: Program) -> Sequence[tuple[Expr, Code]]:
    if isinstance(group, ListOf):
        return [(one, expressions.code(one)) for one in group.items]
    written = members(group, program)
    if written is None or not isinstance(group, Name):
        raise Unsupported
    whole = expressions.code(group)
    return [
        (one, replace(whole, text=f"{whole.text}[{index}]", type=one.type, bare=False))
        for index, one in enumerate(written)
    ]


def _told(rule: Expr, expressions: Expressions, program: Program) -> str:
    words = description(rule, program)
    if words is None:
        return "''"
    if isinstance(words, Literal):
        return ascii(text(words.value))
    if not isinstance(words, Format):
        raise Unsupported
    pieces = [
        ascii(one) if isinstance(one, str) else f"text({expressions.names.look_up(one.key).text})"
        for one in words.parts
    ]
    return f"''.join([{', '.join(pieces)}])"
