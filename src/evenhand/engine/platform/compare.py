"""What differs between two platform documents, field by field, as data and as plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from evenhand.engine.platform.document import SECTIONS, Platform
from evenhand.engine.platform.problems import quoted, shortened
from evenhand.engine.platform.words import worded

NOUNS = {
    "platform": "Platform",
    "item_types": "Item type",
    "policies": "Policy",
    "actions": "Action",
    "destinations": "Destination",
    "queues": "Queue",
    "lists": "List",
    "templates": "Template",
}
LISTED = 5
"""How many elements of a longer list a sentence names."""


class Edit(Struct, frozen=True):
    """One field that differs. `field` is its path in the object, `fields.title.type`; None stands for "not there"."""

    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if isinstance(self.before, list) and isinstance(self.after, list) and not self.field.endswith("order"):
            return f"{self.field}: {'; '.join(_members(self.before, self.after))}"
        if self.before is None:
            return f"{self.field}: {_told(self.after)}"
        if self.after is None:
            return f"{self.field}: {_told(self.before)} is gone"
        return f"{self.field}: {_told(self.before)} → {_told(self.after)}"


class Change(Struct, frozen=True):
    """One object that differs. `section` is "platform" or one of the document's lists.

    "ordered" says that a section's objects stand in another order; it has no id.
    """

    kind: Literal["added", "changed", "removed", "ordered"]
    section: str
    id: str = ""
    name: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def title(self) -> str:
        noun = NOUNS[self.section]
        if not self.id:
            return noun
        return f"{noun} {quoted(self.id)}" if self.name in {"", self.id} else f"{noun} {quoted(self.id)} ({self.name})"

    def __str__(self) -> str:
        if self.kind == "added":
            return f"{self.title} is new"
        if self.kind == "removed":
            return f"{self.title} is removed"
        return f"{self.title}: {'; '.join(map(str, self.edits))}"


def diff(old: Platform, new: Platform) -> list[Change]:
    """What turns `old` into `new`: empty exactly when they are equal."""
    changes = []
    own = tuple(_edits(_own(old), _own(new)))
    if own:
        changes.append(Change("changed", "platform", edits=own))
    for section in SECTIONS:
        changes.extend(_section(section, getattr(old, section), getattr(new, section)))
    return changes


def _own(platform: Platform) -> dict[str, Any]:
    """The document's own fields, without its lists."""
    return {name: value for name, value in msgspec.structs.asdict(platform).items() if name not in SECTIONS}


def _section(section: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    before = {thing.id: thing for thing in old}
    after = {thing.id: thing for thing in new}
    for key, thing in before.items():
        if key not in after:
            yield Change("removed", section, key, _name(thing))
    for key, thing in after.items():
        if key not in before:
            yield Change("added", section, key, _name(thing), tuple(_set_fields(thing)))
        elif edits := tuple(_edits(msgspec.structs.asdict(before[key]), msgspec.structs.asdict(thing))):
            yield Change("changed", section, key, _name(thing), edits)
    if order := _order(before, after):
        yield Change("ordered", section, edits=(order,))


def _name(thing: Any) -> str:
    return getattr(thing, "name", "")


def _order(before: dict[str, Any], after: dict[str, Any]) -> Edit | None:
    """The order that follows from removing and appending, and the one that is there instead."""
    appended = [*(key for key in before if key in after), *(key for key in after if key not in before)]
    return Edit("order", appended, list(after)) if appended != list(after) else None


def _set_fields(thing: Struct) -> Iterator[Edit]:
    values = _plain(thing)
    return (Edit(field, None, value) for field, value in values.items() if field not in {"id", "name"})


def _edits(old: dict[str, Any], new: dict[str, Any], path: str = "") -> Iterator[Edit]:
    for key in {**old, **new}:
        yield from _edit(f"{path}{key}", old.get(key), new.get(key))


def _edit(field: str, before: Any, after: Any) -> Iterator[Edit]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _edits(before, after, f"{field}.")
    elif isinstance(before, Struct) and isinstance(after, Struct):
        yield from _edits(msgspec.structs.asdict(before), msgspec.structs.asdict(after), f"{field}.")
    elif _has_parts(before) or _has_parts(after):
        yield from _parts(field, before, after)
    else:
        yield Edit(field, _plain(before), _plain(after))


def _plain(value: Any) -> Any:
    """As JSON has it: tables, lists, texts, numbers."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _has_parts(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(part, Struct) for part in value)


def _parts(field: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Edit]:
    """Fields of an item type, parameters of an action: compared by name."""
    before = {part.name: part for part in old}
    after = {part.name: part for part in new}
    yield from _edits(before, after, f"{field}.")
    if order := _order(before, after):
        yield Edit(f"{field}.order", order.before, order.after)


def _members(before: list[Any], after: list[Any]) -> Iterator[str]:
    added = [one for one in after if one not in before]
    removed = [one for one in before if one not in after]
    if added:
        yield f"{_listed(added)} added"
    if removed:
        yield f"{_listed(removed)} removed"
    if not added and not removed:
        yield f"order now {_listed(after)}"


def _told(value: Any) -> str:
    """Texts and numbers as the document would show them, what has parts in words."""
    return shortened(worded(value)) if isinstance(value, dict | list) else quoted(value)


def _listed(values: list[Any]) -> str:
    shown = ", ".join(map(quoted, values[:LISTED]))
    return f"{shown} and {len(values) - LISTED} more" if len(values) > LISTED else shown
