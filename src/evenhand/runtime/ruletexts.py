"""A rule project as the texts of its files, the way people edit it: read into what runs, and written back from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

import yaml
from msgspec import Struct

from evenhand.engine.rules.problem import Problem, RuleError
from evenhand.engine.rules.testing import Case
from evenhand.runtime import ruletests, yamlfiles

CONFIG: Final = "config/config.yaml"
MOST_FILES: Final = 500
LONGEST_PATH: Final = 200
_LISTS: Final = "lists"
_YAML: Final = (".yaml", ".yml")
_KNOWN: Final = "rules are .sml; configuration, word lists and tests are config/, lists/ and tests/*.yaml"


class Project(Struct, frozen=True):
    """`tests`: the text of each file of tests by its path."""

    sources: dict[str, str]
    config: dict[str, Any]
    tests: dict[str, str]


def read(texts: Mapping[str, str]) -> Project:
    """The project that these files are. Raises RuleError: all that is wrong with their paths and their YAML."""
    project = Project({}, {}, {})
    problems: list[Problem] = []
    if len(texts) > MOST_FILES:
        raise RuleError([Problem("", 1, 1, f"{len(texts):,} files; at most {MOST_FILES:,} are taken")])
    for path, text in sorted(texts.items()):
        if odd := _odd(path):
            problems.append(Problem(path, 1, 1, odd, _KNOWN))
        elif path.endswith(".sml"):
            project.sources[path] = text
        elif is_test(path):
            project.tests[path] = text
        else:
            problems += _configured(project.config, path, text)
    if problems:
        raise RuleError(problems)
    return project


def cases(tests: Mapping[str, str]) -> list[Case]:
    """The tests of all files. Raises RuleError, with every problem."""
    found: list[Case] = []
    problems: list[Problem] = []
    for path, text in sorted(tests.items()):
        try:
            found += ruletests.read(path, text)
        except RuleError as error:
            problems += error.problems
    if problems:
        raise RuleError(problems)
    return found


def write(project: Project) -> dict[str, str]:
    """The files of a project. Configuration is written anew: what it says stays, its comments were not kept."""
    texts = {**project.sources, **project.tests}
    config = {name: value for name, value in project.config.items() if name != _LISTS}
    if config:
        texts[CONFIG] = _dumped(config)
    for name, words in project.config.get(_LISTS, {}).items():
        texts[f"{_LISTS}/{name}.yaml"] = _dumped(list(words))
    return dict(sorted(texts.items(), key=lambda one: (_order(one[0]), one[0])))


def is_test(path: str) -> bool:
    """Whether the tests beside rules would be looked for there."""
    patterns = (pattern.replace("**/", "*") for pattern in ruletests.PATTERNS)
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def _odd(path: str) -> str:
    """What is wrong with a path; "" when nothing is."""
    parts = path.split("/")
    if not path or len(path) > LONGEST_PATH or not path.isprintable() or "\\" in path:
        return "this is no name for a file"
    if any(part in {"", ".", ".."} or part.startswith(".") for part in parts):
        return "a path goes from the project's folder inwards, without hidden files"
    if path.endswith(".sml") or is_test(path):
        return ""
    ours = path.endswith(_YAML) and (len(parts) == 1 or parts[0] in {"config", _LISTS})
    return "" if ours else "no file of this name belongs to rules"


def _configured(config: dict[str, Any], path: str, text: str) -> Iterator[Problem]:
    try:
        if path.startswith(f"{_LISTS}/"):
            name = path.removeprefix(f"{_LISTS}/").rpartition(".")[0]
            document = yamlfiles.Document({_LISTS: {name: yamlfiles.words(text)}}, {})
        else:
            document = yamlfiles.mapping(text)
    except yamlfiles.Unreadable as error:
        yield error.problem(path, text)
        return
    for keys in yamlfiles.merged(config, document.values):
        place = document.places.get(keys, yamlfiles.Place(1, 1))
        message = f"{'.'.join(keys)} has another value in a file before this one"
        yield yamlfiles.problem(path, text, place, message, "leave one out")


def _dumped(value: Any) -> str:
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=120)
    return text


def _order(path: str) -> int:
    """The way in first, then rules, configuration, lists, tests."""
    if path == "main.sml":
        return 0
    return 1 if path.endswith(".sml") else 4 if is_test(path) else 3 if path.startswith(f"{_LISTS}/") else 2
