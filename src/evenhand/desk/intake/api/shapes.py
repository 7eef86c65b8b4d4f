"""Tells everything that is wrong with the shape of a request, where a decoder would stop at the first mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any, cast

import msgspec
from msgspec import NODEFAULT, UNSET, inspect

from evenhand.desk.intake.reading import limits
from evenhand.desk.intake.reading.problems import Problem, pointer
from evenhand.desk.intake.reading.values import named

_PLACE = re.compile(r" - at `.*`$")


def explain(value: Any, shape: Any, *, at: str, told: msgspec.ValidationError) -> list[Problem]:
    """All problems of `value` as a `shape`, most important first; at least what the decoder `told`."""
    found = [problem for problem, _ in zip(_walk(value, _info(shape), at), range(limits.PROBLEMS), strict=False)]
    return found or [Problem(at, f"{_PLACE.sub('', str(told))}.")]


@cache
def _info(shape: Any) -> inspect.Type:
    return inspect.type_info(shape)


def _walk(value: Any, info: inspect.Type, at: str, example: Any = UNSET) -> Iterator[Problem]:
    match info:
        case inspect.Metadata(type=inner, extra_json_schema=extra):
            yield from _walk(value, inner, at, _example(extra, example))
        case inspect.StructType():
            yield from _struct(value, info, at)
        case inspect.ListType(item_type=inner) | inspect.VarTupleType(item_type=inner):
            yield from _list(value, inner, info.max_length, at)
        case inspect.DictType():
            if not isinstance(value, dict):
                yield Problem(at, f"An object is needed, not {named(value)}.", {})
        case inspect.UnionType(types=choices):
            yield from _union(value, choices, at, example)
        case inspect.StrType():
            yield from _string(value, info, at, example)
        case _:
            yield from _scalar(value, info, at, example)


def _struct(value: Any, info: inspect.StructType, at: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(at, f"An object is needed, not {named(value)}.")
        return
    fields = {field.encode_name: field for field in info.fields}
    for name, field in fields.items():
        place = pointer(at, [name])
        if name in value:
            yield from _walk(value[name], field.type, place)
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            yield Problem(place, f"`{name}` is missing.", _example_of(field.type))
    if info.forbid_unknown_fields:
        yield from _unknown(value, [*fields, *([info.tag_field] if info.tag_field else [])], at)


def _unknown(value: dict[str, Any], known: list[str], at: str) -> Iterator[Problem]:
    for name in value:
        if name not in known:
            told = name[: limits.KEY]
            yield Problem(pointer(at, [told]), f"`{told}` is not known here: {suggestion(name, known)}")


def suggestion(name: str, known: list[str]) -> str:
    """What was probably meant."""
    if not known:
        return "there are none."
    close = get_close_matches(name[: limits.KEY], known, 1)
    return f"did you mean `{close[0]}`?" if close else f"it is none of {', '.join(known)}."


def _list(value: Any, inner: inspect.Type, longest: int | None, at: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(at, f"An array is needed, not {named(value)}.", [])
    elif longest is not None and len(value) > longest:
        yield Problem(at, f"It has {len(value):,} members; at most {longest:,} are taken.")
    else:
        for n, member in enumerate(value):
            yield from _walk(member, inner, f"{at}/{n}")


def _union(value: Any, choices: tuple[inspect.Type, ...], at: str, example: Any) -> Iterator[Problem]:
    """Nothing when a choice fits; else what is wrong with the one that was meant: by its tag, or the first not null."""
    tagged = {choice.tag: choice for choice in choices if isinstance(choice, inspect.StructType) and choice.tag}
    if tagged and isinstance(value, dict):
        yield from _tagged(value, tagged, at)
        return
    told = [list(_walk(value, choice, at, example)) for choice in choices]
    if all(told):
        meant = zip(told, choices, strict=True)
        yield from next(problems for problems, choice in meant if not isinstance(choice, inspect.NoneType))


def _tagged(value: dict[str, Any], choices: dict[Any, inspect.StructType], at: str) -> Iterator[Problem]:
    name = str(next(iter(choices.values())).tag_field)
    tag = value.get(name)
    if isinstance(tag, str) and tag in choices:
        yield from _struct(value, choices[tag], at)
        return
    known = [str(choice) for choice in choices]
    yield Problem(pointer(at, [name]), f"`{name}` is one of {', '.join(known)}.", known[0])


def _string(value: Any, info: inspect.StrType, at: str, example: Any) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(at, f"A string is needed, not {named(value)}.", example)
    elif info.min_length and len(value) < info.min_length:
        yield Problem(at, "It is empty.", example)
    elif info.max_length is not None and len(value) > info.max_length:
        yield Problem(at, f"It has {len(value):,} characters; at most {info.max_length:,} are taken.", example)
    elif info.pattern and not re.search(info.pattern, value):
        yield Problem(at, f"It does not match {info.pattern}.", example)


def _scalar(value: Any, info: inspect.Type, at: str, example: Any) -> Iterator[Problem]:
    match info:
        case inspect.NoneType() if value is not None:
            yield Problem(at, "null is needed.")
        case inspect.BoolType() if not isinstance(value, bool):
            yield Problem(at, f"true or false is needed, not {named(value)}.", example=True)
        case inspect.IntType() if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(at, f"A whole number is needed, not {named(value)}.", example)
        case inspect.FloatType() if not isinstance(value, int | float) or isinstance(value, bool):
            yield Problem(at, f"A number is needed, not {named(value)}.", example)
        case inspect.LiteralType(values=values) if value not in values:
            yield Problem(at, f"It is one of {', '.join(map(str, values))}.", values[0])


def _example_of(info: inspect.Type) -> Any:
    return _example(info.extra_json_schema, UNSET) if isinstance(info, inspect.Metadata) else UNSET


def _example(extra: dict[str, Any] | None, otherwise: Any) -> Any:
    examples = cast("list[Any]", (extra or {}).get("examples") or [])
    return examples[0] if examples else otherwise
