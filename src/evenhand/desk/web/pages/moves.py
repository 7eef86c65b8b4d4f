"""What a new platform document would move in the queue, as a part of its proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from msgspec import Struct

from evenhand.desk.cases.queries import moves
from evenhand.desk.cases.queries.moves import Move, Moves
from evenhand.engine.platform import Platform


class Row(Struct, frozen=True):
    """A case by its number: what it says is not shown here, whoever edits the document."""

    id: int
    kind: str
    policy: str
    before: int
    after: int
    by: int
    """How many places it moves: up is positive."""


def panel(request: HttpRequest, old: Platform, new: Platform) -> SafeString:
    """Empty where the order stays as it is."""
    if not moves.concerns(old, new):
        return SafeString()
    found = moves.moves(new)
    names = {one.id: one.name for one in new.policies} | {one.id: one.name for one in new.item_types}
    context = {
        "moves": found,
        "biggest": list(_rows(found.biggest, names)),
        "pages": list(_pages(found, names)),
        "page": moves.PAGE,
    }
    return render_to_string("web/parts/moves.html", context, request)


def _rows(some: Sequence[Move], names: Mapping[str, str]) -> Iterator[Row]:
    for one in some:
        kind, policy = (names.get(id_ or "", id_ or "") for id_ in (one.case.item_type, one.policy))
        yield Row(one.case.pk, kind, policy, one.before, one.after, one.before - one.after)


def _pages(found: Moves, names: Mapping[str, str]) -> Iterator[tuple[Row, Row]]:
    """The first page as it is and as it would be, side by side."""
    return zip(_rows(found.before, names), _rows(found.after, names), strict=False)
