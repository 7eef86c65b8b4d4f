"""Labels on an item and its author, why they are there, and which could be set by hand."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.fields import from_micros, now_micros
from evenhand.desk.rules import queries
from evenhand.desk.rules.queries import Mark
from evenhand.desk.web.pages.rules.said import said
from evenhand.engine.model import Ref
from evenhand.engine.rules.tree import Label

CHIPS = {"negative": "chip-warn", "positive": "chip-good"}


class Marked(Struct, frozen=True):
    """A label that counts now. `whose`: the item's or the author's, in words."""

    whose: str
    entity: Ref
    mark: Mark
    chip: str
    who: str
    rule: str
    """The rule that set it; "" for a person's."""
    told: str
    """Why."""
    since: datetime
    until: datetime | None


class Whom(Struct, frozen=True):
    """An entity that can be marked by hand. `key` is what the form sends: its number in the list."""

    key: str
    entity: Ref
    told: str


class Marks(Struct, frozen=True):
    marked: list[Marked]
    whom: list[Whom]
    labels: list[str]
    """Those that the project declares; where it declares none, any word is one."""


def marks(item: Ref, author: Ref | None) -> Marks:
    """Rules name entities in their own words: an item and its author are looked for under each type that labels are
    declared for, besides their own."""
    declared = _declared()
    types = dict.fromkeys(one for label in declared.values() for one in label.valid_for)
    about = {**_entities(item, types, _("item")), **(_entities(author, types, _("author")) if author else {})}
    found = queries.of_entities(list(about), now=now_micros())
    marked = [_marked(about[ref], ref, mark, declared.get(mark.label)) for ref in about for mark in found.get(ref, [])]
    return Marks(marked, _whom(about, types), sorted(declared))


def _declared() -> dict[str, Label]:
    running = queries.current()
    return running.rules.program.labels if running.rules else {}


def _entities(ref: Ref, types: dict[str, None], whose: str) -> dict[Ref, str]:
    return dict.fromkeys([ref, *(Ref(type_, ref.id) for type_ in types)], whose)


def _whom(about: dict[Ref, str], types: dict[str, None]) -> list[Whom]:
    """Whom the form offers: under the types that labels are declared for, or under their own without any."""
    known = [ref for ref in about if not types or ref.type in types]
    return [Whom(f"{ref.type} {ref.id}", ref, f"{about[ref]}: {ref.type} {ref.id}") for ref in known]


def _marked(whose: str, ref: Ref, mark: Mark, label: Label | None) -> Marked:
    origin, _sep, name = mark.by.partition(":")
    return Marked(
        whose=whose,
        entity=ref,
        mark=mark,
        chip=CHIPS.get(label.connotation, "") if label else "",
        who=name if origin in ("user", "rule") else mark.by,
        rule=name if origin == "rule" else "",
        told=said(name, mark.reason) if origin == "rule" else mark.reason,
        since=from_micros(mark.since),
        until=from_micros(mark.expires_at) if mark.expires_at is not None else None,
    )
