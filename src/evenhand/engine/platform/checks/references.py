"""References: what is named is there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from evenhand.engine.platform.document import Platform
from evenhand.engine.platform.problems import Problem, closest, quoted

Refer = Callable[[str, str | None, str], Iterator[Problem]]
NOUNS = {
    "item_types": "an item type",
    "policies": "a policy",
    "actions": "an action",
    "destinations": "a destination",
}


def check(platform: Platform) -> Iterator[Problem]:
    refer = _referrer({section: [thing.id for thing in getattr(platform, section)] for section in NOUNS})
    yield from refer("item_types", platform.default_item_type, "default_item_type")
    yield from refer("destinations", platform.appeal_destination, "appeal_destination")
    for at, policy in enumerate(platform.policies):
        yield from refer("policies", policy.parent, f"policies[{at}].parent")
        yield from refer("actions", policy.hold, f"policies[{at}].hold")
    for at, action in enumerate(platform.actions):
        yield from refer("destinations", action.destination, f"actions[{at}].destination")
        yield from refer("actions", action.undo, f"actions[{at}].undo")
        for nth, item_type in enumerate(action.applies_to):
            yield from refer("item_types", item_type, f"actions[{at}].applies_to[{nth}]")
    for at, queue in enumerate(platform.queues):
        for nth, policy_id in enumerate(queue.policies):
            yield from refer("policies", policy_id, f"queues[{at}].policies[{nth}]")
        for nth, item_type in enumerate(queue.item_types):
            yield from refer("item_types", item_type, f"queues[{at}].item_types[{nth}]")
    yield from _of_templates(platform, refer)
    for at, terms in enumerate(platform.lists):
        yield from refer("policies", terms.policy, f"lists[{at}].policy")


def _of_templates(platform: Platform, refer: Refer) -> Iterator[Problem]:
    for at, template in enumerate(platform.templates):
        for section in ("policies", "actions"):
            for nth, id_ in enumerate(getattr(template, section)):
                yield from refer(section, id_, f"templates[{at}].{section}[{nth}]")


def _referrer(known: dict[str, list[str]]) -> Refer:
    sets = {section: frozenset(ids) for section, ids in known.items()}

    def refer(section: str, named: str | None, path: str) -> Iterator[Problem]:
        if named is not None and named not in sets[section]:
            yield _missing(section, named, path, known[section])

    return refer


def _missing(section: str, named: str, path: str, known: Collection[str]) -> Problem:
    key = path.rpartition(".")[2].partition("[")[0]
    meant = closest(named, known)
    return Problem(
        path=path,
        expected=f"the id of {NOUNS[section]} in this document",
        found=quoted(named),
        meant=meant,
        example=f"{key} = {_example(path, meant or next(iter(known), '…'))}",
    )


def _example(path: str, known: str) -> str:
    return f"[{quoted(known)}]" if path.endswith("]") else quoted(known)
