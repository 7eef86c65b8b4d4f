"""What hashes are near: in which banks, and which of their contents."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from evenhand.desk.media.hma import kinds
from evenhand.desk.media.hma.watch import Watch
from evenhand.desk.media.queries import matching
from evenhand.desk.media.queries.facts import BankFact, Fact

Near = Sequence[tuple[int, int]]
"""Entries and distances, the nearest first."""
Found = dict[str, list[dict[str, Any]]]
"""By bank, as HMA answers: the id of the content, and the distance as text."""


class Chance(Struct, frozen=True):
    """Whether banks that are on for a share of the requests take part in this one. `seed` makes it stable: the same
    seed and bank, the same answer. `bypass`: all banks take part, those that are off as well."""

    seed: str = ""
    bypass: bool = False

    def drawn(self) -> Callable[[BankFact], bool]:
        """For one request: each bank is drawn once."""
        if self.bypass:
            return lambda _: True
        drawn: dict[str, bool] = {}

        def takes_part(bank: BankFact) -> bool:
            if bank.name not in drawn:
                drawn[bank.name] = bank.share >= 1 or self._draw(bank.name) < bank.share
            return drawn[bank.name]

        return takes_part

    def _draw(self, bank: str) -> float:
        if not self.seed:
            return random.random()  # noqa: S311 (a share, not a secret)
        return int.from_bytes(blake2b(f"{self.seed} {bank}".encode(), digest_size=8).digest()) / (1 << 64)


class Media:
    """Entries near some hashes, with what they belong to."""

    def __init__(self, watch: Watch, kind: str, values: Sequence[bytes]) -> None:
        """Raises Refusal: nothing can be told now. Raises DatabaseError."""
        watch.check()
        if kind in kinds.INDEXED:
            self._near: Sequence[Near] = watch.known.search_many(values)
        else:
            same = matching.same(kind, values)
            self._near = [same.get(value, []) for value in values]
        self._facts = watch.facts.of(list({entry for near in self._near for entry, _ in near}))

    def raw(self, banks: Collection[str]) -> list[dict[int, int]]:
        """Of each hash the contents and their distances, whatever is switched off. No banks named: all."""
        return [
            _nearest((fact, distance) for fact, distance in self._of(near) if not banks or fact.bank.name in banks)
            for near in self._near
        ]

    def in_banks(self, banks: Collection[str], chance: Chance) -> list[Found]:
        """Of each hash what counts, bank by bank."""
        takes_part = chance.drawn()
        return [
            _by_bank(
                (fact, distance)
                for fact, distance in self._of(near)
                if not fact.off
                and distance <= fact.bank.radius
                and (not banks or fact.bank.name in banks)
                and takes_part(fact.bank)
            )
            for near in self._near
        ]

    def _of(self, near: Near) -> Iterator[tuple[Fact, int]]:
        for entry, distance in near:
            fact = self._facts.get(entry)
            if fact is not None:
                yield fact, distance

    def banks(self) -> list[set[str]]:
        """Of each hash, for counting."""
        return [{fact.bank.name for fact, _ in self._of(near)} for near in self._near]


def _nearest(found: Iterator[tuple[Fact, int]]) -> dict[int, int]:
    media: dict[int, int] = {}
    for fact, distance in found:
        media.setdefault(fact.medium, distance)
    return media


def _by_bank(found: Iterator[tuple[Fact, int]]) -> Found:
    banks: Found = {}
    told = set()
    for fact, distance in found:
        if fact.medium not in told:
            told.add(fact.medium)
            hit = {"bank_content_id": fact.medium, "distance": str(distance)}
            banks.setdefault(fact.bank.name, []).append(hit)
    return banks
