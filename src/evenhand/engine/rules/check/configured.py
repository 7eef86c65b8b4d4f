"""Arguments that name something in the project's configuration: labels, entity types, word lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any, Final

from evenhand.engine.rules.check.scope import Scope
from evenhand.engine.rules.problem import Problem
from evenhand.engine.rules.suggest import did_you_mean
from evenhand.engine.rules.tree import Call, Definition, Expr, Label, Literal, Name
from evenhand.engine.rules.types import STR

_LABELS: Final = ("LabelAdd", "LabelRemove", "HasLabel")
_SHAPES: Final[tuple[tuple[str, type, str], ...]] = (
    ("strict", bool, "true or false"),
    ("entry", str, "the path of a rule file"),
    ("lists", dict, "a mapping from names to lists of words"),
    ("event_schemas", dict, "a mapping from action names to JSON Schemas"),
)
LATENESS: Final = "lateness_seconds"
LONGEST_LATENESS: Final = 366 * 24 * 3600
_OURS: Final = ("labels", *(name for name, _, _ in _SHAPES), LATENESS)
_OTHERS: Final = ("acl", "actions", "analytics", "feature_flags", "ui_config")
"""Parts of Osprey's configuration that nothing is read from here."""
_OF_A_LABEL: Final = ("valid_for", "connotation", "description")
FILE: Final = "config"
"""The file that problems of the configuration are told with: it may be several, and none of them is known here."""
CONNOTATIONS: Final = ("positive", "negative", "neutral")


def check(call: Call, node: ast.Call, scope: Scope) -> None:
    """Notes a problem for a name that the configuration does not have."""
    if call.function.name in _LABELS and scope.labels is not None:
        _label(call, node, scope, scope.labels)
    names_list = any(one.name == "list" and one.constant and one.type == STR for one in call.function.parameters)
    if names_list and scope.lists is not None:
        _list(call, node, scope, scope.lists)


def _label(call: Call, node: ast.Call, scope: Scope, labels: Mapping[str, Label]) -> None:
    named = _text(call.arguments.get("label"))
    if named is None:
        return
    label = labels.get(named)
    if not label:
        hint = scope.meant(named, labels) or "declare it under `labels` in the project's configuration"
        scope.refuse(_place(node, "label"), f"unknown label {named!r}", hint)
        return
    entity = entity_type(call.arguments.get("entity"), scope.known)
    if entity is not None and label.valid_for and entity not in label.valid_for:
        valid = ", ".join(label.valid_for)
        scope.refuse(
            _place(node, "entity"),
            f"the label {named!r} is not for entities of the type {entity!r}",
            f"the configuration has it for: {valid}",
        )


def _list(call: Call, node: ast.Call, scope: Scope, lists: Mapping[str, Any]) -> None:
    named = _text(call.arguments.get("list"))
    if named is not None and named not in lists:
        hint = scope.meant(named, lists) or f"add the file lists/{named}.yaml"
        scope.refuse(_place(node, "list"), f"unknown list {named!r}", hint)


def _place(node: ast.Call, argument: str) -> ast.expr:
    return next((keyword.value for keyword in node.keywords if keyword.arg == argument), node)


def _text(value: Expr | None) -> str | None:
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else None


def entity_type(value: Expr | None, known: Mapping[str, Definition]) -> str | None:
    """The type of the entity, where the rules tell it: "User"."""
    while isinstance(value, Name) and value.key in known:
        value = known[value.key].value
    return _text(value.arguments.get("type")) if isinstance(value, Call) else None


def unknown(config: Mapping[str, Any]) -> Iterator[Problem]:
    """Keys that nothing knows. One that is nearly one of ours is refused: a misspelt `strict` would turn it off."""
    for name in map(str, config):
        if name in _OURS or name in _OTHERS:
            continue
        ours = did_you_mean(name, _OURS)
        hint = ours or did_you_mean(name, _OTHERS) or f"the keys that are read: {', '.join(_OURS)}"
        yield _problem((name,), f"unknown key {name!r}", hint, "error" if ours else "warning")
    labels = config.get("labels")
    for label, body in labels.items() if isinstance(labels, Mapping) else ():
        for name in map(str, body) if isinstance(body, Mapping) else ():
            if name not in _OF_A_LABEL:
                hint = did_you_mean(name, _OF_A_LABEL) or f"a label has: {', '.join(_OF_A_LABEL)}"
                yield _problem(("labels", str(label), name), f"labels.{label}: unknown key {name!r}", hint)


def mistakes(config: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the parts of the configuration that are read here, labels aside."""
    for name, kind, told in _SHAPES:
        if not isinstance(config.get(name, kind()), kind):
            yield _expected((name,), told)
    late = config.get(LATENESS, 0)
    if isinstance(late, bool) or not isinstance(late, int | float) or not 0 <= late <= LONGEST_LATENESS:
        yield _expected((LATENESS,), f"a number of seconds, from 0 to {LONGEST_LATENESS:,}, a year")
    schemas = config.get("event_schemas")
    if isinstance(schemas, Mapping):
        for name, schema in schemas.items():
            if not isinstance(schema, Mapping):
                yield _expected(("event_schemas", str(name)), "a JSON Schema")


def labels_of(config: Mapping[str, Any]) -> tuple[dict[str, Label], list[Problem]]:
    """The labels that the configuration declares, and what is wrong with it."""
    found: dict[str, Label] = {}
    wrong: list[Problem] = []
    declared = config.get("labels") or {}
    if not isinstance(declared, Mapping):
        return {}, [_expected(("labels",), "a mapping from names to what they are for")]
    for name, body in declared.items():
        if mistake := _mistake(body):
            part, told = mistake
            wrong.append(_expected(("labels", str(name), *part), told))
            found[str(name)] = _declared(name)
            continue
        found[str(name)] = Label(
            name=str(name),
            valid_for=tuple(body["valid_for"]),
            connotation=body.get("connotation", "neutral"),
            description=body.get("description") or "",
        )
    return found, wrong


def _declared(name: object) -> Label:
    """A label whose mistakes are told: that rules name it is none."""
    return Label(name=str(name), valid_for=(), connotation="neutral", description="")


def _mistake(body: Any) -> tuple[tuple[str, ...], str] | None:
    """The key within the label, and what is expected there."""
    if not isinstance(body, Mapping):
        return (), "valid_for, connotation, description"
    valid_for = body.get("valid_for")
    if not isinstance(valid_for, list) or not all(isinstance(one, str) for one in valid_for):
        return ("valid_for",), "a list of entity types, [User]"
    if body.get("connotation", "neutral") not in CONNOTATIONS:
        return ("connotation",), ", ".join(CONNOTATIONS)
    if not isinstance(body.get("description") or "", str):
        return ("description",), "a string"
    return None


def _expected(key: tuple[str, ...], told: str) -> Problem:
    return _problem(key, f"{'.'.join(key)}: expected {told}")


def _problem(key: tuple[str, ...], message: str, hint: str = "", severity: str = "error") -> Problem:
    return Problem(FILE, 1, 1, message, hint, severity, key=key)
