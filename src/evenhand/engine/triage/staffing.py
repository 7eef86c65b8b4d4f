"""How much harm is over before anybody looks: people as servers, the half-life of reach as the patience of a case.

Erlang-A (Palm 1957; Garnett, Mandelbaum & Reiman 2002, "Designing a call center with impatient customers"): cases come
at random at `arrivals` an hour, each takes one person 1/`handled` hours, and each that waits is over, in the mean,
after 1/`expiring` hours. Unlike Erlang-C it has an answer when more comes than can be handled.
"""

from __future__ import annotations

import math

from msgspec import Struct

HANDLED = 42.0
"""Cases that one person decides in an hour: 86 s each, specs/triage.md §4.5."""
NEGLIGIBLE = 40.0
"""States whose probability is e^-40 of the largest are left out."""
MOST_STATES = 200_000


class Load(Struct, frozen=True, kw_only=True):
    """How a desk does in the long run. Rates are cases an hour, `lost` is a share from 0 to 1."""

    lost: float
    """Share of cases whose harm was over before anybody had a look."""
    waiting: float
    """Cases that wait, in the mean."""
    present: float
    """Cases that wait or are being decided, in the mean."""
    busy: float
    """Share of their time for which people decide."""


def expiring(half_life: float) -> float:
    """The rate, an hour, at which what waits is over; `half_life` in hours. 80 minutes give 0.52."""
    return math.log(2) / half_life


def steady(arrivals: float, people: int, *, handled: float = HANDLED, over: float) -> Load:
    """The steady state of a birth-death chain, its weights kept as logarithms so that no load is too large.

    `over`: what `expiring` gives. Raises ValueError: a rate that is negative, or nothing that ends a wait.
    """
    if arrivals < 0 or people < 0 or handled <= 0 or over <= 0:
        raise ValueError("arrivals and people are 0 or more, handled and over more than 0")
    if not arrivals:
        return Load(lost=0.0, waiting=0.0, present=0.0, busy=0.0)
    weights = _weights(arrivals, people, handled, over)
    whole = math.fsum(weights.values())
    waiting = math.fsum(weight * max(0, state - people) for state, weight in weights.items()) / whole
    working = math.fsum(weight * min(state, people) for state, weight in weights.items()) / whole
    return Load(
        lost=min(1.0, over * waiting / arrivals),
        waiting=waiting,
        present=waiting + working,
        busy=working / people if people else 0.0,
    )


def needed(arrivals: float, most_lost: float, *, handled: float = HANDLED, over: float, most: int = 1000) -> int | None:
    """The smallest number of people with whom less than `most_lost` (0 to 1) is lost; None: not even `most`."""
    if steady(arrivals, most, handled=handled, over=over).lost >= most_lost:
        return None
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if steady(arrivals, middle, handled=handled, over=over).lost < most_lost:
            high = middle
        else:
            low = middle + 1
    return low


def _weights(arrivals: float, people: int, handled: float, over: float) -> dict[int, float]:
    """State → weight, relative to the likeliest, walking both ways from it until nothing is left."""

    def ending(state: int) -> float:
        return min(state, people) * handled + max(0, state - people) * over

    peak = _peak(arrivals, people, handled, over)
    found = {peak: 1.0}
    log, state = 0.0, peak
    while log > -NEGLIGIBLE and state - peak < MOST_STATES:
        state += 1
        log += math.log(arrivals) - math.log(ending(state))
        found[state] = math.exp(log)
    log, state = 0.0, peak
    while log > -NEGLIGIBLE and state > 0:
        log += math.log(ending(state)) - math.log(arrivals)
        state -= 1
        found[state] = math.exp(log)
    return found


def _peak(arrivals: float, people: int, handled: float, over: float) -> int:
    """The state in which as much ends as comes."""
    if arrivals <= people * handled:
        return int(arrivals / handled)
    return people + int((arrivals - people * handled) / over)
