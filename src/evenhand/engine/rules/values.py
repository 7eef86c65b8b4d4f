"""The values that rules work with, beyond Python's own: entities, effects, and the state FAILED."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Generic, TypeVar, final

from msgspec import Struct

T = TypeVar("T")


@final
class Failed:
    """The one value FAILED: a value that could not be had. It is not None, and compares like None."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "FAILED"

    def __bool__(self) -> bool:
        return False


FAILED: Final = Failed()

CONSTANT: Final = "constant"
Constant = Annotated[T, CONSTANT]
"""Annotation of a parameter that must be written out in the rule file: `pattern: Constant[str]`."""

Rule = Annotated[bool, "rule"]
"""Annotation of a parameter that takes a rule. At run time a rule is a bool (or FAILED)."""


class Expected(Exception):
    """Raised by a function that has no value for what it was given, as may be: FAILED, without an error told."""


class Entity(Struct, Generic[T], frozen=True):
    """Somebody or something that labels stick to: a type ("User") and an id. Compared with others by its id."""

    type: str
    id: T


class Effect(Struct, frozen=True, kw_only=True):
    """What is to be done when a rule fires.

    `kind`: "label_add", "label_remove", "verdict", or the name of a function that others have added ("ban_user").
    `rules`: names of the rules that brought it about, filled in when it fires.
    """

    kind: str
    entity: Entity[Any] | None = None
    arguments: Mapping[str, Any] = {}
    rules: tuple[str, ...] = ()


class Experiment(Struct, frozen=True):
    """The bucket that an entity is in: same name, version and entity, same bucket."""

    name: str
    entity: Entity[Any]
    bucket: str
    bucket_index: int
    version: int
    revision: int
