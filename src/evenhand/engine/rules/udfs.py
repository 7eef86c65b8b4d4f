"""Functions that others add: plain typed Python, whose results are held to their annotations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final, NoReturn

from msgspec.structs import replace

from evenhand.engine.rules.function import Function, read
from evenhand.engine.rules.jsonread import is_a
from evenhand.engine.rules.operate import Impossible
from evenhand.engine.rules.types import EFFECT, EXPERIMENT, NEVER, RULE, TIMEDELTA, Type, parts
from evenhand.engine.rules.values import Effect, Entity, Experiment

_CLASSES: Final = {TIMEDELTA: timedelta, EFFECT: Effect, EXPERIMENT: Experiment, RULE: bool}


def added(call: Callable[..., Any]) -> Function:
    """The function as rules may call it, by its name. It runs once for each event that needs it.

    Raises TypeError: an annotation is missing, or SML has no such type.
    """
    function = read(call.__name__, call, pure=False)

    @wraps(call)
    def held(*values: Any, **more: Any) -> Any:
        value = call(*values, **more)
        if not _is_a(value, function.result):
            raise Impossible(f"{function.name} gave a {type(value).__name__}, and not {function.result}")
        return value

    return replace(function, call=held)


def broken(name: str, why: str) -> Function:
    """What stands for a function that cannot be had: rules that call it are refused with `why` when they are checked;
    in those that were published before, the value FAILED and `why` is its error.
    """

    def fails(*_values: Any, **_more: Any) -> NoReturn:
        raise Impossible(why)

    return Function(name, fails, (), NEVER, why, pure=False, broken=True)


def _is_a(value: Any, type_: Type) -> bool:
    for one in parts(type_):
        if one in _CLASSES:
            fits = isinstance(value, _CLASSES[one])
        elif one.name == "Entity":
            fits = isinstance(value, Entity) and _is_a(value.id, one.args[0])
        elif one.name == "list":
            fits = isinstance(value, list) and all(_is_a(item, one.args[0]) for item in value)
        else:
            fits = one.name.startswith("$") or is_a(value, one)
        if fits:
            return True
    return False
