"""What a form sent back, as plain values that the document's own checks read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec import inspect as types

from evenhand.desk.policies.forms.kinds import Kind, fields, is_optional, kind_of, part_of
from evenhand.engine.platform import SECTIONS, Platform, Problem
from evenhand.engine.platform.problems import quoted

MOST_ROWS = 500


class Sent(Struct):
    """The object's plain values, and what could not be read at all."""

    values: dict[str, Any]
    problems: list[Problem]


def sent(cls: type[Struct], form: QueryDict) -> Sent:
    """The values of the inputs that `inputs(cls, …)` made. Paths of problems begin at the object."""
    reader = _Reader(form)
    values = reader.read(cls, prefix="", path="")
    return Sent(values, reader.problems)


class _Reader:
    def __init__(self, form: QueryDict) -> None:
        self.form = form
        self.problems: list[Problem] = []

    def read(self, cls: type[Struct], *, prefix: str, path: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in fields(cls):
            if cls is Platform and field.name in SECTIONS:
                continue
            value = self._value(field, f"{prefix}{field.name}", f"{path}{field.name}")
            if value is not None:
                values[field.name] = value
        return values

    def _value(self, field: types.Field, name: str, path: str) -> Any:
        """None: leave the key out."""
        kind = kind_of(field)
        if kind == "rows":
            return list(self._rows(part_of(field), name, path))
        if kind == "choices":
            return self.form.getlist(name)
        text = _lines_ended(self.form.get(name, ""))
        if kind == "pairs":
            return self._pairs(text, path)
        if not text and (is_optional(field) or kind in {"select", "number"}):
            return None
        return _converted(kind, text, self.form.get(f"{name.rpartition('-')[0]}-type", ""))

    def _rows(self, cls: type[Struct], name: str, path: str) -> Iterator[dict[str, Any]]:
        given = (at for at in range(MOST_ROWS) if self.form.get(f"{name}-{at}-name", "").strip())
        for index, at in enumerate(given):
            yield self.read(cls, prefix=f"{name}-{at}-", path=f"{path}[{index}].")

    def _pairs(self, text: str, path: str) -> dict[str, str]:
        pairs = {}
        for line in filter(None, map(str.strip, text.split("\n"))):
            key, equals, value = line.partition("=")
            if not equals:
                self.problems.append(Problem(path=path, expected=_("lines like key = value"), found=quoted(line)))
            pairs[key.strip()] = value.strip()
        return pairs


def _converted(kind: Kind, text: str, type_beside: str) -> Any:
    match kind:
        case "number":
            return _number(text)
        case "check":
            return bool(text)
        case "lines":
            return [line for line in text.split("\n") if line.strip()]
        case "loose":
            return _loose(text, type_beside)
    return text


def _loose(text: str, type_beside: str) -> Any:
    """The default of a parameter, by the parameter's type."""
    match type_beside:
        case "NUMBER":
            return _number(text)
        case "BOOLEAN":
            return {"true": True, "false": False}.get(text.strip().lower(), text)
        case "MULTISELECT":
            return _converted("lines", text, "")
    return text


def _number(text: str) -> float | str:
    """Text that is no number stays text, and the document's checks say so."""
    try:
        return float(text)
    except ValueError:
        return text


def _lines_ended(text: str) -> str:
    return text.replace("\r\n", "\n")
