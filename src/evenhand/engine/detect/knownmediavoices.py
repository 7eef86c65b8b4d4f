"""How many independent voices lists are that have the same medium: those that copy each other are one between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet


def independent(weights: Mapping[str, float], alike: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Of these lists, those that weigh most together and of which no two are alike; none weighs less than nothing.

    Exact, a heaviest independent set: one more list never makes the whole weigh less, which counting connected groups,
    or taking the heaviest first, would do. Lists with nobody alike are taken at once, so it is fast for the few lists
    that have one medium.
    """
    beside: dict[str, set[str]] = {name: set() for name in weights}
    for one, other in alike:
        if one != other and one in beside and other in beside:
            beside[one].add(other)
            beside[other].add(one)
    return _heaviest(frozenset(weights), weights, beside)


def _heaviest(
    left: frozenset[str], weights: Mapping[str, float], beside: Mapping[str, AbstractSet[str]]
) -> frozenset[str]:
    alone = frozenset(name for name in left if not beside[name] & left)
    rest = left - alone
    if not rest:
        return alone
    busiest = max(sorted(rest), key=lambda name: len(beside[name] & rest))
    without = _heaviest(rest - {busiest}, weights, beside)
    with_it = _heaviest(rest - {busiest} - beside[busiest], weights, beside) | {busiest}
    return alone | max(without, with_it, key=lambda names: sum(weights[name] for name in names))
