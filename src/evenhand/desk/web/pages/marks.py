"""Labels on an item and its author, why they are there, and which could be set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.fields import from_micros, now_micros
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries
from evenhand.desk.rules.queries import Mark
from evenhand.desk.web.pages.rules.said import said
from evenhand.engine.model import Ref
from evenhand.engine.rules.tree import Call, Expr, Label, Literal

ITEM = "$.evenhand.item.id"
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


class Offered(Struct, frozen=True):
    """A label that can be set by hand, and the types of entities that it is for; () for all."""

    name: str
    valid_for: tuple[str, ...]

    def fits(self, entity: Ref) -> bool:
        return not self.valid_for or entity.type in self.valid_for


class Marks(Struct, frozen=True):
    marked: list[Marked]
    whom: list[Whom]
    labels: list[Offered]
    """Those that the project declares for one of `whom`; where it declares none, any word is one."""


def marks(item: Ref, author: Ref | None) -> Marks:
    """Rules name entities in their own words: an item and its author are looked for under each type that labels are
    declared for, besides their own. By hand, only what exists is marked."""
    declared = _declared()
    types = dict.fromkeys(one for label in declared.values() for one in label.valid_for)
    about = {**_entities(item, types, _("item")), **(_entities(author, types, _("author")) if author else {})}
    found = queries.of_entities(list(about), now=now_micros())
    marked = [_marked(about[ref], ref, mark, declared.get(mark.label)) for ref in about for mark in found.get(ref, [])]
    if not all(label.valid_for for label in declared.values()):
        types |= dict.fromkeys(one.type for one in (author, item) if one)
    whom = _whom(item, author, types)
    labels = [Offered(name, label.valid_for) for name, label in sorted(declared.items())]
    return Marks(marked, whom, [one for one in labels if any(one.fits(some.entity) for some in whom)])


def _declared() -> dict[str, Label]:
    running = queries.current()
    return running.rules.program.labels if running.rules else {}


def _entities(ref: Ref, types: dict[str, None], whose: str) -> dict[Ref, str]:
    return dict.fromkeys([ref, *(Ref(type_, ref.id) for type_ in types)], whose)


def _whom(item: Ref, author: Ref | None, types: dict[str, None]) -> list[Whom]:
    """Whom the form offers, the author first; under types that labels are declared for, if any are."""
    found = [(author, _("author"))] if author else []
    known = [
        (Ref(type_, ref.id), whose)
        for ref, whose in [*found, (item, _("item"))]
        for type_ in (types or [ref.type])
        if ref == _meant(type_, item, author)
    ]
    return [Whom(f"{ref.type} {ref.id}", ref, f"{whose}: {ref.type} {ref.id}") for ref, whose in known]


def _meant(type_: str, item: Ref, author: Ref | None) -> Ref | None:
    """Whose entity of this type is. A type of the platform is its own only; another is a word of the rules: for the
    item, where rules read it so or it is called like the item's; else for who made it, as labels mostly are."""
    if author and type_ == author.type:
        return author
    if type_ == item.type:
        return item
    if type_ in policies.current().item_types:
        return None
    return item if author is None or type_.lower() == item.type.lower() or type_ in _read_of_items() else author


def _read_of_items() -> set[str]:
    """The types under which the rules name the item itself."""
    running = queries.current()
    values = [one.value for one in running.rules.program.definitions.values()] if running.rules else []
    return {type_ for value in values for type_, path in _entity(value) if path == ITEM}


def _entity(value: Expr) -> Iterator[tuple[str, str]]:
    """Type and path of an entity that is read from the event."""
    if isinstance(value, Call) and value.function.name == "EntityJson":
        type_, path = (value.arguments.get(name) for name in ("type", "path"))
        if isinstance(type_, Literal) and isinstance(path, Literal):
            yield str(type_.value), str(path.value)


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
