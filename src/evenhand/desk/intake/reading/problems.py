"""What is wrong with a request, place by place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

About = Literal["shape", "data", "unknown"]
"""The request's own shape, the data of an item, or a name that the platform document does not know."""


class Problem(Struct, frozen=True, omit_defaults=True):
    """Where (a JSON pointer, RFC 6901), why, and what would be right there."""

    pointer: str
    reason: str
    example: Any | UnsetType = UNSET
    about: About = "shape"


class Unfit(Exception):
    """A value that its field cannot take. `path` leads from the field to the value inside it."""

    def __init__(self, reason: str, example: Any | UnsetType = UNSET) -> None:
        super().__init__(reason)
        self.reason = reason
        self.example = example
        self.path: list[str | int] = []

    def inside(self, step: str | int) -> Unfit:
        """The same, seen from one level further out."""
        self.path.insert(0, step)
        return self


def pointer(base: str, path: Iterable[str | int]) -> str:
    """`base` followed by `path`, escaped as RFC 6901 wants it."""
    return base + "".join(f"/{escaped(step)}" for step in path)


def escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
