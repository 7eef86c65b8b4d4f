"""What spares people: numbers that mean something, and rules that are named once."""

from __future__ import annotations

import math
from collections.abc import Iterator

from evenhand.engine.platform.document import Platform
from evenhand.engine.platform.problems import Problem, quoted

OF_PLATFORM = ("pages_a_night", "in_a_row")
OF_POLICY = ("looks_a_day", "clear_seconds_a_day", "pause_minutes")
LEAST_MINUTES = 1.0


def check(platform: Platform) -> Iterator[Problem]:
    for name in OF_PLATFORM:
        yield from _number(getattr(platform, name), name)
    for at, policy in enumerate(platform.policies):
        for name in OF_POLICY:
            yield from _number(getattr(policy, name), f"policies[{at}].{name}")
    if not (math.isfinite(platform.page_again_minutes) and platform.page_again_minutes >= LEAST_MINUTES):
        yield Problem(
            path="page_again_minutes",
            expected="a number of minutes, at least 1",
            found=str(platform.page_again_minutes),
            example="page_again_minutes = 10",
        )
    for name in {name for name in platform.page_rules if platform.page_rules.count(name) > 1}:
        yield Problem(path="page_rules", expected="each rule once", found=f"{quoted(name)} twice")


def _number(value: float, path: str) -> Iterator[Problem]:
    if not (math.isfinite(value) and value >= 0):
        name = path.rpartition(".")[2]
        yield Problem(path=path, expected="0 (no limit) or more", found=str(value), example=f"{name} = 20")
