"""What a form shows: one input for each key of a Struct, with its value, its choices and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec import inspect as types

from evenhand.desk.policies import labels
from evenhand.desk.policies.forms.kinds import REFERENCES, Kind, fields, is_optional, kind_of, options_of, part_of
from evenhand.engine.platform import SECTIONS, Platform, Problem
from evenhand.engine.platform.shape import default

BLANK_ROWS = 3
Choice = tuple[str, str]


class Input(Struct, kw_only=True):
    """One key. `name` is that of the HTML input, `path` its place in the object: `fields[1].type`."""

    name: str
    path: str
    kind: Kind
    label: str | Promise
    help: str | Promise = ""
    value: Any = ""
    choices: tuple[Choice, ...] = ()
    chosen: frozenset[str] = frozenset()
    required: bool = False
    head: tuple[str | Promise, ...] = ()
    rows: tuple[tuple[Input, ...], ...] = ()
    errors: tuple[str, ...] = ()


def inputs(
    cls: type[Struct],
    raw: Mapping[str, Any],
    choices: Mapping[str, Sequence[Choice]],
    *,
    prefix: str = "",
    path: str = "",
) -> tuple[Input, ...]:
    """The inputs for an object with the plain values `raw`. `choices` are what references can name, by section."""
    return tuple(
        _input(field, raw, choices, f"{prefix}{field.name}", f"{path}{field.name}")
        for field in fields(cls)
        if cls is not Platform or field.name not in SECTIONS
    )


def _input(
    field: types.Field, raw: Mapping[str, Any], choices: Mapping[str, Sequence[Choice]], name: str, path: str
) -> Input:
    kind = kind_of(field)
    value = raw.get(field.name, default(field))
    found = Input(
        name=name,
        path=path,
        kind=kind,
        label=labels.KEYS[field.name],
        help=labels.HELP.get(field.name, ""),
        required=field.required and kind in {"line", "area"},
    )
    if kind == "rows":
        cls = part_of(field)
        found.head = tuple(labels.KEYS[part.name] for part in fields(cls))
        found.rows = tuple(_rows(cls, value, choices, name, path))
    elif kind in {"select", "choices"}:
        found.choices = _choices(field, choices, value)
        found.chosen = frozenset(map(str, value)) if kind == "choices" else frozenset({str(value or "")})
    else:
        found.value = _shown(kind, value)
    return found


def _rows(
    cls: type[Struct], value: Any, choices: Mapping[str, Sequence[Choice]], name: str, path: str
) -> Iterable[tuple[Input, ...]]:
    given = [row for row in value if isinstance(row, dict)]
    for at, row in enumerate([*given, *({} for _row in range(BLANK_ROWS))]):
        yield inputs(cls, row, choices, prefix=f"{name}-{at}-", path=f"{path}[{at}].")


def _choices(field: types.Field, known: Mapping[str, Sequence[Choice]], value: Any) -> tuple[Choice, ...]:
    """What can be chosen. Of several, the chosen come first and in their order, so that a form sent back as it was
    changes nothing; what is chosen but is not there (any more) is offered too, so that it is not lost unseen."""
    offered = dict([(word, word) for word in options_of(field)] or known[REFERENCES[field.name]])
    if isinstance(value, list | tuple):
        chosen = {str(one): offered.get(str(one), str(one)) for one in value}
        return tuple({**chosen, **offered}.items())
    if value:
        offered.setdefault(str(value), str(value))
    may_be_none = is_optional(field) or not options_of(field)
    return (("", _("none")), *offered.items()) if may_be_none else tuple(offered.items())


def _shown(kind: Kind, value: Any) -> Any:
    """The value as the input has it: text, or whether the box is ticked."""
    if kind == "check":
        return value is True
    if isinstance(value, dict):
        return "\n".join(f"{key} = {one}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return {None: "", True: "true", False: "false"}.get(value, value)


def place(problems: Iterable[Problem], shown: Sequence[Input], around: str) -> list[Problem]:
    """Write each problem to the input that it is about; returns those that are about something else.

    `around` is the path of the object in the document, `policies[2]`; "" for the document's own keys.
    """
    every = [inner for one in shown for inner in (one, *(cell for row in one.rows for cell in row))]
    by_path = {f"{around}.{one.path}" if around else one.path: one for one in every}
    elsewhere = []
    for problem in problems:
        found = _nearest(problem.path, by_path)
        if found is None:
            elsewhere.append(problem)
        else:
            found.errors = (*found.errors, _sentence(problem))
    return elsewhere


def _nearest(path: str, known: Mapping[str, Input]) -> Input | None:
    """The input at `path`, or the innermost that `path` lies in."""
    inside = [place for place in known if path == place or path.startswith((f"{place}[", f"{place}."))]
    return known[max(inside, key=len)] if inside else None


def _sentence(problem: Problem) -> str:
    meant = _(" Did you mean “%(word)s”?") % {"word": problem.meant} if problem.meant else ""
    told = _("Expected %(expected)s; found %(found)s.") % {"expected": problem.expected, "found": problem.found}
    return told + meant
