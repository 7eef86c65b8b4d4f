"""How often two looks at the same thing said the same, and how much of that chance alone would have brought.

A look says a category: the policy that is broken, or "" for none. The two looks of a pair are exchangeable: any two
people, or one person twice.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from evenhand.engine.triage.evidence import clopper_pearson

LEVEL = 0.05
"""On each side of an interval: together 90 %, as everywhere in the console."""
_Z = 1.6448536269514722
"""The normal distribution leaves LEVEL above this."""

Pair = tuple[str, str]
"""What the first look said, and what the second said."""


class Share(Struct, frozen=True):
    """`part` of `whole`. `low` and `high`: 90 % interval of Clopper and Pearson (1934), right for any number of looks;
    0 and 1 where there is none."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


class Alpha(Struct, frozen=True):
    """Krippendorff's alpha for categories: 1 where all agree, 0 where they agree as often as by chance. `low` and
    `high`: 90 % interval, from -1 to 1."""

    value: float
    low: float
    high: float


class Agreement(Struct, frozen=True):
    agreed: Share
    alpha: Alpha | None
    """None: there are under two pairs, or all looks said one thing, and nobody could have disagreed by chance."""


def share(part: int, whole: int) -> Share:
    """Raises ValueError: more than all."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share.")
    if not whole:
        return Share(0, 0, 0.0, 1.0)
    low = 1 - clopper_pearson(whole - part, whole, LEVEL)
    return Share(part, whole, low, clopper_pearson(part, whole, LEVEL))


def agreement(pairs: Iterable[Pair]) -> Agreement:
    found = list(pairs)
    agreed = share(sum(first == second for first, second in found), len(found))
    return Agreement(agreed, _alpha(found, agreed))


def _alpha(pairs: Sequence[Pair], agreed: Share) -> Alpha | None:
    """Krippendorff (Content Analysis, 2004, §11.3) for two looks at each thing: observed agreement, with the correction
    for few looks, against that of looks drawn from all that were said.

    The interval is the wider one, at each end, of two: the large-sample one of Gwet (Educational and Psychological
    Measurement 81, 2021), which knows that the chance agreement is estimated too; and that of the share agreed, at the
    chance agreement that was seen, which still holds where nobody has disagreed yet.
    """
    count = len(pairs)
    said = Counter(look for pair in pairs for look in pair)
    often = {category: number / (2 * count) for category, number in said.items()}
    chance = sum(one * one for one in often.values())
    if count < 2 or len(said) < 2:  # noqa: PLR2004 (two looks, two categories)
        return None

    def of(share_agreed: float) -> float:
        corrected = (1 - 1 / (2 * count)) * share_agreed + 1 / (2 * count)
        return (corrected - chance) / (1 - chance)

    value = of(agreed.part / count)
    spread = _Z * math.sqrt(_variance(pairs, often, chance))
    low = min(value - spread, of(agreed.low))
    high = max(value + spread, of(agreed.high))
    return Alpha(value, max(-1.0, low), min(1.0, high))


def _variance(pairs: Sequence[Pair], often: dict[str, float], chance: float) -> float:
    """Of the coefficient: each pair's own part in it, linearised (Gwet 2021, for two raters)."""
    count = len(pairs)
    kappa = (sum(first == second for first, second in pairs) / count - chance) / (1 - chance)
    parts = [
        ((first == second) - chance) / (1 - chance)
        - 2 * (1 - kappa) * ((often[first] + often[second]) / 2 - chance) / (1 - chance)
        for first, second in pairs
    ]
    return sum((part - kappa) ** 2 for part in parts) / (count * (count - 1))
