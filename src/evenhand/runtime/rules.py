"""Rules from a folder, ready to run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from evenhand.engine import rules
from evenhand.runtime.rulefolders import read_folder
from evenhand.runtime.udfs import installed


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
    expected: Mapping[str, Any] | None = None,
    stored: bool = False,
) -> rules.RuleSet:
    """The same, from the text of its files. `expected`, `stored`: see `engine.rules.load_sources`. Raises RuleError."""
    others = installed()
    return rules.load_sources(
        sources,
        config=config,
        udfs=(*others.functions, *udfs),
        unusable=others.unusable,
        expected=expected,
        stored=stored,
    )
