"""Functions of chance: drawn from the event and the host's seed, so that the same event draws the same again."""

from __future__ import annotations

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.values import Constant

FAMILY = Family()
_ALL = 100


@FAMILY.add("RandomBool", pure=False, cost=5)
def random_bool(context: Context, percentage: float, name: Constant[str] = "") -> bool:
    """True for a share of the events.

    `percentage`: 0 to 100. `name`: the name that the draw is assigned to; draws of different names are independent.
    Error: a percentage outside 0 to 100.
    """
    if not 0 <= percentage <= _ALL:
        raise ValueError(f"percentage is {percentage}: it goes from 0 to 100.")
    return _draw(context, f"bool/{name}") * _ALL < percentage


@FAMILY.add("RandomInt", pure=False, cost=5)
def random_int(context: Context, start: int, end: int, name: Constant[str] = "") -> int:
    """A whole number from `start` to `end`, both included, each as likely as the others.

    `name`: the name that the draw is assigned to; draws of different names are independent. Error: `end` is below
    `start`.
    """
    if end < start:
        raise ValueError(f"end is {end}, below start, which is {start}.")
    return start + int(_draw(context, f"int/{name}") * (end - start + 1))


def _draw(context: Context, purpose: str) -> float:
    if context.services is None:
        raise ValueError("chance is not to be had in this run: it was given no services.")
    return context.services.random(f"{context.action_id}/{purpose}")
