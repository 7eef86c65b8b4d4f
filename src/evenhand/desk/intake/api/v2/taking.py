"""Takes things in, one or many: reads each, keeps what may be kept, and tells what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from evenhand.desk.intake.api import drafts, identity, storing
from evenhand.desk.intake.api.bodies import Misfit
from evenhand.desk.intake.api.drafts import Draft, Read
from evenhand.desk.intake.api.operations import Answer, Call
from evenhand.desk.intake.api.problem_bodies import field_problems
from evenhand.desk.intake.api.refusals import CONFLICT, KEY_REUSED
from evenhand.desk.intake.api.v2.elements import Elements, is_atomic
from evenhand.desk.intake.api.v2.structs import Result, Results
from evenhand.engine.model import AppealMade, Body, Event

G = TypeVar("G")
Make = Callable[[Draft, G, str, str], Body | None]
"""Reads one thing: the draft, the thing, the pointer to it, and the id of the event that it becomes."""


def take(
    call: Call,
    elements: Elements[G],
    make: Make[G],
    name: Callable[[int, G], str],
    told: Callable[[G, str], str],
    *,
    keyed: bool = True,
) -> Answer:
    """`name` gives a thing its event id, `told` the id by which the sender knows it. `keyed`: the Idempotency-Key, when
    there is one, names the events."""
    names = ["" if isinstance(one, Misfit) else name(n, one) for n, one in enumerate(elements.given)]

    def read_one(draft: Draft, thing: G | Misfit, n: int) -> Body | None:
        if not isinstance(thing, Misfit):
            return make(draft, thing, elements.at[n], names[n])
        if thing.rest is not None:
            make(draft, thing.rest, elements.at[n], "")
        draft.problems = thing.and_of_rest(draft.problems)
        return None

    read: list[Read[Body]] = drafts.read(elements.given, read_one)
    if elements.around or is_atomic(call) or not any(one.body for one in read):
        drafts.whole([Read(None, list(elements.around)), *read])
    events = storing.events(((names[n], one.body) for n, one in enumerate(read) if one.body), call.source)
    _refuse_reuse(events, keyed=keyed and identity.has_key(call))
    fresh = iter(storing.keep(events))
    ids = [elements.ids[n] if isinstance(one, Misfit) else told(one, names[n]) for n, one in enumerate(elements.given)]
    return _answer([_result(n, ids[n], one, is_new=one.body is not None and next(fresh)) for n, one in enumerate(read)])


def _refuse_reuse(events: Sequence[Event], *, keyed: bool) -> None:
    """An appeal's own id is never that of another one, nor an Idempotency-Key that of another request."""
    storing.refuse_reuse([event for event in events if isinstance(event.body, AppealMade)], CONFLICT)
    if keyed:
        storing.refuse_reuse(events, KEY_REUSED)


def _result(n: int, id_: str, read: Read[Body], *, is_new: bool) -> Result:
    if read.body is None:
        return Result(n, id_, "refused", field_problems(read.problems))
    return Result(n, id_, "accepted" if is_new else "duplicate")


def _answer(results: list[Result]) -> Answer:
    status = 207 if any(one.status == "refused" for one in results) else 202
    return Answer(status, Results(results))
