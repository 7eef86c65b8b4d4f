"""Queues: who works in them, and that child safety stays with those who may see it."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.engine.platform.document import CHILD_SAFETY_QUEUE, DEFAULT_QUEUE, Platform, Queue
from evenhand.engine.platform.problems import Problem, quoted
from evenhand.engine.platform.snapshot import is_kept_apart


def check(platform: Platform) -> Iterator[Problem]:
    children = {policy.id for policy in platform.policies if policy.child_safety}
    for at, queue in enumerate(platform.queues):
        path = f"queues[{at}]"
        if not queue.roles:
            example = 'roles = ["moderator"]'
            yield Problem(path=f"{path}.roles", expected="at least one role", found="none", example=example)
        elif not is_kept_apart(queue) and (reason := _for_children(queue, children)):
            yield Problem(
                path=f"{path}.roles",
                expected=f"the role child_safety alone, because {reason}",
                found=", ".join(queue.roles),
                example='roles = ["child_safety"]',
            )
        if queue.id == DEFAULT_QUEUE and (queue.policies or queue.item_types):
            key = "policies" if queue.policies else "item_types"
            expected = f'nothing, because "{DEFAULT_QUEUE}" takes whatever no other queue takes'
            yield Problem(path=f"{path}.{key}", expected=expected, found=quoted(getattr(queue, key)))


def _for_children(queue: Queue, children: set[str]) -> str:
    """Why the queue is about child safety; "" when it is not."""
    if queue.id == CHILD_SAFETY_QUEUE:
        return "this queue takes what no other queue for child safety takes"
    named = [policy for policy in queue.policies if policy in children]
    return f"the policy {quoted(named[0])} is about child safety" if named else ""
