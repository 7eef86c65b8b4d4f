"""What SQLite and PostgreSQL call the same things."""

from __future__ import annotations

from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final, Protocol

from msgspec import Struct

from evenhand.engine.rules.query.algebra import Sql, any_of, every, write
from evenhand.engine.rules.query.schema import DialectName

Steps = tuple[str | int, ...]
_NUL: Final = "\\u0000"
"""As JSON writes it. Databases cut texts there, or do not read them at all."""


class Place(Struct, frozen=True):
    """A value in SQL. `is_…` test of what kind it is, in this order; where none holds, there is nothing or null.

    `is_unsure`: what the database does not read as Python does: texts with NUL, and numbers of which it does not know
    whether they were written as whole ones.
    `number` is as exact as the database has it. `true`: whether a truth value is.
    """

    is_unsure: Sql
    is_text: Sql
    is_integer: Sql
    is_real: Sql
    is_boolean: Sql
    is_other: Sql
    text: Sql
    number: Sql
    true: Sql


class Dialect(Protocol):
    def json(self, data: str, steps: Steps) -> Place:
        """What stands at some steps into a text of JSON."""

    def lower(self, text: Sql) -> Sql:
        """The letters A to Z as a to z, and nothing else changed."""

    def has(self, text: Sql, part: str) -> Sql:
        """Whether the part stands in the text."""

    def has_any(self, text: Sql, characters: str) -> Sql:
        """Whether one of the characters does; none of them means anything in a pattern."""

    def starts(self, text: Sql, start: str) -> Sql: ...

    def ends(self, text: Sql, end: str) -> Sql: ...

    def number(self, value: float) -> Any:
        """A number as a parameter that is compared by its value."""


class Sqlite:
    def json(self, data: str, steps: Steps) -> Place:
        kind = write(f"json_type({data}, {{}})", _path(steps))
        value = write(f"json_extract({data}, {{}})", _path(steps))
        return Place(
            is_text=write("{} = 'text'", kind),
            is_unsure=self.has(Sql(data), _NUL),
            is_integer=write("{} = 'integer'", kind),
            is_real=write("{} = 'real'", kind),
            is_boolean=write("{} IN ('true', 'false')", kind),
            is_other=write("{} IN ('object', 'array')", kind),
            text=value,
            number=value,
            true=write("{} = 'true'", kind),
        )

    def lower(self, text: Sql) -> Sql:
        return write("lower({})", text)

    def has(self, text: Sql, part: str) -> Sql:
        return write("instr({}, {}) > 0", text, part)

    def has_any(self, text: Sql, characters: str) -> Sql:
        return write("{} GLOB {}", text, f"*[{characters}]*")

    def starts(self, text: Sql, start: str) -> Sql:
        return write("substr({}, 1, {}) = {}", text, len(start), start)

    def ends(self, text: Sql, end: str) -> Sql:
        return write("substr({}, {}) = {}", text, -len(end), end)

    def number(self, value: float) -> Any:
        return value


class Postgresql:
    def json(self, data: str, steps: Steps) -> Place:
        readable = write(f"CASE WHEN strpos({data}, {{}}) = 0 THEN {data}::jsonb END", _NUL)
        # `->` takes what is no list for a list of one; a strict path does not
        found = write(
            "jsonb_path_query_first({}, {}::jsonpath, jsonb_build_object(), true)", readable, f"strict {_path(steps)}"
        )
        kind = write("jsonb_typeof({})", found)
        text = write("({} #>> ARRAY[]::text[])", found)
        is_number = write("{} = 'number'", kind)
        return Place(
            is_text=write("{} = 'string'", kind),
            is_integer=every([is_number, write("{} ~ '^-?[0-9]{1,15}$'", text)]),
            is_unsure=any_of([self.has(Sql(data), _NUL), every([is_number, write("{} ~ '^-?[0-9]{16,}$'", text)])]),
            is_real=is_number,
            is_boolean=write("{} = 'boolean'", kind),
            is_other=write("{} IN ('object', 'array')", kind),
            text=text,
            number=write("{}::numeric", text),
            true=write("{} = 'true'", text),
        )

    def lower(self, text: Sql) -> Sql:
        return write(f"translate({{}}, '{ascii_uppercase}', '{ascii_lowercase}')", text)

    def has(self, text: Sql, part: str) -> Sql:
        return write("strpos({}, {}) > 0", text, part)

    def has_any(self, text: Sql, characters: str) -> Sql:
        return write("{} ~ {}", text, f"[{characters}]")

    def starts(self, text: Sql, start: str) -> Sql:
        return write("left({}, {}) = {}", text, len(start), start)

    def ends(self, text: Sql, end: str) -> Sql:
        return write("right({}, {}) = {}", text, len(end), end)

    def number(self, value: float) -> Any:
        return Decimal(value)


DIALECTS: Final[dict[DialectName, Dialect]] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


def _path(steps: Steps) -> str:
    """As both databases write it."""
    return "$" + "".join(f"[{one}]" if isinstance(one, int) else f'."{one}"' for one in steps)
