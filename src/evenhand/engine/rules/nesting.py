"""Events from JSON, none of them nested so deep that something after the reading gives up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

import msgspec

from evenhand.engine.rules.notjson import NotJson

DEEPEST: Final = 100
"""Arrays and objects within each other in an event's `data`, itself included. Python gives up at some 1,000 calls."""


class WithData(Protocol):
    @property
    def data(self) -> dict[str, Any]: ...


Read = TypeVar("Read", bound=WithData)


class TooDeep(msgspec.DecodeError):
    """The event's arrays and objects are nested deeper than they may be."""

    def __init__(self) -> None:
        super().__init__(f"nested deeper than {DEEPEST}: so many arrays and objects may stand within each other.")


def read(decode: Callable[[bytes], Read], body: bytes) -> Read:
    """The event that `decode` makes of JSON.

    Raises msgspec.ValidationError (another shape), TooDeep, NotJson, UnicodeDecodeError.
    """
    try:
        event = decode(body)
    except RecursionError:
        raise TooDeep from None
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as error:
        raise NotJson(error, body) from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_too_deep(event.data):
        raise TooDeep
    return event


def _is_too_deep(data: dict[str, Any]) -> bool:
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _members(outer) if isinstance(inner, list | dict)]
        if not level:
            return False
    return True


def _members(value: list[Any] | dict[str, Any]) -> Any:
    return value.values() if isinstance(value, dict) else value
