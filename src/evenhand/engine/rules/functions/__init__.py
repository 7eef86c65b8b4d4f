"""The functions that every rule may call, family by family. The reference page is made from their docstrings."""

from __future__ import annotations

from types import ModuleType

from evenhand.engine.rules.function import Family, Function, table
from evenhand.engine.rules.functions import (
    atproto,
    casts,
    chance,
    clean,
    contacts,
    counters,
    domains,
    effects,
    encoding,
    experiments,
    forms,
    labels,
    lists,
    search,
    strings,
    times,
    words,
)

_MODULES: tuple[ModuleType, ...] = (
    forms, labels, effects, counters, strings, clean, search, words, lists, casts, domains, contacts, times, encoding,
    chance, experiments, atproto,
)  # fmt: skip

FAMILIES: dict[str, Family] = {module.__name__.rpartition(".")[2]: module.FAMILY for module in _MODULES}
"""By the name of their module, in the order in which the reference page tells them."""

BUILT_IN: dict[str, Function] = table(*(family.functions.values() for family in FAMILIES.values()))
