"""A rule project as the texts of its files, the way people edit it: read into what runs, and written back from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml
from msgspec import Struct

from evenhand.engine.rules.problem import Problem, RuleError
from evenhand.engine.rules.testing import Case
from evenhand.runtime import ruleconfig, ruletests
from evenhand.runtime.ruleconfig import LISTS, is_list, placed
from evenhand.runtime.ruletestfiles import is_test

__all__ = ["Project", "cases", "is_list", "is_test", "placed", "read", "readable", "write"]

CONFIG: Final = "config/config.yaml"
MOST_FILES: Final = 500
LONGEST_PATH: Final = 200
_KNOWN: Final = "rules are .sml; configuration, word lists and tests are config/, lists/ and tests/*.yaml"


class Project(Struct, frozen=True):
    """`tests`, `files`: the text of each file of tests, and of the configuration and word lists, by its path. Without
    `files`, how the configuration was written is not known."""

    sources: dict[str, str]
    config: dict[str, Any]
    tests: dict[str, str]
    files: dict[str, str] = {}


def read(texts: Mapping[str, str]) -> Project:
    """The project that these files are. Raises RuleError: all that is wrong with their paths and their YAML."""
    project, problems = readable(texts)
    if problems:
        raise RuleError(problems)
    return project


def readable(texts: Mapping[str, str]) -> tuple[Project, list[Problem]]:
    """The project as far as it can be read, and what is wrong with its paths and its YAML. A word list that cannot be
    read is an empty one. Raises RuleError: more files than are taken."""
    sources: dict[str, str] = {}
    tests: dict[str, str] = {}
    files: dict[str, str] = {}
    problems: list[Problem] = []
    if len(texts) > MOST_FILES:
        raise RuleError([Problem("", 1, 1, f"{len(texts):,} files; at most {MOST_FILES:,} are taken")])
    for path, text in sorted(texts.items()):
        if odd := _odd(path):
            problems.append(Problem(path, 1, 1, odd, _KNOWN))
        elif path.endswith(".sml"):
            sources[path] = text
        elif is_test(path):
            tests[path] = text
        else:
            files[path] = text
    merged = ruleconfig.merged(files)
    return Project(sources, merged.values, tests, files), [*problems, *merged.problems]


def cases(tests: Mapping[str, str]) -> list[Case]:
    """The tests of all files. Raises RuleError, with every problem."""
    found, problems = ruletests.look(tests)
    if problems:
        raise RuleError(problems)
    return found


def write(project: Project) -> dict[str, str]:
    """The files of a project. Configuration whose texts were not kept is written anew: what it says, without
    comments."""
    texts = {**project.sources, **project.tests, **(project.files or _rewritten(project.config))}
    return dict(sorted(texts.items(), key=lambda one: (_order(one[0]), one[0])))


def _rewritten(given: Mapping[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    config = {name: value for name, value in given.items() if name != LISTS}
    if config:
        texts[CONFIG] = _dumped(config)
    for name, words in given.get(LISTS, {}).items():
        texts[f"{LISTS}/{name}.yaml"] = _dumped(list(words))
    return texts


def _odd(path: str) -> str:
    """What is wrong with a path; "" when nothing is."""
    parts = path.split("/")
    if not path or len(path) > LONGEST_PATH or not path.isprintable() or "\\" in path:
        return "this is no name for a file"
    if any(part in {"", ".", ".."} or part.startswith(".") for part in parts):
        return "a path goes from the project's folder inwards, without hidden files"
    if path.endswith(".sml") or is_test(path):
        return ""
    return "" if ruleconfig.is_ours(path) else "no file of this name belongs to rules"


def _dumped(value: Any) -> str:
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=120)
    return text


def _order(path: str) -> int:
    """The way in first, then rules, configuration, lists, tests."""
    if path == "main.sml":
        return 0
    return 1 if path.endswith(".sml") else 4 if is_test(path) else 3 if is_list(path) else 2
