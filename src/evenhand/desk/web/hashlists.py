"""The registry of hash lists: which connector speaks to which kind of list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evenhand.desk.media.services import HashList, ListFailed


def _demo(config: Mapping[str, Any]) -> HashList:
    from evenhand.connectors.demo.hashlist import ExchangeList  # noqa: PLC0415 (other desks do not load the demo)

    return ExchangeList(config)


MAKERS: dict[str, Callable[[Mapping[str, Any]], HashList]] = {"demo": _demo}
"""Kind → what makes the list from its configuration. Raises ListFailed."""


def connect(kind: str, config: Mapping[str, Any]) -> HashList:
    """The list of this kind. Raises ListFailed."""
    make = MAKERS.get(kind)
    if make is None:
        known = ", ".join(sorted(MAKERS)) or "none"
        raise ListFailed(f"There is no connector for lists of kind “{kind}”. There are: {known}.")
    return make(config)
