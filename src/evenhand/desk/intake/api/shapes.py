"""Tells everything that is wrong with the shape of a request, where a decoder would stop at the first mistake."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import UNSET, inspect

from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Problem, pointer
from evenhand.desk.intake.reading.values import named

_PLACE = re.compile(r" - at `.*`$")
STAND_IN = "stand_in"
"""In `Meta.extra`: what stands in for a wrong value that decides about its neighbours; it should ask least of them."""


class Examined(NamedTuple):
    """What is wrong, most important first; and the value with something that fits in each of those places."""

    problems: list[Problem]
    mended: Any


def examine(value: Any, shape: Any, *, at: str = "", most: int = limits.COUNTED) -> Examined:
    """All problems of `value` as a `shape`, up to `most`: then the rest is left as it is."""
    return _examined(value, inspected(shape), at, most)


def explain(value: Any, shape: Any, *, at: str, told: msgspec.ValidationError, most: int = limits.COUNTED) -> Examined:
    """The same of a value that a decoder refused; at least what the decoder `told`."""
    found = examine(value, shape, at=at, most=most)
    return found if found.problems else Examined([Problem(at, f"{_PLACE.sub('', str(told))}.")], value)


@cache
def inspected(shape: Any) -> inspect.Type:
    return inspect.type_info(shape)


class _Enough(Exception):
    """As many problems were found as are counted."""


class _Found:
    """The problems found so far."""

    def __init__(self, most: int) -> None:
        self.problems: list[Problem] = []
        self._most = most

    @property
    def left(self) -> int:
        return self._most - len(self.problems)

    def add(self, *problems: Problem) -> None:
        self.problems += problems
        if self.left <= 0:
            raise _Enough


class _Hints(NamedTuple):
    """What the shape says of a place beside its type."""

    example: Any = UNSET
    stand_in: Any = UNSET

    def beside(self, info: inspect.Metadata) -> _Hints:
        return _Hints(_example(info.extra_json_schema, self.example), (info.extra or {}).get(STAND_IN, self.stand_in))


_NO_HINTS = _Hints()


def _examined(value: Any, info: inspect.Type, at: str, most: int, hints: _Hints = _NO_HINTS) -> Examined:
    found = _Found(most)
    try:
        return Examined(found.problems, _walk(value, info, at, found, hints))
    except _Enough:
        return Examined(found.problems, value)


def _walk(value: Any, info: inspect.Type, at: str, found: _Found, hints: _Hints = _NO_HINTS) -> Any:
    """The value, mended; what was wrong with it is added to `found`."""
    match info:
        case inspect.Metadata(type=inner):
            return _walk(value, inner, at, found, hints.beside(info))
        case inspect.StructType():
            return _struct(value, info, at, found)
        case inspect.ListType(item_type=inner) | inspect.VarTupleType(item_type=inner):
            return _list(value, inner, info.max_length, at, found)
        case inspect.UnionType(types=choices):
            return _union(value, choices, at, found, hints)
    problem = _leaf(value, info, at, hints.example)
    if problem is None:
        return value
    found.add(problem)
    return stand_in(info, hints)


def _struct(value: Any, info: inspect.StructType, at: str, found: _Found) -> Any:
    if not isinstance(value, dict):
        found.add(Problem(at, f"An object is needed, not {named(value)}."))
        return stand_in(info)
    mended = dict(value)
    fields = {field.encode_name: field for field in info.fields}
    for name, field in fields.items():
        place = pointer(at, [name])
        if name in value:
            mended[name] = _walk(value[name], field.type, place, found)
        elif field.required:
            found.add(Problem(place, f"`{name}` is missing.", _example_of(field.type)))
            mended[name] = stand_in(field.type)
    if info.forbid_unknown_fields:
        known = [*fields, *([info.tag_field] if info.tag_field else [])]
        for name in [name for name in value if name not in known]:
            del mended[name]
            told = name[: limits.KEY]
            found.add(Problem(pointer(at, [told]), f"`{told}` is not known here: {suggestion(told, known)}"))
    return mended


def suggestion(name: str, known: list[str]) -> str:
    """What was probably meant."""
    if not known:
        return "there are none."
    close = get_close_matches(name[: limits.KEY], known, 1)
    return f"did you mean `{close[0]}`?" if close else f"it is none of {', '.join(known)}."


def _list(value: Any, inner: inspect.Type, longest: int | None, at: str, found: _Found) -> Any:
    if not isinstance(value, list):
        found.add(Problem(at, f"An array is needed, not {named(value)}.", []))
        return []
    if longest is not None and len(value) > longest:
        found.add(Problem(at, f"It has {len(value):,} members; at most {longest:,} are taken."))
        return []
    return [_walk(member, inner, f"{at}/{n}", found) for n, member in enumerate(value)]


def _union(value: Any, choices: tuple[inspect.Type, ...], at: str, found: _Found, hints: _Hints) -> Any:
    """As it is when a choice fits; else mended as the one that was meant: by its tag, or the first that is not null."""
    tagged = {choice.tag: choice for choice in choices if isinstance(choice, inspect.StructType) and choice.tag}
    if tagged and isinstance(value, dict):
        return _tagged(value, tagged, at, found)
    others = [choice for choice in choices if not isinstance(choice, inspect.NoneType)]
    if value is None and len(others) < len(choices):
        return None
    tried = [_examined(value, choice, at, found.left, hints) for choice in others]
    meant = next((one for one in tried if not one.problems), tried[0])
    found.add(*meant.problems)
    return meant.mended


def _tagged(value: dict[str, Any], choices: dict[Any, inspect.StructType], at: str, found: _Found) -> Any:
    name = str(next(iter(choices.values())).tag_field)
    tag = value.get(name)
    if isinstance(tag, str) and tag in choices:
        return _struct(value, choices[tag], at, found)
    known = [str(choice) for choice in choices]
    found.add(Problem(pointer(at, [name]), f"`{name}` is one of {', '.join(known)}.", known[0]))
    return value


def _leaf(value: Any, info: inspect.Type, at: str, example: Any) -> Problem | None:
    match info:
        case inspect.StrType():
            return _string(value, info, at, example)
        case inspect.LiteralType(values=values):
            return None if value in values else Problem(at, f"It is one of {', '.join(map(str, values))}.", values[0])
    of_type, needed, usual = _KINDS.get(type(info), (object, "", UNSET))
    if isinstance(value, of_type) and (of_type in (bool, object) or not isinstance(value, bool)):
        return None
    return Problem(at, f"{needed} is needed, not {named(value)}.", usual if example is UNSET else example)


_KINDS: dict[type[inspect.Type], tuple[Any, str, Any]] = {
    inspect.DictType: (dict, "An object", {}),
    inspect.NoneType: (type(None), "null", UNSET),
    inspect.BoolType: (bool, "true or false", True),
    inspect.IntType: (int, "A whole number", UNSET),
    inspect.FloatType: (int | float, "A number", UNSET),
}


def _string(value: Any, info: inspect.StrType, at: str, example: Any) -> Problem | None:
    if not isinstance(value, str):
        return Problem(at, f"A string is needed, not {named(value)}.", example)
    if info.min_length and len(value) < info.min_length:
        return Problem(at, "It is empty.", example)
    if info.max_length is not None and len(value) > info.max_length:
        return Problem(at, f"It has {len(value):,} characters; at most {info.max_length:,} are taken.", example)
    if info.pattern and not re.search(info.pattern, value):
        return Problem(at, f"It does not match {info.pattern}.", example)
    return None


def stand_in(info: inspect.Type, hints: _Hints = _NO_HINTS) -> Any:
    """Something of this type, so that what stands around it can still be read."""
    if hints.stand_in is not UNSET:
        return hints.stand_in
    match info:
        case inspect.Metadata(type=inner):
            return stand_in(inner, hints.beside(info))
        case inspect.StructType(fields=fields, tag_field=tag_field, tag=tag):
            found = {field.encode_name: stand_in(field.type) for field in fields if field.required}
            return {**found, tag_field: tag} if tag_field else found
        case inspect.UnionType(types=choices):
            return stand_in(next(choice for choice in choices if not isinstance(choice, inspect.NoneType)))
        case inspect.LiteralType(values=values):
            return values[0]
    return _STAND_INS.get(type(info))


_STAND_INS: dict[type[inspect.Type], Any] = {
    inspect.StrType: "0",
    inspect.BoolType: False,
    inspect.IntType: 0,
    inspect.FloatType: 0.0,
    inspect.ListType: (),
    inspect.VarTupleType: (),
    inspect.DictType: {},
}


def _example_of(info: inspect.Type) -> Any:
    return _example(info.extra_json_schema, UNSET) if isinstance(info, inspect.Metadata) else UNSET


def _example(extra: dict[str, Any] | None, otherwise: Any) -> Any:
    examples = cast("list[Any]", (extra or {}).get("examples") or [])
    return examples[0] if examples else otherwise
