"""What rules read of a stored event, as SQL: where it stands, and what its kind and the wanted type make of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from evenhand.engine.rules import jsonpath
from evenhand.engine.rules.jsonread import Reading, reading
from evenhand.engine.rules.query.algebra import ALWAYS, FAILS, NEVER, UNKNOWN, Sql, Three, any_of, choose, every, write
from evenhand.engine.rules.query.dialects import Dialect, Place
from evenhand.engine.rules.query.schema import Column, Schema
from evenhand.engine.rules.tree import Call, Expr, ListOf, Name, Program
from evenhand.engine.rules.tree import Literal as Written
from evenhand.engine.rules.types import BOOL, FLOAT, INT, STR, Type, is_optional, without_none

Kind = Literal["text", "integer", "unsure", "real", "boolean", "other"]
Answer = Callable[[Kind], Three]
_OWN: Final[dict[Type, tuple[Kind, ...]]] = {
    STR: ("text",),
    INT: ("integer",),
    FLOAT: ("integer", "real"),
    BOOL: ("boolean",),
}
_MADE: Final[dict[Type, tuple[Kind, ...]]] = {
    STR: ("integer", "real", "boolean", "other"),
    INT: ("text", "real"),
    FLOAT: ("text",),
    BOOL: ("text", "integer", "real", "other"),
}
"""The kinds that JsonData may make into a type."""


class Operand(Struct, frozen=True):
    """A value of the event, and the type that it is wanted as; whether it may be None, or made of other kinds."""

    place: Place
    type: Type
    optional: bool
    coerce: bool

    def choose(self, answer: Answer, none: Three, failed: Three = FAILS) -> Three:
        """The answer for each kind of value; `none`, `failed`: where there is nothing, or nothing that fits."""
        place = self.place
        tests: tuple[tuple[Kind, Sql], ...] = (
            ("unsure", place.is_unsure),
            ("text", place.is_text),
            ("integer", place.is_integer),
            ("real", place.is_real),
            ("boolean", place.is_boolean),
            ("other", place.is_other),
        )
        ways = [(test, self._of(kind, answer, failed)) for kind, test in tests if test != NEVER]
        return choose(ways, none if self.optional else failed)

    def _of(self, kind: Kind, answer: Answer, failed: Three) -> Three:
        if kind == "unsure":
            return UNKNOWN
        if kind in _OWN[self.type]:
            return answer(kind)
        return UNKNOWN if self.coerce and kind in _MADE[self.type] else failed


class Values:
    """The values of one query."""

    def __init__(self, program: Program, schema: Schema, dialect: Dialect) -> None:
        self._program, self._schema, self.dialect = program, schema, dialect

    def meant(self, expr: Expr) -> Expr:
        """What stands behind a name."""
        while isinstance(expr, Name):
            expr = self._program.definitions[expr.key].value
        return expr

    def constant(self, expr: Expr) -> Written | None:
        found = self.meant(expr)
        return found if isinstance(found, Written) else None

    def constants(self, expr: Expr) -> list[Any] | None:
        """The items of a list that is written out."""
        found = self.meant(expr)
        items = [self.constant(one) for one in found.items] if isinstance(found, ListOf) else [None]
        return None if None in items else [one.value for one in items if one]

    def operand(self, expr: Expr) -> Operand | None:
        """A value of the event; None for what SQL cannot read."""
        call = self.meant(expr)
        if not isinstance(call, Call):
            return None
        if call.function.name == "GetActionName":
            return Operand(_column(Column(self._schema.action)), STR, optional=False, coerce=False)
        if call.function.name == "ForceString":
            inner = self.operand(call.arguments["s"])
            return _forced(inner) if inner and inner.optional else inner
        if call.function.name not in ("JsonData", "EntityJson"):
            return None
        return self._read(reading(call))

    def _read(self, read: Reading) -> Operand | None:
        type_ = without_none(read.type)
        place = self._place(read.path)
        if place is None or type_ not in _OWN:
            return None
        return Operand(place, type_, is_optional(read.type), read.coerce)

    def _place(self, path: str) -> Place | None:
        if path in self._schema.columns:
            return _column(self._schema.columns[path])
        steps = tuple(one for one in jsonpath.parse(path) if isinstance(one, str | int))
        if len(steps) < len(jsonpath.parse(path)) or not steps or steps[0] in self._schema.apart:
            return None
        if not all(isinstance(one, int) or _plain(one) for one in steps):
            return None
        return self.dialect.json(self._schema.data, (*self._schema.inside, *steps))


def _forced(operand: Operand) -> Operand:
    """A text that may be None, as a text that is empty then."""
    place = operand.place
    others = (place.is_unsure, place.is_integer, place.is_real, place.is_boolean, place.is_other)
    forced = replace(
        place,
        is_unsure=any_of(others),
        is_text=ALWAYS,
        text=write("CASE WHEN {} THEN {} ELSE '' END", place.is_text, place.text),
    )
    return replace(operand, place=forced, optional=False)


def _plain(name: str) -> bool:
    """Whether databases find a field by its name as it is."""
    return name.isascii() and name.isprintable() and not set(name) & set('"\\')


def _column(column: Column) -> Place:
    value = Sql(column.sql)
    there = write("{} IS NOT NULL", value)
    if column.empty is not None:
        there = every([there, write("{} <> {}", value, column.empty)])
    return Place(
        is_text=there if column.kind == "text" else NEVER,
        is_integer=there if column.kind == "integer" else NEVER,
        is_unsure=NEVER,
        is_real=NEVER,
        is_boolean=there if column.kind == "boolean" else NEVER,
        is_other=NEVER,
        text=value,
        number=value,
        true=value,
    )
