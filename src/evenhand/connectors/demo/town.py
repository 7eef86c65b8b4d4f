"""Who lives in Harbourlight: the same people on every day of the demo."""

from __future__ import annotations

from functools import cache
from random import Random

from msgspec import Struct

from evenhand.connectors.demo import script

_TOWN_SEED = 7
_OLDEST_DAYS = 2000


class Person(Struct, frozen=True):
    handle: str
    name: str
    about: str
    joined_days_ago: float

    @property
    def at(self) -> str:
        """How others write to this person."""
        return f"@{self.handle}"


@cache
def residents() -> tuple[Person, ...]:
    words = script.load().town
    chance = Random(_TOWN_SEED)
    pairs = [(first, second) for first in words.first for second in words.second]
    chosen = chance.sample(pairs, words.residents)
    return tuple(
        _person(first, second, about=chance.choice(words.about), days=chance.uniform(30, _OLDEST_DAYS))
        for first, second in chosen
    )


def stranger(chance: Random, number: int, *, days: float) -> Person:
    """A fresh account, with the kind of name that fresh accounts have."""
    words = script.load().town
    first, second = chance.choice(words.first), chance.choice(words.second)
    name = f"{first.title()} {second.title()}"
    return Person(f"{first}_{second}_{number}", name, "", days)


def _person(first: str, second: str, *, about: str, days: float) -> Person:
    return Person(f"{first}_{second}", f"{first.title()} {second.title()}", about, days)
