"""Pieces of generated Python: expressions that know when they are FAILED, the lines around them, their constants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from msgspec import Struct

from evenhand.engine.rules.types import BOOL, Type

UNKNOWN: Final = object()
_WRITTEN_OUT: Final = 1_000
"""Longest text that stands in the code itself."""
DEEPEST: Final = 24
"""Python's parser gives up at 200 brackets within each other; deeper expressions go into a variable."""


class Code(Struct, frozen=True):
    """`text` is a Python expression that raises nothing and changes nothing, if none of the conditions `fails` holds;
    if one does, the value is FAILED. Where `bare` is set, `text` is a variable that itself holds FAILED then.

    `known` is the value where it does not depend on the event.
    """

    text: str
    type: Type
    fails: tuple[str, ...] = ()
    cost: int = 1
    depth: int = 0
    bare: bool = False
    known: Any = UNKNOWN

    @property
    def failed(self) -> str:
        """The condition under which the value is FAILED."""
        return " or ".join(self.fails)


def variable(name: str, type_: Type, *, may_fail: bool) -> Code:
    return Code(name, type_, (f"{name} is FAILED",) if may_fail else (), bare=True)


def joined(parts: Iterable[Code]) -> tuple[str, ...]:
    """The conditions under which one of the parts is FAILED, each once."""
    return tuple(dict.fromkeys(one for part in parts for one in part.fails))


def condition(text: str, parts: Iterable[Code], *, fails: tuple[str, ...] | None = None) -> Code:
    """A bool made of parts."""
    parts = list(parts)
    return Code(
        text,
        BOOL,
        joined(parts) if fails is None else fails,
        1 + sum(one.cost for one in parts),
        1 + max((one.depth for one in parts), default=0),
    )


class Constants:
    """What generated code refers to by name. Text of authors stands in it as `ascii(...)`, or not at all."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self._made: dict[Any, str] = {}

    def add(self, value: Any, kind: str, key: Any = None) -> str:
        """The name of a constant; the same for the same `key`, by default for the same object."""
        key = (kind, ("id", id(value)) if key is None else key)
        name = self._made.get(key)
        if name is None:
            name = self._made[key] = f"{kind}_{len(self._made)}"
            self.names[name] = value
        return name

    def literal(self, value: Any) -> str:
        """A literal that Python reads as just this value."""
        if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124 - NaN
            return self.add(value, "number", repr(value))
        if isinstance(value, str) and len(value) > _WRITTEN_OUT:
            return self.add(value, "text", value)
        return ascii(value)


class Lines:
    """Lines of a function, as deep as the blocks that are open."""

    def __init__(self, indent: int = 1) -> None:
        self.lines: list[str] = []
        self._indent = indent

    def add(self, *lines: str) -> None:
        self.lines += ["    " * self._indent + line for line in lines]

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.add(head)
        self._indent += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.add("pass")
        self._indent -= 1
