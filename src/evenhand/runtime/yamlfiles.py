"""YAML as people write it into a rule project: read without surprises, every mistake with its line and column."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml
from msgspec import Struct

from evenhand.engine.rules.problem import Problem

MOST_DEPTH = 50
MOST_NODES = 200_000
"""Values in one file, what aliases stand for counted each time."""
_FOLD = "tag:yaml.org,2002:"
_SAFE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PARSER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Keys = tuple[str, ...]


class _Loader(_SAFE):  # type: ignore[misc]  # one of two, as PyYAML was built
    """Dates stay as they are written: a configuration is JSON in other clothes."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag != f"{_FOLD}timestamp"]
        for first, known in _SAFE.yaml_implicit_resolvers.items()
    }


class Place(Struct, frozen=True):
    """Where a key stands. Lines and columns count from 1."""

    line: int
    column: int


class Unreadable(Exception):
    """A file that is not the YAML that was asked for."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place, self.message, self.hint = place, message, hint

    def problem(self, file: str, text: str) -> Problem:
        return problem(file, text, self.place, self.message, self.hint)


class Document(Struct, frozen=True):
    """`places`: where each key of `values` stands, by the keys that lead to it."""

    values: dict[str, Any]
    places: dict[Keys, Place]


def problem(file: str, text: str, place: Place, message: str, hint: str = "") -> Problem:
    lines = text.splitlines()
    source = lines[place.line - 1] if place.line <= len(lines) else ""
    return Problem(file, place.line, min(place.column, len(source) + 1), message, hint, source=source)


def mapping(text: str) -> Document:
    """A mapping of words to anything that JSON has; an empty file is an empty one.

    Raises Unreadable.
    """
    try:
        _measured(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            values = {} if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise _unreadable(error) from None
    if values is None or node is None:
        return Document({}, {})
    if not isinstance(values, dict):
        raise Unreadable(_place(node.start_mark), "the file is not a mapping", "write `key: value` lines")
    places: dict[Keys, Place] = {}
    _look(node, (), places)
    return Document(values, places)


def words(text: str) -> list[str]:
    """A list of words, as they are written: `no` is a word, and so is 007.

    Raises Unreadable.
    """
    found: list[str] = []
    depth = 0
    try:
        for event in yaml.parse(text, _PARSER):
            depth += _levels(event)
            if isinstance(event, yaml.MappingStartEvent) or depth > 1 or isinstance(event, yaml.AliasEvent):
                raise Unreadable(_place(event.start_mark), "a list of words holds only words", "write `- word` lines")
            if not isinstance(event, yaml.ScalarEvent):
                continue
            if depth == 0 and event.value:
                raise Unreadable(_place(event.start_mark), "the file is not a list", "write `- word` lines")
            if depth and not event.value.strip():
                raise Unreadable(_place(event.start_mark), "an item of the list is empty", "leave it out")
            found += [event.value] if depth else []
    except yaml.YAMLError as error:
        raise _unreadable(error) from None
    return found


def _measured(text: str) -> None:
    """Refuses what is nested too deep or is too much, aliases counted as what they stand for, before it is built."""
    sizes: dict[str, int] = {}
    waiting: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, _PARSER):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise Unreadable(_place(event.start_mark), f"the alias *{event.anchor} holds itself, or is not known")
            total += sizes[event.anchor]
        elif isinstance(event, yaml.NodeEvent):
            waiting.append((event.anchor, total))
            total += 1
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionEndEvent):
            anchor, before = waiting.pop()
            sizes |= {anchor: total - before} if anchor else {}
        if len(waiting) > MOST_DEPTH:
            raise Unreadable(_place(event.start_mark), f"this nests more than {MOST_DEPTH} levels deep")
        if total > MOST_NODES:
            raise Unreadable(_place(event.start_mark), f"the file stands for more than {MOST_NODES:,} values")


def _levels(event: yaml.Event) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _look(node: yaml.Node, keys: Keys, places: dict[Keys, Place]) -> None:
    """Notes where keys stand; refuses what JSON does not have, and keys that are given twice."""
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            places[*keys, str(index)] = _place(item.start_mark)
            _look(item, (*keys, str(index)), places)
        return
    if not isinstance(node, yaml.MappingNode):
        _plain(node)
        return
    for key, value in _pairs(node):
        path = (*keys, key.value)
        place = _place(key.start_mark)
        if path in places:
            raise Unreadable(place, f"the key {key.value!r} is given twice, first in line {places[path].line}")
        places[path] = place
        _look(value, path, places)


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag not in (f"{_FOLD}str", f"{_FOLD}merge"):
            raise Unreadable(_place(key.start_mark), "a key is a word", "put it in quotes")
        if key.tag != f"{_FOLD}merge":
            yield key, value


def _plain(node: yaml.Node) -> None:
    kind = str(node.tag).removeprefix(_FOLD)
    if kind not in ("str", "int", "float", "bool", "null"):
        raise Unreadable(_place(node.start_mark), f"a value of the kind {kind}", "write text, a number, true or false")
    if kind == "float" and not math.isfinite(float(_number(node.value))):
        raise Unreadable(_place(node.start_mark), "a number without end", "write a finite number")


def _number(written: str) -> str:
    """What YAML writes and Python does not: .inf, and 1:30 in sixties, which is finite."""
    return "inf" if "inf" in written.lower() or "nan" in written.lower() else "0"


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _unreadable(error: Exception) -> Unreadable:
    if isinstance(error, RecursionError):
        return Unreadable(Place(1, 1), "the file nests too deep to read")
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        context = f" {error.context}" if error.context else ""
        return Unreadable(_place(mark), f"this is not YAML: {error.problem}{context}")
    if isinstance(error, yaml.reader.ReaderError):
        return Unreadable(Place(1, 1), f"a character that YAML does not allow, U+{ord(str(error.character)[:1]):04X}")
    return Unreadable(Place(1, 1), f"this is not YAML: {error}")


def merged(into: dict[str, Any], other: Mapping[str, Any], keys: Keys = ()) -> list[Keys]:
    """Puts `other` into `into`, mappings into mappings, lists behind lists. The keys at which they contradict."""
    wrong: list[Keys] = []
    for key, value in other.items():
        before = into.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            wrong += merged(before, value, (*keys, key))
        elif isinstance(before, list) and isinstance(value, list):
            into[key] = before + [one for one in value if one not in before]
        elif key in into and before != value:
            wrong.append((*keys, key))
        else:
            into[key] = value
    return wrong
