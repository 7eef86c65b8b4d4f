"""Functions that only queries have: when the event came, and what rules made of it then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from evenhand.engine.rules.function import Family, Function
from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.moments import micros
from evenhand.engine.rules.run import Context, Micros
from evenhand.engine.rules.values import Constant

FAMILY = Family()
RESULTS: Final = "__results"
"""Where the data of a stored event has the labels and verdicts that came of it."""


@FAMILY.add("After", cost=2)
def after(context: Context, time: Constant[str]) -> bool:
    """Whether the event came at a time or later.

    `time`: ISO 8601, as 2026-01-31 or 2026-01-31T23:59:00Z; without a zone it is UTC.
    """
    return context.micros >= moment(time)


@FAMILY.add("Before", cost=2)
def before(context: Context, time: Constant[str]) -> bool:
    """Whether the event came before a time.

    `time`: as in After.
    """
    return context.micros < moment(time)


@FAMILY.add("DidAddLabel", cost=5)
def did_add_label(context: Context, label_name: Constant[str], entity_type: Constant[str | None] = None) -> bool:
    """Whether rules put a label on somebody or something when the event came.

    `entity_type`: only on one of this type.
    """
    return _did(context, "1", label_name, entity_type)


@FAMILY.add("DidRemoveLabel", cost=5)
def did_remove_label(context: Context, label_name: Constant[str], entity_type: Constant[str | None] = None) -> bool:
    """Whether rules took a label off somebody or something when the event came.

    `entity_type`: only off one of this type.
    """
    return _did(context, "0", label_name, entity_type)


@FAMILY.add("DidDeclareVerdict", cost=5)
def did_declare_verdict(context: Context, verdict: Constant[str]) -> bool:
    """Whether rules declared a verdict when the event came."""
    return verdict in _results(context, "verdicts")


ASKING: Final = ("DidAddLabel", "DidRemoveLabel", "DidDeclareVerdict")
"""Those that need what rules made of the event."""


def table() -> dict[str, Function]:
    """What a query may call: all that stored events answer."""
    return BUILT_IN | FAMILY.functions


@lru_cache(maxsize=256)
def moment(time: str) -> Micros:
    """Raises ValueError, with what to write."""
    try:
        found = datetime.fromisoformat(time.strip())
    except ValueError as error:
        raise ValueError(f"{time!r} is no time: write 2026-01-31 or 2026-01-31T23:59:00Z") from error
    return micros(found)


def _did(context: Context, status: str, label: str, entity_type: str | None) -> bool:
    start = "" if entity_type is None else f"{entity_type}/"
    ending = f"/{label}/{status}"
    return any(one.startswith(start) and one.endswith(ending) for one in _results(context, "labels"))


def _results(context: Context, what: str) -> Any:
    found: Mapping[str, Any] = context.data.get(RESULTS, {})
    return found.get(what, ())
