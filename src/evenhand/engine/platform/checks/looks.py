"""Second looks: a share that is one, and a time after which nobody remembers."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.engine.platform.document import Platform
from evenhand.engine.platform.problems import Problem

LEAST_DAYS, MOST_DAYS = 1, 365


def check(platform: Platform) -> Iterator[Problem]:
    if not LEAST_DAYS <= platform.repeat_days <= MOST_DAYS:
        yield Problem(
            path="repeat_days",
            expected=f"a number of days from {LEAST_DAYS} to {MOST_DAYS}",
            found=str(platform.repeat_days),
            example="repeat_days = 14",
        )
    for at, policy in enumerate(platform.policies):
        if not 0 <= policy.second_looks <= 1:
            yield Problem(
                path=f"policies[{at}].second_looks",
                expected="a share from 0 to 1",
                found=str(policy.second_looks),
                example="second_looks = 0.02",
            )
