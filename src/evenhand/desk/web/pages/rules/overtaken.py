"""What somebody else published while a person wrote: what it changed, what would be lost, and the ways on."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from msgspec import Struct

from evenhand.desk.rules import editing, queries
from evenhand.desk.rules.difference import Change, difference
from evenhand.desk.rules.merging import together


class Overtaken(Struct, frozen=True):
    """`begun`: the version that the person began with; `version`: the one in force now, and who published it.

    `theirs`: what changed from the one to the other. `lost`: what publishing the person's own over it would do to what
    they changed. `clashes`: the paths where both changed the same lines; without any, both fit together.
    """

    begun: int
    version: int
    by: str
    note: str
    theirs: list[Change]
    lost: list[Change]
    clashes: list[str]


def overtaken(begun: int, now: int, mine: Mapping[str, str], *, actor: str) -> Overtaken:
    """`actor`: who wrote."""
    before, after = editing.texts_of(begun), editing.texts_of(now)
    theirs = difference(before, after)
    changed = {one.path for one in theirs}
    stored = queries.stored(now)
    return Overtaken(
        begun=begun,
        version=now,
        by=_name(stored.published_by, actor) if stored else "",
        note=stored.note if stored else "",
        theirs=theirs,
        lost=[one for one in difference(after, mine) if one.path in changed],
        clashes=together(before, mine, after).clashes,
    )


def _name(by: str, actor: str) -> str:
    """As people call them; of other origins, as they are kept."""
    return _("You, in another window,") if by == actor else by.removeprefix("user:")
