"""Functions for rules that others have written: plain typed Python functions of installed packages.

A package names them in its own pyproject.toml; the name is what rules call, whatever the function is called:

    [project.entry-points."evenhand.functions"]
    AccountRisk = "my_package.rules:account_risk"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from msgspec import Struct

from evenhand.engine.rules.function import read
from evenhand.engine.rules.problem import Problem

GROUP = "evenhand.functions"


class Installed(Struct, frozen=True):
    """Functions that rules may call, and by the names of the others why they cannot be had. One that is broken keeps
    no other from being called."""

    functions: tuple[Callable[..., Any], ...]
    unusable: dict[str, str]

    @property
    def signatures(self) -> Iterator[str]:
        return (read(one.__name__, one).signature for one in self.functions)


@cache
def installed() -> Installed:
    """Those of all installed packages, by name."""
    found: list[Callable[..., Any]] = []
    unusable: dict[str, str] = {}
    for one in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            found.append(_loaded(one))
        except _Unusable as error:
            package = one.dist.name if one.dist else "an installed package"
            unusable[one.name] = f"{one.name} ({one.value}, of {package}) {error}"
    return Installed(tuple(one for one in found if one.__name__ not in unusable), unusable)


def problems(found: Installed) -> list[Problem]:
    """A warning for each that cannot be had."""
    hint = "mend that package, or take it away"
    return [Problem("installed functions", 1, 1, why, hint, "warning") for why in found.unusable.values()]


class _Unusable(Exception):
    """A function that cannot be had, or that rules cannot call."""


def _loaded(one: EntryPoint) -> Callable[..., Any]:
    try:
        found = one.load()
    except (Exception, SystemExit) as error:
        raise _Unusable(f"cannot be loaded: {error or repr(error)}") from error
    if not callable(found):
        raise _Unusable("is no function")
    function: Callable[..., Any] = found if getattr(found, "__name__", "") == one.name else _named(one.name, found)
    try:
        read(one.name, function)
    except Exception as error:
        raise _Unusable(f"cannot be called by rules: {error}") from error
    return function


def _named(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The same function under the name that rules call."""

    def named(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    named.__name__, named.__doc__, named.__wrapped__ = name, call.__doc__, call  # type: ignore[attr-defined]
    named.__annotations__ = getattr(call, "__annotations__", {})
    return named
