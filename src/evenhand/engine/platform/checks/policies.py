"""Policies: a tree without cycles, with weights that mean something."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from evenhand.engine.platform.document import Action, Platform, Policy
from evenhand.engine.platform.problems import Problem, closest, quoted


def check(platform: Platform, categories: Collection[str]) -> Iterator[Problem]:
    known = {policy.id: policy for policy in platform.policies}
    actions = {action.id: action for action in platform.actions}
    place = {policy.id: f"policies[{at}]" for at, policy in enumerate(platform.policies)}
    for at, policy in enumerate(platform.policies):
        path = f"policies[{at}]"
        if not (math.isfinite(policy.harm) and policy.harm > 0):
            yield Problem(
                path=f"{path}.harm", expected="a number more than 0", found=str(policy.harm), example="harm = 5"
            )
        if policy.child_safety and policy.like_decided != "ask":
            yield Problem(
                path=f"{path}.like_decided",
                expected='"ask", because people decide each case of child safety',
                found=quoted(policy.like_decided),
                example='like_decided = "ask"',
            )
        if policy.dsa is not None and policy.dsa not in categories:
            yield _category(policy.dsa, f"{path}.dsa", categories)
        if hold := actions.get(policy.hold or ""):
            yield from _hold(hold, f"{path}.hold")
        parent = known.get(policy.parent or "")
        if parent and parent.child_safety and not policy.child_safety:
            yield Problem(
                path=f"{path}.child_safety",
                expected=f"true, because its parent {quoted(parent.id)} is about child safety",
                found="false",
                example="child_safety = true",
            )
    for cycle in cycles(known):
        yield Problem(
            path=f"{place[cycle[0]]}.parent",
            expected="a tree: no policy is above itself",
            found=f"the circle {' → '.join(map(quoted, [*cycle, cycle[0]]))}",
        )


def _hold(action: Action, path: str) -> Iterator[Problem]:
    """A hold is reversible, and needs nobody."""
    expected = "an action with an undo, in use, that one person may take and that needs no parameter"
    if action.undo is None:
        yield Problem(path=path, expected=expected, found=f"{quoted(action.id)}, which cannot be taken back")
    elif action.retired or action.two_person:
        why = "retired" if action.retired else "which takes two people"
        yield Problem(path=path, expected=expected, found=f"{quoted(action.id)}, {why}")
    elif needed := [one.name for one in action.parameters if one.required and one.default is None]:
        yield Problem(path=path, expected=expected, found=f"{quoted(action.id)}, which needs {quoted(needed)}")


def cycles(policies: dict[str, Policy]) -> Iterator[list[str]]:
    """Each circle of parents once, beginning with the policy that comes first in the document."""
    done: set[str] = set()
    for start in policies:
        trail: dict[str, None] = {}
        at: str | None = start
        while at is not None and at in policies and at not in done and at not in trail:
            trail[at] = None
            at = policies[at].parent
        if at in trail:
            steps = list(trail)
            yield _from_first(steps[steps.index(at) :], policies)
        done.update(trail)


def _from_first(circle: list[str], policies: dict[str, Policy]) -> list[str]:
    order = list(policies)
    first = circle.index(min(circle, key=order.index))
    return circle[first:] + circle[:first]


def _category(found: str, path: str, categories: Collection[str]) -> Problem:
    near = closest(found, categories) or closest(f"STATEMENT_CATEGORY_{found}", categories)
    return Problem(
        path=path,
        expected="a category of the EU transparency database",
        found=quoted(found),
        meant=near,
        example='dsa = "STATEMENT_CATEGORY_CYBER_VIOLENCE"',
    )
