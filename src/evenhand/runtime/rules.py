"""Rules from a folder, ready to run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from evenhand.engine import rules
from evenhand.engine.rules import project
from evenhand.engine.rules.function import table
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.udfs import added
from evenhand.runtime.rulefolders import read_folder
from evenhand.runtime.udfs import BadFunction, installed


def load(path: str | Path, *, udfs: Iterable[Callable[..., Any]] = ()) -> rules.RuleSet:
    """The rule project in a folder: main.sml, its files, its configuration and its word lists.

    Rules may call the functions of installed packages (`runtime.udfs`), and `udfs`.

    Raises RuleError, with every problem.
    """
    found = read_folder(path)
    return load_sources(found.sources, found.config, udfs=udfs)


def load_sources(
    sources: Mapping[str, str],
    config: Mapping[str, Any],
    *,
    udfs: Iterable[Callable[..., Any]] = (),
    stored: bool = False,
) -> rules.RuleSet:
    """The same, from the text of its files. `stored`: they were published before. Raises RuleError."""
    return rules.load_sources(sources, config=config, udfs=(*_installed(), *udfs), stored=stored)


def warnings(sources: Mapping[str, str], config: Mapping[str, Any]) -> tuple[rules.Problem, ...]:
    """What the author of rules that can run should look at all the same. Raises RuleError."""
    functions = table(BUILT_IN.values(), map(added, _installed()))
    return project.check(sources, config, functions).warnings


def _installed() -> tuple[Callable[..., Any], ...]:
    try:
        return installed()
    except BadFunction as error:
        hint = "Mend that package, or take it away."
        raise rules.RuleError([rules.Problem("installed functions", 1, 1, str(error), hint)]) from error
