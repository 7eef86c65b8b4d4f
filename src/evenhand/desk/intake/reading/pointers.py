"""Which other items an item points at, beside who made it and its thread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenhand.engine.model import Item, Ref

PARENT = "parent"
LONGEST_FIELD = 128
MOST = 50
"""Pointers of one item: a post that names more people than that tells of nobody in particular."""


def pointers(item: Item) -> list[tuple[str, Ref]]:
    """Field and what it points at; `parent` for what it answers. By the shape that `related` gives to such values."""
    found = dict.fromkeys([(PARENT, item.parent)] if item.parent else [])
    placed = {item.parent, item.creator, item.thread, item.ref}
    for field, value in item.data.items():
        if isinstance(value, dict | list):
            found |= dict.fromkeys((field[:LONGEST_FIELD], ref) for ref in _refs(value) if ref not in placed)
    return list(found)[:MOST]


def _refs(value: Any) -> Iterator[Ref]:
    if isinstance(value, dict):
        type_, id_ = value.get("typeId"), value.get("id")
        if isinstance(type_, str) and isinstance(id_, str):
            yield Ref(type_, id_)
            return
        value = list(value.values())
    for one in value:
        if isinstance(one, dict):
            yield from _refs(one)
