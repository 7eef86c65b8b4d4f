"""Which part of the queue a program works through: as the console filters it, or as a view that was saved there."""

from __future__ import annotations

from msgspec import Struct

from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import views
from evenhand.desk.cases.queries.views import FIELDS, SAVED, Part
from evenhand.desk.enforcement.api.person import deciding
from evenhand.desk.intake.api import paging
from evenhand.desk.intake.api.operations import Answer, Call, Operation, Parameter
from evenhand.desk.intake.api.refusals import invalid

KINDS = ("review", "appeal")


class ViewOut(Struct, frozen=True):
    """A part of the queue that was saved in the console. `part` holds the filters that make it."""

    id: int
    name: str
    owner: str
    shared_with: str | None
    part: dict[str, str]


class ViewsOut(Struct, frozen=True):
    items: list[ViewOut]


PARAMETERS = (
    Parameter("queue", "query", "Only cases of the queue with this id"),
    Parameter("policy", "query", "Only those that propose the policy with this id"),
    Parameter("lane", "query", "Only those of this lane", schema={"type": "string", "enum": list(views.LANES)}),
    Parameter("item_type", "query", "Only those on items of this type"),
    Parameter("kind", "query", "Only first looks, or only appeals", schema={"type": "string", "enum": list(KINDS)}),
    Parameter("author", "query", "Only those on items of the user with this id"),
    Parameter(
        "view",
        "query",
        "The part that was saved as the view with this number, in the place of all others",
        schema={"type": "integer", "minimum": 1},
    ),
)


def part(call: Call, user: User) -> str | None:
    """As `views.part` reads it; None for all. Raises Refused."""
    given = {name: value for name in FIELDS if (value := paging.word(call, name))}
    for name, known in (("lane", views.LANES), ("kind", KINDS)):
        if name in given and given[name] not in known:
            raise invalid(f"The query parameter `{name}` is one of {', '.join(known)}.")
    view = call.query("view")
    if view is None:
        return Part.of(given).text or None
    if given:
        raise invalid(f"A `view` says all: leave {', '.join(f'`{name}`' for name in given)} out.")
    if view not in {str(one.pk) for one in views.views(user)}:
        raise invalid("There is no such view of theirs, nor one that is shared with a role of theirs.")
    return f"{SAVED}{view}"


def list_views(call: Call) -> Answer:
    found = views.views(deciding(call))
    return Answer(200, ViewsOut([_view(one) for one in found]))


def _view(one: views.SavedView) -> ViewOut:
    return ViewOut(one.pk, one.name, one.owner.pseudonym, one.shared_with or None, Part.of(one.part).fields)


OPERATIONS = (
    Operation(
        method="GET", path="/v2/queue/views", scopes=("moderate",), handle=list_views, name="listViews",
        summary="Parts of the queue that were saved in the console",
        details="Their own, and those that are shared with a role of theirs: `view` in `listQueue` and `takeNextCase`.",
        answers={200: ViewsOut}, refuses=(403,),
    ),
)  # fmt: skip
