"""Changes as the console shows them: what goes crossed out, what comes underlined, what stays between. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from evenhand.desk.policies import labels
from evenhand.engine.platform import Change, Edit
from evenhand.engine.platform.words import worded

MOST_WORDS = 2000
"""Longer texts are shown whole, before and after: comparing their words would take too long."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


How = Literal["same", "gone", "new"]


class Part(Struct, frozen=True):
    how: How
    text: str


class Line(Struct, frozen=True):
    """One key that differs."""

    label: str
    parts: tuple[Part, ...]


class Shown(Struct, frozen=True):
    """One change. `noun` is the kind of object in the reader's language."""

    kind: str
    section: str
    id: str
    name: str
    noun: str
    lines: tuple[Line, ...]


def show(changes: Sequence[Change]) -> list[Shown]:
    return [
        Shown(
            kind=change.kind,
            section=change.section,
            id=change.id,
            name=change.name,
            noun=str(labels.NOUNS[change.section]),
            lines=tuple(Line(_label(edit.field), tuple(parts(edit))) for edit in change.edits),
        )
        for change in changes
    ]


def parts(edit: Edit) -> Iterator[Part]:
    """What to show for one key, in reading order. A text without what is new is the old text, and the reverse."""
    before, after = edit.before, edit.after
    if isinstance(before, str) and isinstance(after, str):
        yield from _words(before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _elements([worded(one) for one in before], [worded(one) for one in after])
    else:
        yield from _whole(before, after)


def _words(before: str, after: str) -> Iterator[Part]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        yield from _whole(before, after)
        return
    for how, some in _compared(old, new):
        yield Part(how, "".join(some))


def _elements(before: Sequence[str], after: Sequence[str]) -> Iterator[Part]:
    for number, (how, some) in enumerate(_compared(before, after)):
        if number:
            yield Part("same", ", ")
        yield Part(how, ", ".join(some))


def _whole(before: Any, after: Any) -> Iterator[Part]:
    if before not in (None, ""):
        yield Part("gone", worded(before))
    if after not in (None, ""):
        yield Part("new", worded(after))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[How, Sequence[str]]]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", old[a:b]
            continue
        if a < b:
            yield "gone", old[a:b]
        if c < d:
            yield "new", new[c:d]


def _label(field: str) -> str:
    """The key's label, and what it is about: "Fields, title, Type"."""
    first, *rest = field.split(".")
    last = [str(labels.KEYS.get(word, word)) for word in rest]
    return ", ".join([str(labels.KEYS.get(first, first)), *last])
