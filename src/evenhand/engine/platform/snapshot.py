"""A version of the platform document, made ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from evenhand.engine.platform.document import (
    CHILD_SAFETY_QUEUE,
    DEFAULT_QUEUE,
    Action,
    Destination,
    ItemType,
    Platform,
    Policy,
    Queue,
    WordList,
)

_DEFAULT = Queue(id=DEFAULT_QUEUE, name="Default")
_CHILD_SAFETY = Queue(id=CHILD_SAFETY_QUEUE, name="Child safety", roles=("child_safety",))


class Snapshot(Struct, frozen=True, kw_only=True, eq=False):
    """`version` 0 is the empty platform, before anything was applied."""

    version: int
    platform: Platform
    item_types: dict[str, ItemType]
    policies: dict[str, Policy]
    actions: dict[str, Action]
    destinations: dict[str, Destination]
    queues: dict[str, Queue]
    """In the document's order, then those that are built in."""
    lists: dict[str, WordList]
    policy_versions: dict[str, int]
    """The version at which each policy's own words last changed."""

    def queue_for(self, policy: str | None, item_type: str) -> str:
        """Id of the first queue that takes a case of this policy and item type."""
        above = set(line(policy, self.policies))
        for_children = policy in self.policies and self.policies[policy].child_safety
        for queue in self.queues.values():
            if _takes(queue, above, item_type) and (is_kept_apart(queue) or not for_children):
                return queue.id
        return CHILD_SAFETY_QUEUE if for_children else DEFAULT_QUEUE

    def action_name(self, action: str) -> str:
        """The action's name; its id when this version does not know it."""
        return self.actions[action].name if action in self.actions else action


def snapshot(version: int, platform: Platform, policy_versions: Mapping[str, int]) -> Snapshot:
    queues = {queue.id: queue for queue in platform.queues}
    found = Snapshot(
        version=version,
        platform=platform,
        item_types={item_type.id: item_type for item_type in platform.item_types},
        policies={policy.id: policy for policy in platform.policies},
        actions={action.id: action for action in platform.actions},
        destinations={destination.id: destination for destination in platform.destinations},
        queues=queues,
        lists={terms.id: terms for terms in platform.lists},
        policy_versions=dict(policy_versions),
    )
    if any(found.queue_for(policy.id, "") == CHILD_SAFETY_QUEUE for policy in platform.policies):
        queues.setdefault(CHILD_SAFETY_QUEUE, _CHILD_SAFETY)
    queues.setdefault(DEFAULT_QUEUE, _DEFAULT)
    return found


def line(policy: str | None, policies: Mapping[str, Policy]) -> Iterator[str]:
    """The policy and those above it, up to the root. Ends also where parents go round in a circle."""
    seen: set[str] = set()
    while policy is not None and policy in policies and policy not in seen:
        seen.add(policy)
        yield policy
        policy = policies[policy].parent


def tree(policies: Iterable[Policy]) -> list[tuple[int, Policy]]:
    """Each policy with its depth (0 for a root), parents before children, else in the document's order."""
    children: dict[str | None, list[Policy]] = {}
    for policy in policies:
        children.setdefault(policy.parent, []).append(policy)
    found: list[tuple[int, Policy]] = []
    waiting = [(0, policy) for policy in reversed(children.get(None, []))]
    while waiting:
        depth, policy = waiting.pop()
        found.append((depth, policy))
        waiting.extend((depth + 1, child) for child in reversed(children.get(policy.id, [])))
    return found


def is_kept_apart(queue: Queue) -> bool:
    """Whether only people with the role child_safety work in it."""
    return set(queue.roles) == {"child_safety"}


def _takes(queue: Queue, above: set[str], item_type: str) -> bool:
    if not (queue.policies or queue.item_types):
        return False
    by_policy = not queue.policies or not above.isdisjoint(queue.policies)
    by_type = not queue.item_types or item_type in queue.item_types
    return by_policy and by_type
