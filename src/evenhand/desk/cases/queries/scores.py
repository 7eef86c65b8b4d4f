"""How likely open cases are to break the policy that they propose, as the order of cases weighed it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from msgspec import Struct

from evenhand.desk import sql
from evenhand.desk.cases.queries.standing import basis_column
from evenhand.desk.fields import now_micros
from evenhand.desk.intake.queries import views
from evenhand.engine.model import Ref
from evenhand.engine.triage import exposure
from evenhand.engine.triage.basis import Basis
from evenhand.engine.triage.holds import worth
from evenhand.engine.triage.lane import NORMAL, Lane
from evenhand.engine.triage.reach import reach

_DECODER = msgspec.json.Decoder(Basis)


class Scored(Struct, frozen=True, kw_only=True):
    case: int
    ref: Ref
    policy: str
    score: float
    """As the model itself called it, before any curve corrects it: what licences are measured on."""
    lane: Lane
    rank: float
    views: float
    """About so many are still to come."""
    worth: float
    """log2 of the harm that it still does while it is shown."""


def scored(refs: Collection[Ref], policies: Collection[str]) -> list[Scored]:
    """The open review cases on these items that propose one of these policies, in the order in which they came."""
    if not refs or not policies:
        return []
    values, parameters = sql.among(sorted(refs))
    found = sql.rows(
        f"SELECT id, item_type, item_id, policy, lane, rank, {basis_column()} FROM cases_case"  # noqa: S608 (a constant and marks)
        f" WHERE state = 'open' AND kind = 'review' AND (item_type, item_id) IN {values}"
        f" AND policy IN {sql.marks(policies)} ORDER BY id",
        (*parameters, *policies),
    )
    return [_scored(*row) for row in found if row[-1]]


def _scored(case: int, type_: str, id_: str, policy: str, lane: Lane, rank: float, kept: str) -> Scored:  # noqa: PLR0917 (a row)
    basis, now = _DECODER.decode(kept), now_micros()
    model = exposure.model(views.half_life())
    half_life = model.half_life if lane == NORMAL else model.critical_half_life
    expected = reach(basis, model, half_life)
    return Scored(
        case=case,
        ref=Ref(type_, id_),
        policy=policy,
        score=next((one.uncalibrated for one in basis.policies if one.policy == policy), 0.0),
        lane=lane,
        rank=rank,
        views=expected.views * float(2.0 ** (-(now - expected.at) / half_life)),
        worth=worth(basis, rank, now, half_life),
    )


def scores_of(cases: Sequence[int]) -> dict[int, dict[str, float]]:
    """Of each of these cases, as it was ranked last: policy → how likely it was said to break it."""
    found: dict[int, dict[str, float]] = {}
    for some in sql.batched(cases, 500):
        rows = sql.rows(
            f"SELECT id, {basis_column()} FROM cases_case WHERE id IN {sql.marks(some)}",  # noqa: S608 (a constant and marks)
            some,
        )
        for case, kept in rows:
            if kept:
                weighed = _DECODER.decode(kept).policies
                found[case] = {one.policy: one.uncalibrated for one in weighed if one.policy is not None}
    return found
