"""What a judged person is told of an action: in their language where it is known, every placeholder filled, or nothing.

The platform document's templates come first; where none fits, the desk's own words (`evenhand/data/messages.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.intake.queries import facts as items
from evenhand.desk.policies.queries import Snapshot
from evenhand.engine.model import Item, Ref
from evenhand.engine.platform import Action, Template
from evenhand.engine.platform.snapshot import line
from evenhand.engine.platform.telling import DECISION, Told, Unfilled, When, candidates, fill

EXCERPT = 200
"""Longest part of an item's words that is quoted, in characters."""
LAST_RESORT = "en"
Whose = Literal["author", "item", "platform", "desk"]


class Occasion(Struct, frozen=True, kw_only=True):
    """An action on an item, as far as the person who made it hears of it."""

    when: When
    ref: Ref
    item: Item | None
    """None: the desk knows only its id."""
    action: Action
    policy: str | None
    decision: str
    at: datetime
    reason: str = ""
    until: datetime | None = None


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    template: tuple[Template, ...]


@cache
def built_in() -> tuple[Template, ...]:
    """The desk's own words, for each occasion, in English and German."""
    text = resources.files("evenhand.data").joinpath("messages.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _File).template


def told(occasion: Occasion, snapshot: Snapshot, *, strict: bool = False) -> Told | None:
    """The best words that can be filled in; None where there are none, or the action tells nobody.

    Raises Unfilled with `strict`: the best cannot be filled, and a person should say what is missing.
    """
    if not occasion.action.tells:
        return None
    spoken = [tag for tag, _whose in languages(occasion.item, snapshot)]
    return next(_filled(occasion, snapshot, spoken, strict=strict), None)


def statements(occasion: Occasion, snapshot: Snapshot) -> dict[str, str]:
    """By language: the best words in each that there is."""
    tags = dict.fromkeys(one.language for one in (*snapshot.platform.templates, *built_in()))
    found = {tag: next(_filled(occasion, snapshot, [tag]), None) for tag in tags}
    return {tag: one.text for tag, one in found.items() if one}


def known(ref: Ref) -> Item | None:
    """The item, as far as the desk knows it."""
    return items.items([ref]).get(ref)


def languages(item: Item | None, snapshot: Snapshot) -> list[tuple[str, Whose]]:
    """The languages to try, in their order, and whose each is: the author's, the item's, the platform's, English."""
    author = _author(item, snapshot)
    found: list[tuple[str, Whose]] = [(_language(author, snapshot), "author"), (_language(item, snapshot), "item")]
    found += [(snapshot.platform.language, "platform"), (LAST_RESORT, "desk")]
    return [(tag, whose) for tag, whose in found if tag]


def missing(hole: Unfilled) -> str:
    """A sentence for the moderator."""
    names = ", ".join(f"{{{name}}}" for name in hole.names)
    lack = _("The person would be told the template “%(template)s”, and nothing stands for %(names)s in it.")
    ask = _("Give a reason, or change the template.") if "reason" in hole.names else _("Change the template.")
    return lack % {"template": hole.template, "names": names} + " " + ask


def _filled(occasion: Occasion, snapshot: Snapshot, spoken: Iterable[str], *, strict: bool = False) -> Iterator[Told]:
    values = _values(occasion, snapshot)
    for template in candidates(
        snapshot.platform.templates,
        built_in(),
        when=occasion.when,
        policies=list(line(occasion.policy, snapshot.policies)),
        action=occasion.action.id,
        languages=list(spoken),
    ):
        if strict:
            yield fill(template, values)
        with suppress(Unfilled):
            yield fill(template, values)


def _values(occasion: Occasion, snapshot: Snapshot) -> dict[str, str]:
    policy = snapshot.policies.get(occasion.policy or "")
    item_type = snapshot.item_types.get(occasion.ref.type)
    name = item_type.name if item_type else occasion.ref.type
    return {
        "policy": policy.name if policy else "",
        "action": occasion.action.name,
        "reason": occasion.reason,
        "until": f"{occasion.until:%Y-%m-%d %H:%M} UTC" if occasion.until else "",
        "item_type": name,
        "item_excerpt": _excerpt(occasion.item.text if occasion.item else "") or name,
        "platform": snapshot.platform.name,
        "date": f"{occasion.at:%Y-%m-%d}",
        "appeal_url": (snapshot.platform.appeal_url or "").replace(DECISION, occasion.decision),
    }


def _excerpt(text: str) -> str:
    words = " ".join(text[: 2 * EXCERPT].split())
    return words if len(words) <= EXCERPT else words[:EXCERPT].rstrip() + "…"


def _author(item: Item | None, snapshot: Snapshot) -> Item | None:
    """Asked for only where authors have a language."""
    creator = item.creator if item else None
    if creator is None or not _field(creator.type, snapshot):
        return None
    return items.items([creator]).get(creator)


def _language(item: Item | None, snapshot: Snapshot) -> str:
    value = item.data.get(_field(item.ref.type, snapshot)) if item else None
    return value.strip() if isinstance(value, str) else ""


def _field(item_type: str, snapshot: Snapshot) -> str:
    """The field that tells the language; "" where none does."""
    found = snapshot.item_types.get(item_type)
    return next((one.name for one in found.fields if one.role == "language"), "") if found else ""
