"""The registry of hash lists: which connector speaks to which kind of list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evenhand.connectors import hashfiles, ncmec_hashes, stopncii, tech_against_terrorism, threatexchange
from evenhand.desk.media.services import HashList, ListFailed
from evenhand.runtime import config


def _demo(given: Mapping[str, Any]) -> HashList:
    from evenhand.connectors.demo.hashlist import ExchangeList  # noqa: PLC0415 (other desks do not load the demo)

    return ExchangeList(given)


def _calling(make: Callable[..., HashList]) -> Callable[[Mapping[str, Any]], HashList]:
    return lambda given: make(given, allow_private=config.current().allow_private)


MAKERS: dict[str, Callable[[Mapping[str, Any]], HashList]] = {
    "demo": _demo,
    "hashfile": _calling(hashfiles.from_config),
    "ncmec": _calling(ncmec_hashes.from_config),
    "stopncii": _calling(stopncii.from_config),
    "tech-against-terrorism": _calling(tech_against_terrorism.from_config),
    "threatexchange": _calling(threatexchange.from_config),
}
"""Kind → what makes the list from its configuration. Raises ListFailed."""


def connect(kind: str, given: Mapping[str, Any]) -> HashList:
    """The list of this kind. Raises ListFailed."""
    make = MAKERS.get(kind)
    if make is None:
        known = ", ".join(sorted(MAKERS)) or "none"
        raise ListFailed(f"There is no connector for lists of kind “{kind}”. There are: {known}.")
    return make(given)
