"""The configuration of a rule project: its YAML files and word lists, merged into one mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from evenhand.engine.rules.problem import Problem
from evenhand.runtime import yamlfiles
from evenhand.runtime.ruletestfiles import is_test

LISTS: Final = "lists"
CONFIG: Final = "config"
YAML: Final = (".yaml", ".yml")


class Merged(Struct, frozen=True):
    """`values`: what all files say together; a word list that cannot be read is an empty one. `unread`: the paths of
    files that could not be read."""

    values: dict[str, Any]
    problems: list[Problem]
    unread: list[str]


def is_ours(path: str) -> bool:
    """Whether a file of this path is configuration or a word list: at the top, in config/ or in lists/."""
    return path.endswith(YAML) and ("/" not in path or path.partition("/")[0] in {CONFIG, LISTS})


def is_list(path: str) -> bool:
    return path.startswith(f"{LISTS}/")


def merged(texts: Mapping[str, str]) -> Merged:
    """The configuration that these files are, by their paths."""
    found = Merged({}, [], [])
    for path, text in sorted(texts.items()):
        try:
            document = _read(path, text)
        except yamlfiles.Unreadable as error:
            found.problems.append(error.problem(path, text))
            found.unread.append(path)
            document = _nothing(path)
        for keys in yamlfiles.merged(found.values, document.values):
            place = document.places.get(keys, yamlfiles.Place(1, 1))
            message = f"{'.'.join(keys)} has another value in a file before this one"
            found.problems.append(yamlfiles.problem(path, text, place, message, "leave one out"))
    return found


def checkable(found: Merged) -> dict[str, Any]:
    """What rules can be checked against: what may have been declared in files that cannot be read is not missed."""
    if all(map(is_list, found.unread)):
        return found.values
    return {name: value for name, value in found.values.items() if name == "entry"}


def placed(problem: Problem, texts: Mapping[str, str]) -> Problem:
    """A mistake in the configuration at the line of its key, or of the nearest one around it, in whichever file has
    it; others as they are."""
    around = [one for one in _places(problem.key, texts) if one[1]] if problem.key else []
    if not around:
        return problem
    path, depth, place = max(around, key=lambda one: one[1])
    found = yamlfiles.problem(path, texts[path], place, problem.message, problem.hint)
    return replace(found, severity=problem.severity, width=max(1, len(problem.key[depth - 1])), key=problem.key)


def _places(key: tuple[str, ...], texts: Mapping[str, str]) -> Iterator[tuple[str, int, yamlfiles.Place]]:
    """Each file with how much of the key it has, and where."""
    for path, text in sorted(texts.items()):
        if not is_ours(path) or is_test(path):
            continue
        try:
            places = _read(path, text).places
        except yamlfiles.Unreadable:
            continue
        depth = next((some for some in range(len(key), 0, -1) if key[:some] in places), 0)
        yield path, depth, places.get(key[:depth], yamlfiles.Place(1, 1))


def _read(path: str, text: str) -> yamlfiles.Document:
    """Raises yamlfiles.Unreadable."""
    if not is_list(path):
        return yamlfiles.mapping(text)
    name = _name(path)
    return yamlfiles.Document({LISTS: {name: yamlfiles.words(text)}}, {(LISTS, name): yamlfiles.Place(1, 1)})


def _nothing(path: str) -> yamlfiles.Document:
    return yamlfiles.Document({LISTS: {_name(path): []}} if is_list(path) else {}, {})


def _name(path: str) -> str:
    return path.removeprefix(f"{LISTS}/").rpartition(".")[0]
