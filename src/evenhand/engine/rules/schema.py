"""What the platform says its events hold: JSON Schemas by action name, and what a path finds in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from evenhand.engine.rules.jsonpath import Path, Step
from evenhand.engine.rules.types import ANY, BOOL, FLOAT, INT, NEVER, NONE, STR, Type, list_of, union

OBJECT: Final = Type("object")
"""What JSON has and SML has not."""
_TYPES: Final = {"string": STR, "integer": INT, "number": FLOAT, "boolean": BOOL, "null": NONE, "object": OBJECT}
_ANYTHING: Final[dict[str, Any]] = {}
_MOST_PARTS = 100_000
"""Schemas that one step looks at: references may branch without end."""
_DEEPEST_LIST = 4


class Found(Struct, frozen=True):
    """`type` is what may stand at the path; NEVER: nothing does, and the step number `at` is the first without a place.

    `near`: names that could stand there.
    """

    type: Type
    at: int = 0
    near: tuple[str, ...] = ()


class _Part(Struct, frozen=True):
    """A schema, and the document that its references point into."""

    body: Mapping[str, Any]
    root: Mapping[str, Any]


def find(schemas: Mapping[str, Any], path: Path) -> Found:
    """What the path leads to in the schemas of all actions together."""
    parts = [_Part(one, one) for one in schemas.values() if isinstance(one, Mapping)]
    for at, step in enumerate(path):
        opened = _opened(parts)
        if isinstance(step, Step) and step is not Step.ITEMS:
            return Found(ANY)
        parts = [inner for one in opened for inner in _inner(one, step)]
        if not parts:
            near = dict.fromkeys(str(name) for one in opened for name in _properties(one.body))
            return Found(NEVER, at, tuple(near))
    return Found(_type(parts))


def _opened(parts: Iterable[_Part]) -> list[_Part]:
    """The schemas with what they refer to and are made of, each once."""
    level = list(parts)
    seen: dict[int, _Part] = {}
    while level and len(seen) < _MOST_PARTS:
        fresh = {id(part.body): part for part in level if id(part.body) not in seen}
        seen |= fresh
        level = [_Part(body, part.root) for part in fresh.values() for body in _members(part)]
    return list(seen.values())


def _members(part: _Part) -> Iterator[Mapping[str, Any]]:
    body = part.body
    if isinstance(body.get("$ref"), str):
        yield _referred(part.root, body["$ref"])
    for word in ("allOf", "anyOf", "oneOf"):
        members = body.get(word)
        yield from (one for one in (members if isinstance(members, list) else ()) if isinstance(one, Mapping))
    yield from (body[word] for word in ("then", "else") if isinstance(body.get(word), Mapping))


def _referred(root: Any, reference: str) -> Mapping[str, Any]:
    """The part of the document that `#/$defs/user` means; anything where it points elsewhere."""
    if not reference.startswith("#"):
        return _ANYTHING
    for written in reference[1:].split("/")[1:]:
        word = written.replace("~1", "/").replace("~0", "~")
        root = root.get(word) if isinstance(root, Mapping) else None
    return root if isinstance(root, Mapping) else _ANYTHING


def _inner(part: _Part, step: str | int | Step) -> Iterator[_Part]:
    body = part.body
    found = _field(body, step) if isinstance(step, str) else _item(body, step)
    for one in found:
        yield _Part(one if isinstance(one, Mapping) else _ANYTHING, part.root)


def _field(body: Mapping[str, Any], name: str) -> Iterator[Any]:
    if not _may_be(body, "object"):
        return
    properties = _properties(body)
    others = body.get("additionalProperties")
    if name in properties:
        yield properties[name]
    elif others or body.get("patternProperties"):
        yield others if isinstance(others, Mapping) else _ANYTHING
    elif "properties" not in body and others is None and not _says_elsewhere(body):
        yield _ANYTHING


def _item(body: Mapping[str, Any], step: int | Step) -> Iterator[Any]:
    if not _may_be(body, "array"):
        return
    first = body.get("prefixItems")
    first = first if isinstance(first, list) else []
    if isinstance(step, Step):
        yield from first
    elif step < len(first):
        yield first[step]
        return
    if "items" in body:
        yield from () if body["items"] is False else (body["items"],)
    elif not first and not _says_elsewhere(body):
        yield _ANYTHING


def _may_be(body: Mapping[str, Any], kind: str) -> bool:
    types = _type_words(body)
    return kind in types if types else True


def _says_elsewhere(body: Mapping[str, Any]) -> bool:
    return any(word in body for word in ("$ref", "allOf", "anyOf", "oneOf", "then", "else"))


def _properties(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found = body.get("properties")
    return found if isinstance(found, Mapping) else {}


def _type_words(body: Mapping[str, Any]) -> list[str]:
    written = body.get("type")
    return [written] if isinstance(written, str) else [str(one) for one in written] if isinstance(written, list) else []


def _type(parts: Iterable[_Part], depth: int = 0) -> Type:
    """What values of these schemas may be; ANY where they do not say."""
    opened = [one for one in _opened(parts) if not _only_refers(one.body)]
    return union(_own_type(one, depth) for one in opened) if opened else ANY


def _only_refers(body: Mapping[str, Any]) -> bool:
    return _says_elsewhere(body) and not _type_words(body) and "enum" not in body and "const" not in body


def _own_type(part: _Part, depth: int) -> Type:
    body = part.body
    words = _type_words(body)
    if words:
        return union(_list(part, depth) if word == "array" else _TYPES.get(word, ANY) for word in words)
    if "const" in body:
        return _of_value(body["const"])
    if isinstance(body.get("enum"), list):
        return union(map(_of_value, body["enum"]))
    return OBJECT if "properties" in body else ANY


def _list(part: _Part, depth: int) -> Type:
    items = part.body.get("items")
    if depth >= _DEEPEST_LIST or not isinstance(items, Mapping):
        return list_of(ANY)
    return list_of(_type([_Part(items, part.root)], depth + 1))


def _of_value(value: Any) -> Type:
    plain = {str: STR, int: INT, float: FLOAT, bool: BOOL, type(None): NONE, dict: OBJECT}
    return plain.get(type(value), list_of(ANY))
