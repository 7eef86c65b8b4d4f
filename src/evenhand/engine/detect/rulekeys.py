"""Whose labels rules will ask for, as far as the event itself tells: so that many are read at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenhand.engine.rules.check.walk import every
from evenhand.engine.rules.jsonread import Reading, reading
from evenhand.engine.rules.naming import meant
from evenhand.engine.rules.operate import Impossible
from evenhand.engine.rules.order import values
from evenhand.engine.rules.tree import Call, Program
from evenhand.engine.rules.values import Entity, Expected


class Labelled:
    """The entities of a project's HasLabel that are read from the event as they are (EntityJson)."""

    def __init__(self, program: Program) -> None:
        self._readings = tuple(dict.fromkeys(_readings(program)))

    def __bool__(self) -> bool:
        return bool(self._readings)

    def of(self, data: dict[str, Any]) -> Iterator[Entity[Any]]:
        """Those that this event has."""
        for one in self._readings:
            try:
                entity = one.value(data)
            except (Expected, Impossible):
                continue
            if entity is not None:
                yield entity


def _readings(program: Program) -> Iterator[Reading]:
    for value in values(program):
        for call in every(value):
            if isinstance(call, Call) and call.function.name == "HasLabel" and "entity" in call.arguments:
                entity = meant(call.arguments["entity"], program)
                if isinstance(entity, Call) and entity.function.name == "EntityJson" and entity.function.form:
                    yield reading(entity)
