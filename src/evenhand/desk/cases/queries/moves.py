"""What would move: the order of all open cases under another platform document, before it is applied."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries.standing import Standing, standing
from evenhand.desk.intake.queries import views
from evenhand.engine.platform import Platform
from evenhand.engine.triage import bulk
from evenhand.engine.triage.bulk import Ints, Places
from evenhand.engine.triage.exposure import model

PAGE = 20
BIGGEST = 10


class Move(Struct, frozen=True):
    """A case with its places before and after, from 1."""

    case: Case
    before: int
    after: int
    policy: str | None
    """The policy that it would stand there for."""


class Moves(Struct, frozen=True, kw_only=True):
    """`open`: how many cases wait. `changed`: how many change place. `lanes`: how many change lane."""

    open: int
    changed: int
    lanes: int
    biggest: tuple[Move, ...]
    before: tuple[Move, ...]
    """The first page as it is."""
    after: tuple[Move, ...]
    """The first page as it would be."""
    left_out: int = 0
    """Cases that were ranked before the desk kept what their place follows from: they are ranked when they are next
    touched."""


def concerns(old: Platform, new: Platform) -> bool:
    """Whether the order of cases may be another one: a policy's weight or lane differs, or it is new or gone."""

    def order(document: Platform) -> set[tuple[object, ...]]:
        return {(one.id, one.harm, one.lane, one.child_safety, one.retired) for one in document.policies}

    return order(old) != order(new)


def moves(new: Platform) -> Moves:
    """Takes about 10 µs for each open case."""
    cases, left_out = _waiting()
    columns = bulk.columns(one.basis for one in cases if one.basis is not None)
    policies = {policy.id: policy for policy in new.policies}
    after = bulk.places(columns, policies, model(views.half_life()))
    before = Places(
        np.array([one.lane for one in cases], dtype=np.int8),
        np.array([one.rank for one in cases], dtype=np.float64),
        after.policy,
    )
    return _compare(cases, columns.names, before, after, left_out)


def _waiting() -> tuple[list[Standing], int]:
    found = [one for part in standing() for one in part]
    cases = [one for one in found if one.basis is not None]
    return cases, len(found) - len(cases)


def _compare(cases: Sequence[Standing], names: Sequence[str], before: Places, after: Places, left_out: int) -> Moves:
    was, would = before.order(), after.order()
    old, new = _places(was), _places(would)
    far = np.argsort(-np.abs(new - old), kind="stable")[:BIGGEST]
    shown = {
        "biggest": [number for number in far.tolist() if old[number] != new[number]],
        "before": was[:PAGE].tolist(),
        "after": would[:PAGE].tolist(),
    }
    known = Case.objects.in_bulk({cases[number].id for numbers in shown.values() for number in numbers})

    def told(numbers: Sequence[int]) -> tuple[Move, ...]:
        return tuple(
            Move(known[cases[number].id], int(old[number]) + 1, int(new[number]) + 1, _name(after, names, number))
            for number in numbers
            if cases[number].id in known
        )

    return Moves(
        open=len(cases),
        changed=int((old != new).sum()),
        lanes=int((before.lane != after.lane).sum()),
        left_out=left_out,
        **{name: told(numbers) for name, numbers in shown.items()},
    )


def _places(order: Ints) -> Ints:
    """By case, from 0."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places


def _name(places: Places, names: Sequence[str], number: int) -> str | None:
    policy = int(places.policy[number])
    return names[policy] if policy >= 0 else None
