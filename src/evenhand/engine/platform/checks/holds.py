"""Holds by licence: shares and hours that mean something, and an action to hold with."""

from __future__ import annotations

import math
from collections.abc import Iterator

from evenhand.engine.platform.document import Platform
from evenhand.engine.platform.problems import Problem

MOST_LIMIT = 0.5
"""With a higher one, more holds might be wrong than right."""
MOST_HOURS = 24 * 14


def check(platform: Platform) -> Iterator[Problem]:
    yield from _between(platform.hold_budget, 0, 1, "hold_budget", "0.02")
    for at, policy in enumerate(platform.policies):
        place = f"policies[{at}]"
        yield from _between(policy.hold_limit, 0, MOST_LIMIT, f"{place}.hold_limit", "0.05")
        yield from _between(policy.hold_budget, 0, 1, f"{place}.hold_budget", "0.02")
        if not 0 < policy.hold_hours <= MOST_HOURS:
            expected = f"a number of hours, more than 0, at most {MOST_HOURS}"
            yield Problem(
                path=f"{place}.hold_hours", expected=expected, found=str(policy.hold_hours), example="hold_hours = 24"
            )
        if policy.hold_limit > 0 and policy.hold is None:
            yield _no_action(place)


def _between(value: float, low: float, high: float, path: str, example: str) -> Iterator[Problem]:
    if not (math.isfinite(value) and low <= value <= high):
        name = path.rpartition(".")[2]
        yield Problem(
            path=path, expected=f"a share from {low} to {high}", found=str(value), example=f"{name} = {example}"
        )


def _no_action(place: str) -> Problem:
    return Problem(
        path=f"{place}.hold_limit",
        expected="a policy that names an action to hold with (`hold`)",
        found="no such action",
        example='hold = "hide"',
    )
