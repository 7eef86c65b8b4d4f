"""What to look at of a cluster: the most typical, some that differ most from each other, and the outliers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from evenhand.engine.text.alike import similarity
from evenhand.engine.triage.clusters import Sample

MOST_COMPARED = 60
"""Members that are compared each with each; of a larger cluster, as many spread evenly over it."""
DIVERSE = 3
OUTLIERS = 3

T = TypeVar("T")


class Chosen(Struct, frozen=True):
    """Names of members. None is named twice; a small cluster has fewer."""

    medoid: str
    diverse: tuple[str, ...]
    outliers: tuple[str, ...]
    """Those that the medoid stands for least."""


def choose(members: Mapping[str, Sample]) -> Chosen:
    """Of members by name; raises ValueError: none.

    The medoid is the member with the highest mean similarity to all others; the diverse ones are found farthest-first
    from it (Gonzalez 1985): each is the one least like those that are chosen.
    """
    if not members:
        raise ValueError("A cluster without members has nothing to show.")
    names = _spread(sorted(members), MOST_COMPARED)
    medoid = max(names, key=lambda name: sum(_near(members[name], members[other]) for other in names))
    distant = sorted(members, key=lambda name: (_near(members[medoid], members[name]), name))
    outliers = [name for name in distant if name != medoid and _near(members[medoid], members[name]) < 1][:OUTLIERS]
    rest = [name for name in names if name != medoid and name not in outliers]
    return Chosen(medoid, tuple(_farthest_first(members, medoid, rest, DIVERSE)), tuple(outliers))


def split(members: Mapping[str, Sample], verdicts: Mapping[str, T]) -> dict[T, list[str]]:
    """What the checked members say of the others: each goes with the checked one that it is most like.

    `verdicts` are of members that somebody looked at; all the same: one group. Raises ValueError: none was checked.
    """
    if not verdicts:
        raise ValueError("Nobody looked at a member of this cluster.")
    groups: dict[T, list[str]] = {}
    for name, one in members.items():
        nearest = name if name in verdicts else max(verdicts, key=lambda seen: (_near(members[seen], one), seen))
        groups.setdefault(verdicts[nearest], []).append(name)
    return groups


def impurity(truths: Sequence[object]) -> float:
    """Share of a cluster's members that the verdict on most of them is wrong for, 0 to 1; 0 of an empty one."""
    if not truths:
        return 0.0
    return 1 - max(truths.count(truth) for truth in truths) / len(truths)


def _near(one: Sample, other: Sample) -> float:
    return similarity(one.wording, other.wording)


def _farthest_first(members: Mapping[str, Sample], first: str, names: Sequence[str], count: int) -> list[str]:
    chosen: list[str] = []
    nearest = {name: _near(members[first], members[name]) for name in names}
    while nearest and len(chosen) < count:
        farthest = min(nearest, key=lambda name: (nearest[name], name))
        chosen.append(farthest)
        del nearest[farthest]
        nearest = {name: max(near, _near(members[farthest], members[name])) for name, near in nearest.items()}
    return chosen


def _spread(names: Sequence[str], most: int) -> Sequence[str]:
    return [names[place * len(names) // most] for place in range(most)] if len(names) > most else names
