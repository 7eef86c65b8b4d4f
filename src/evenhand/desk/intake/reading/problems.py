"""What is wrong with a request, place by place."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from evenhand.desk.intake.reading import limits

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
        self.others: list[Unfit] = []
        """What else is wrong in the same field."""

    def inside(self, step: str | int) -> Unfit:
        """The same, seen from one level further out."""
        for one in self.all:
            one.path.insert(0, step)
        return self

    @property
    def all(self) -> list[Unfit]:
        return [self, *self.others]


def raise_all(found: list[Unfit]) -> None:
    """Raises the first, with the others in it, as many as are counted; nothing when there is none."""
    if not found:
        return
    first, *others = islice((one for unfit in found for one in unfit.all), limits.COUNTED)
    first.others = others
    raise first


def pointer(base: str, path: Iterable[str | int]) -> str:
    """`base` followed by `path`, escaped as RFC 6901 wants it."""
    return base + "".join(f"/{escaped(step)}" for step in path)


def escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
