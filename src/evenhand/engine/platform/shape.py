"""From plain values (as TOML or JSON gives them) to the document's Structs, telling each unknown key and wrong type.

What is wrong is replaced by its default, so that the rest can still be checked. Where nothing fits, the object around
it is spoilt: what later checks say about it would only follow from the first mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec import inspect as types

from evenhand.engine.platform import document
from evenhand.engine.platform.document import Platform
from evenhand.engine.platform.problems import Problem, closest, key_path, quoted

_WRONG = object()
"""Stands for a value that has the wrong type, after that has been told."""


class Reading(Struct, frozen=True):
    """What could be read. `spoilt` are the paths of objects that lack something they cannot be without."""

    platform: Platform
    problems: tuple[Problem, ...]
    spoilt: frozenset[str]


def read(raw: Mapping[str, Any]) -> Reading:
    """The document in `raw`, as far as it can be read. Nothing is raised."""
    reader = _Reader()
    platform = reader.struct(_struct(Platform), raw, "")
    return Reading(platform, tuple(reader.problems), frozenset(reader.spoilt))


def read_object(cls: type[Struct], raw: Mapping[str, Any], path: str) -> tuple[Any, tuple[Problem, ...]]:
    """One object of the document that stands at `path`."""
    reader = _Reader()
    return reader.struct(_struct(cls), raw, path), tuple(reader.problems)


@cache
def _struct(cls: type[Struct]) -> types.StructType:
    found = types.type_info(cls)
    assert isinstance(found, types.StructType)
    return found


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.spoilt: set[str] = set()

    def struct(self, kind: types.StructType, raw: Mapping[str, Any], path: str) -> Any:
        names = [field.name for field in kind.fields]
        for key in raw:
            if key not in names:
                self._unknown(key, names, path)
        values = {field.name: self._field(field, raw, path) for field in kind.fields}
        return kind.cls(**values)

    def _field(self, field: types.Field, raw: Mapping[str, Any], path: str) -> Any:
        place = key_path(path, field.name)
        if field.name not in raw:
            if field.required:
                self._tell(place, description(field.type), "nothing", example=example(field.name, field.type))
                self.spoilt.add(path)
            return default(field)
        value = self.value(field.type, raw[field.name], place)
        if value is not _WRONG:
            return value
        if field.required:
            self.spoilt.add(path)
        return default(field)

    def value(self, kind: types.Type, raw: Any, path: str) -> Any:
        match kind:
            case types.StructType() if isinstance(raw, dict):
                return self.struct(kind, raw, path)
            case types.VarTupleType() if isinstance(raw, list | tuple):
                values = [self.value(kind.item_type, item, f"{path}[{at}]") for at, item in enumerate(raw)]
                if _WRONG in values:
                    self.spoilt.add(path)
                return tuple(value for value in values if value is not _WRONG)
            case types.DictType() if isinstance(raw, dict):
                pairs = {key: self.value(kind.value_type, item, key_path(path, key)) for key, item in raw.items()}
                return {key: value for key, value in pairs.items() if value is not _WRONG}
            case types.UnionType():
                return self._first_that_fits(kind, raw, path)
            case _ if _fits(kind, raw):
                return float(raw) + 0.0 if isinstance(kind, types.FloatType) else raw
        return self._wrong(kind, raw, path)

    def _first_that_fits(self, kind: types.UnionType, raw: Any, path: str) -> Any:
        options = [option for option in kind.types if not isinstance(option, types.NoneType)]
        if raw is None:
            return None
        fitting = next((option for option in options if _fits(option, raw)), None)
        if fitting is None and len(options) > 1:
            return self._wrong(kind, raw, path)
        return self.value(fitting or options[0], raw, path)

    def _wrong(self, kind: types.Type, raw: Any, path: str) -> Any:
        if isinstance(kind, types.LiteralType) and isinstance(raw, str):
            near = closest(raw, choices(kind))
            self._tell(path, description(kind), quoted(raw), meant=near, example=example(_name(path), kind, near))
        else:
            self._tell(path, description(kind), quoted(raw), example=example(_name(path), kind))
        return _WRONG

    def _unknown(self, key: str, names: list[str], path: str) -> None:
        expected = f"one of the keys {', '.join(names)}"
        self._tell(key_path(path, key), expected, f"the unknown key {quoted(key)}", meant=closest(key, names))

    def _tell(self, path: str, expected: str, found: str, *, meant: str = "", example: str = "") -> None:
        self.problems.append(Problem(path=path, expected=expected, found=found, meant=meant, example=example))


def _fits(kind: types.Type, raw: Any) -> bool:
    match kind:
        case types.StrType():
            return isinstance(raw, str)
        case types.BoolType():
            return isinstance(raw, bool)
        case types.FloatType():
            return isinstance(raw, float) or (isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 2**53)
        case types.LiteralType():
            return isinstance(raw, str) and raw in kind.values
        case types.VarTupleType():
            return isinstance(raw, list | tuple)
    return False


def choices(kind: types.LiteralType) -> tuple[str, ...]:
    """The words of a literal in the order in which they are declared (msgspec tells them in the alphabet's)."""
    return _declared().get(frozenset(map(str, kind.values)), tuple(map(str, kind.values)))


@cache
def _declared() -> dict[frozenset[str], tuple[str, ...]]:
    structs = [value for value in vars(document).values() if isinstance(value, type) and issubclass(value, Struct)]
    hints = [hint for struct in structs for hint in get_type_hints(struct).values()]
    return {frozenset(words): words for hint in hints for words in _literals(hint)}


def _literals(hint: Any) -> Iterator[tuple[str, ...]]:
    if get_origin(hint) is Literal:
        yield get_args(hint)
        return
    for part in get_args(hint):
        yield from _literals(part)


def default(field: types.Field) -> Any:
    """What the field is when it is not written; for a required field the emptiest value of its type."""
    if field.default is not NODEFAULT:
        return field.default
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    match field.type:
        case types.LiteralType():
            return choices(field.type)[0]
        case types.VarTupleType():
            return ()
    return ""


_DESCRIPTIONS: dict[type[types.Type], str] = {
    types.StrType: "a text",
    types.BoolType: "true or false",
    types.FloatType: "a number",
    types.DictType: "a table of texts",
    types.StructType: "a table",
}


def description(kind: types.Type) -> str:
    """The type in words: "a text", "true or false", "one of content, thread, user"."""
    match kind:
        case types.LiteralType():
            return f"one of {', '.join(choices(kind))}"
        case types.VarTupleType():
            return f"a list, each element {description(kind.item_type)}"
        case types.UnionType():
            return " or ".join(description(one) for one in kind.types if not isinstance(one, types.NoneType))
    return _DESCRIPTIONS[type(kind)]


_EXAMPLES: dict[type[types.Type], str] = {
    types.StrType: '"…"',
    types.UnionType: '"…"',
    types.BoolType: "true",
    types.FloatType: "1",
    types.DictType: '{ key = "…" }',
}


def example(name: str, kind: types.Type, choice: str = "") -> str:
    """A line that would be right; "" where it takes more than a line."""
    match kind:
        case types.LiteralType():
            value = quoted(choice or choices(kind)[0])
        case types.VarTupleType(item_type=types.StrType()):
            value = '["…"]'
        case _:
            value = _EXAMPLES.get(type(kind), "")
    return f"{name} = {value}" if value else ""


def _name(path: str) -> str:
    """The last key of a path, without index."""
    return path.rpartition(".")[2].partition("[")[0]


def plain(platform: Platform) -> dict[str, Any]:
    """The opposite of `read`: the document as plain values, without what is default."""
    values: dict[str, Any] = msgspec.to_builtins(platform)
    return values
