"""Rules from a folder, ready to run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from evenhand.engine import rules
from evenhand.runtime.rulefolders import read_folder


def load(path: str | Path, *, udfs: Iterable[Callable[..., Any]] = ()) -> rules.RuleSet:
    """The rule project in a folder: main.sml, its files, its configuration and its word lists.

    Raises RuleError, with every problem.
    """
    found = read_folder(path)
    return rules.load_sources(found.sources, config=found.config, udfs=udfs)
