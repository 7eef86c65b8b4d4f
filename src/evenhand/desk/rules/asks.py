"""What each rule of a project asks for, read off its source: the policy, the action, the label that it names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from evenhand.engine.rules import RuleSet
from evenhand.engine.rules.naming import description, meant, members, rule_name
from evenhand.engine.rules.problem import Span
from evenhand.engine.rules.tree import Call, Definition, Do, Expr, Format, Literal, Name, Program
from evenhand.engine.rules.types import RULE

_KINDS = {
    "Enqueue": "enqueue",
    "Hold": "hold",
    "Act": "act",
    "LabelAdd": "label_add",
    "LabelRemove": "label_remove",
    "DeclareVerdict": "verdict",
    "BanUser": "ban_user",
}


class Ask(Struct, frozen=True):
    """One effect. `kind` is the effect's own; "other" is a function that the project brought along, told in `name`."""

    kind: str
    policy: str = ""
    name: str = ""
    """The action, the label, the verdict, or the function."""


def asks(found: RuleSet) -> dict[str, tuple[Ask, ...]]:
    """By rule, in the order in which they are written, each once."""
    told: dict[str, dict[Ask, None]] = {}
    for call in _when_rules(found.program):
        effects = dict.fromkeys(_effects(call, found.program))
        for rule in members(call.arguments["rules_any"], found.program) or ():
            told.setdefault(rule_name(rule, found.program), {}).update(effects)
    return {rule: tuple(some) for rule, some in told.items()}


def descriptions(found: RuleSet) -> dict[str, str]:
    """By rule, what it says about itself: names stand in ‹ › where their values will be."""
    rules = (one for one in found.program.definitions.values() if one.type == RULE)
    said = ((one.name, description(one.value, found.program)) for one in rules)
    return {name: text for name, told in said if told is not None and (text := _text(told))}


def _when_rules(program: Program) -> Iterator[Call]:
    for file in program.files.values():
        for statement in file.statements:
            if isinstance(statement, Do) and statement.value.function.name == "WhenRules":
                yield statement.value


def _effects(call: Call, program: Program) -> Iterator[Ask]:
    for effect in members(call.arguments["then"], program) or ():
        made = meant(effect, program)
        if isinstance(made, Call):
            given = {name: _constant(value, program) for name, value in made.arguments.items()}
            kind = _KINDS.get(made.function.name, "other")
            names = (given.get(key) for key in ("action", "label", "verdict"))
            fallback = made.function.name if kind == "other" else ""
            yield Ask(kind, given.get("policy", ""), next((one for one in names if one), fallback))


def _constant(value: Expr, program: Program) -> str:
    found = meant(value, program)
    return str(found.value) if isinstance(found, Literal) and found.value is not None else ""


def _text(told: Expr) -> str:
    match told:
        case Literal(value=str(text)):
            return text
        case Format(parts=parts):
            return "".join(f"‹{_in_words(_name(one))}›" if isinstance(one, Name) else one for one in parts)
    return ""


def _in_words(name: str) -> str:
    """`PeopleInAnHour`, as a person reads it: people in an hour."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", name.strip("_")).lower()


def _name(name: Name) -> str:
    return name.key.rpartition(":")[2]


def rule_of(found: RuleSet, name: str) -> Definition | None:
    """The definition of a rule by its name."""
    return next((one for one in found.program.definitions.values() if one.name == name and one.type == RULE), None)


def _whole(definition: Definition) -> Span:
    """From the name to the end of what it is."""
    end = definition.value.span
    return Span(definition.span.file, definition.span.line, definition.span.column, end.end_line, end.end_column)


def statements_of(found: RuleSet, name: str) -> list[Span]:
    """Where the rule stands, and where something follows from it."""
    definition = rule_of(found, name)
    spans = [_whole(definition)] if definition else []
    for file in found.program.files.values():
        for statement in file.statements:
            if isinstance(statement, Do) and statement.value.function.name == "WhenRules":
                group = members(statement.value.arguments["rules_any"], found.program) or ()
                if any(rule_name(one, found.program) == name for one in group):
                    spans.append(statement.span)
    return spans
