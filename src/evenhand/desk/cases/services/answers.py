"""Reads what the platform answered when it was asked for items: the same shapes, coercions and errors as at intake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evenhand.desk.intake.api import bodies, drafts
from evenhand.desk.intake.api.refusals import Refused
from evenhand.desk.intake.api.v1.items import sent
from evenhand.desk.intake.api.v1.structs import ItemInV1, ItemsInV1
from evenhand.desk.intake.reading.problems import Problem
from evenhand.engine.model import ItemSent, Ref

_SHOWN = 200


class Unusable(Exception):
    """The answer as a whole cannot be trusted; its text is a sentence that says why."""


def read(body: bytes, asked: Sequence[Ref]) -> Mapping[Ref, ItemSent | str]:
    """Each item that was answered: what it says, or the sentence why it cannot be read. Raises Unusable."""
    try:
        given = bodies.decode(body, ItemsInV1).items
    except Refused as error:
        detail = _told(error.problems) if error.problems else error.detail
        raise Unusable(f"The answer cannot be read: {detail}") from None
    refs = [_ref(one) for one in given]
    _check(refs, asked)
    found = drafts.read(given, sent)
    return {ref: one.body or _told(one.problems) for ref, one in zip(refs, found, strict=True)}


def _ref(given: ItemInV1) -> Ref:
    return Ref(given.type_id or (given.type.id if given.type else ""), given.id)


def _check(refs: Sequence[Ref], asked: Sequence[Ref]) -> None:
    others = set(refs) - set(asked)
    if others:
        raise Unusable(f"It answered {_shown(min(others))}, which was not asked for.")
    if len(set(refs)) < len(refs):
        twice = next(ref for n, ref in enumerate(refs) if ref in refs[:n])
        raise Unusable(f"It answered {_shown(twice)} twice.")


def _shown(ref: Ref) -> str:
    return f"{ref.type[:_SHOWN] or 'an item without a type'} {ref.id[:_SHOWN]}"


def _told(problems: Sequence[Problem]) -> str:
    first = problems[0]
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{first.pointer or '/'}: {first.reason}{more}"
