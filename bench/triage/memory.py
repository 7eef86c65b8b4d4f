"""What a desk has learnt from what was decided: records, calibration, audits, how fast views come.

A desk that has been in use takes it along from one trace to the next; one that begins has none of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy

from msgspec import Struct, structs

from bench.triage.records import NONE, STRANGER, Records, Tally
from bench.triage.trace import Seen
from bench.triage.world import REASONS
from evenhand.engine.triage import calibration, exposure
from evenhand.engine.triage.calibration import Curve
from evenhand.engine.triage.exposure import Count
from evenhand.engine.triage.harm import Harm, Model
from evenhand.engine.triage.licence import Drawn, Licence, licence

NEWEST = 4_000
"""Decisions of a policy that its curve is fitted to, and items that the half-life is."""


class Audit(Struct):
    """A case that was drawn at random. What is kept of it moves until it is decided."""

    score: float
    inclusion: float
    reference: float
    wrong: bool | None = None


class Memory:
    def __init__(self) -> None:
        self.reporters = Records()
        self.authors: dict[str, Tally] = {}
        self.pairs: dict[str, list[tuple[float, bool]]] = defaultdict(list)
        self.audits: dict[str, list[Audit]] = defaultdict(list)
        self.half_lives: list[float | None] = []
        """Of each item that was seen."""

    def copy(self) -> Memory:
        made = Memory()
        made.reporters, made.authors, made.half_lives = self.reporters.copy(), dict(self.authors), list(self.half_lives)
        made.pairs.update((policy, list(pairs)) for policy, pairs in self.pairs.items())
        made.audits.update((policy, [copy(one) for one in audits]) for policy, audits in self.audits.items())
        return made

    def count(self, seen: Seen, reports: int, broken: int | None) -> None:
        """`broken`: the reason that it was upheld for; None: nothing was found."""
        self.reporters.count(seen.reports[:reports], broken)
        upheld, dismissed = self.authors.get(seen.author, NONE)
        self.authors[seen.author] = (upheld + (broken is not None), dismissed + (broken is None))

    def forget_strangers(self) -> None:
        """At the end of a trace: the strangers of the next one are others, whatever they are called."""
        self.reporters.forget_strangers()
        self.authors = {name: tally for name, tally in self.authors.items() if not name.startswith(STRANGER)}

    def learn(self, harm: Harm, broken: int | None) -> None:
        """What the model said of a case that a person decided, and which policy it broke."""
        for one in harm.basis.policies:
            if one.policy is not None:
                broke = broken is not None and REASONS[broken] == one.policy
                self.pairs[one.policy].append((one.uncalibrated, broke))

    def tell(self, seen: Iterable[Seen]) -> None:
        """The platform's counts of views, which come with reports."""
        for item in seen:
            counts = [Count(one.at - item.created_at, one.views) for one in item.reports]
            self.half_lives.append(exposure.of_item(counts))

    def model(self, *, calibrated: bool = True) -> Model:
        self.half_lives = self.half_lives[-NEWEST:]
        fitted = exposure.model(exposure.of_all(self.half_lives))
        return structs.replace(fitted, curves=self._curves()) if calibrated else fitted

    def _curves(self) -> dict[str, Curve]:
        found = {policy: calibration.fit(pairs[-NEWEST:]) for policy, pairs in self.pairs.items()}
        return {policy: curve for policy, curve in found.items() if curve is not None}

    def licences(self, limits: Mapping[str, float]) -> dict[str, Licence]:
        return {
            policy: licence([_drawn(one) for one in self.audits[policy]], limit) for policy, limit in limits.items()
        }


def _drawn(one: Audit) -> Drawn:
    return Drawn(one.score, one.wrong, one.inclusion, one.reference)
