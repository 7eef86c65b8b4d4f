"""Functions for rules that others have written: plain typed Python functions of installed packages.

A package names them in its own pyproject.toml; the name is what rules call, whatever the function is called:

    [project.entry-points."evenhand.functions"]
    AccountRisk = "my_package.rules:account_risk"
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from evenhand.engine.rules.function import read

GROUP = "evenhand.functions"


class BadFunction(Exception):
    """A function that cannot be had, or that rules cannot call; says which package to mend."""


@cache
def installed() -> tuple[Callable[..., Any], ...]:
    """Those of all installed packages, by name. Raises BadFunction."""
    return tuple(_loaded(one) for one in sorted(entry_points(group=GROUP), key=lambda one: one.name))


def _loaded(one: EntryPoint) -> Callable[..., Any]:
    package = one.dist.name if one.dist else "an installed package"
    try:
        found = one.load()
    except Exception as error:
        raise BadFunction(f"{one.name} ({one.value}, of {package}) cannot be loaded: {error}") from error
    if not callable(found):
        raise BadFunction(f"{one.name} ({one.value}, of {package}) is no function.")
    function: Callable[..., Any] = found if found.__name__ == one.name else _named(one.name, found)
    try:
        read(one.name, function)
    except (TypeError, NameError) as error:
        raise BadFunction(f"{one.name} ({one.value}, of {package}) cannot be called by rules: {error}") from error
    return function


def _named(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The same function under the name that rules call."""

    def named(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    named.__name__, named.__doc__, named.__wrapped__ = name, call.__doc__, call  # type: ignore[attr-defined]
    named.__annotations__ = getattr(call, "__annotations__", {})
    return named
