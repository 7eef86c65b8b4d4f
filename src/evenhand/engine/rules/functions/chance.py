"""Functions of chance: drawn from the event and the host's seed, so that the same event draws the same again."""

from __future__ import annotations

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.run import Context

FAMILY = Family()
_ALL = 100


@FAMILY.add("RandomBool", pure=False, cost=5)
def random_bool(context: Context, percentage: float, salt: str = "") -> bool:
    """True for a share of the events.

    `percentage`: 0 to 100. Two draws for the same event with the same salt agree; give another `salt` to have them
    independent. Error: a percentage outside 0 to 100.
    """
    if not 0 <= percentage <= _ALL:
        raise ValueError(f"percentage is {percentage}: it goes from 0 to 100.")
    return _draw(context, f"bool/{salt}") * _ALL < percentage


@FAMILY.add("RandomInt", pure=False, cost=5)
def random_int(context: Context, start: int, end: int, salt: str = "") -> int:
    """A whole number from `start` to `end`, both included, each as likely as the others.

    Two draws for the same event with the same salt agree; give another `salt` to have them independent. Error: `end` is
    below `start`.
    """
    if end < start:
        raise ValueError(f"end is {end}, below start, which is {start}.")
    return start + int(_draw(context, f"int/{salt}") * (end - start + 1))


def _draw(context: Context, purpose: str) -> float:
    if context.services is None:
        raise ValueError("chance is not to be had in this run: it was given no services.")
    return context.services.random(f"{context.action_id}/{purpose}")
