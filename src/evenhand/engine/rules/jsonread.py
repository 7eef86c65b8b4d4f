"""What JsonData and EntityJson take from an event: the first match of a path, as the type that the rules give it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from evenhand.engine.rules import jsonpath
from evenhand.engine.rules.jsonpath import MISSING
from evenhand.engine.rules.operate import Impossible
from evenhand.engine.rules.tree import Call, Literal
from evenhand.engine.rules.types import BOOL, FLOAT, INT, NONE, STR, Type, is_optional, parts
from evenhand.engine.rules.values import Entity, Expected


class Reading(Struct, frozen=True):
    """`entity`: the type of the entity that the value is the id of; None: the value itself is wanted."""

    path: str
    type: Type
    required: bool
    coerce: bool
    entity: str | None = None

    def value(self, data: Any) -> Any:
        """What the event has. Null counts as missing where the type has no None.

        Raises Impossible, and Expected where nothing need be there.
        """
        found = jsonpath.first(self.path, data)
        if found is MISSING or found is None:
            if is_optional(self.type):
                return None
            if not self.required:
                raise Expected
            raise Impossible(f"the event has {'nothing' if found is MISSING else 'null'} at {self.path}")
        value = self._typed(found)
        return value if self.entity is None else Entity(self.entity, value)

    def _typed(self, found: Any) -> Any:
        wanted = parts(self.type)
        if any(is_a(found, one) for one in wanted):
            return found
        if self.coerce:
            for one in wanted:
                made = _coerced(found, one)
                if made is not MISSING:
                    return made
        raise Impossible(f"the event has {_shown(found)} at {self.path}, and not {self.type}")


def reading(call: Call) -> Reading:
    """What a call of JsonData or EntityJson asks for."""
    given = {name: one.value for name, one in call.arguments.items() if isinstance(one, Literal)}
    type_ = call.type
    if call.function.name == "EntityJson":
        keys = [key for one in parts(type_) if one.name == "Entity" for key in one.args] or [STR]
        type_ = Type("Union", (*keys, NONE)) if is_optional(type_) else keys[0]
    kind = given.get("type")
    return Reading(
        path=str(given["path"]),
        type=type_,
        required=given.get("required", True) is not False,
        coerce=given.get("coerce_type", True) is not False,
        entity=str(kind) if call.function.name == "EntityJson" else None,
    )


def is_a(value: Any, type_: Type) -> bool:
    """Whether a value from JSON is of a type: an int is a float; a bool is neither."""
    if type_.name == "Union":
        return any(is_a(value, one) for one in type_.args)
    if type_.name == "list":
        return isinstance(value, list) and all(is_a(one, type_.args[0]) for one in value)
    return type_.name == "Any" or (isinstance(value, _KINDS[type_]) and (type_ == BOOL or not isinstance(value, bool)))


_KINDS: Final[dict[Type, type | tuple[type, ...]]] = {
    STR: str,
    BOOL: bool,
    INT: int,
    FLOAT: (int, float),
    NONE: type(None),
}
_MADE: Final[dict[Type, Callable[[Any], Any]]] = {STR: str, INT: int, FLOAT: float, BOOL: bool}


def _coerced(value: Any, type_: Type) -> Any:
    make = _MADE.get(type_)
    if make is None or (type_ in (INT, FLOAT) and not isinstance(value, str | float)):
        return MISSING
    try:
        return make(value)
    except (ValueError, OverflowError):
        return MISSING


def _shown(value: Any) -> str:
    kind = {bool: "true or false", str: "a text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kind.get(type(value), type(value).__name__)
