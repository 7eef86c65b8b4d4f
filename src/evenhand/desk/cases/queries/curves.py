"""What decisions say of the order's likelihoods, as a room above has fitted it: by policy, and since when."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from evenhand.engine.model import Micros
from evenhand.engine.triage.calibration import Curve


class Curves(Struct, frozen=True):
    by_policy: Mapping[str, Curve] = {}
    since: Micros = 0
    """When the newest of them came into force."""


_sources: list[Callable[[], Curves]] = []


def provide(source: Callable[[], Curves]) -> None:
    """There is one room that decides."""
    _sources[:] = [source]


def in_force() -> Curves:
    return _sources[0]() if _sources else Curves()
