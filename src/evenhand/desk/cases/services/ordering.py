"""Keeps all open cases in one order when what the order stands on changes: the half-life of reach, or the document.

Ranks under two half-lives cannot be compared. So a new one comes into force in the transaction that ranks all open
cases under it, by `bulk`; what their pages tell of it follows, some at a time. A new document changes weights only:
cases are ranked under it one after the other.
"""

from __future__ import annotations

import math
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from msgspec import structs

from evenhand.desk import sql
from evenhand.desk.audit import services as audit
from evenhand.desk.audit.acts import Act
from evenhand.desk.cases.models import Case
from evenhand.desk.cases.queries import curves
from evenhand.desk.cases.queries.standing import Standing, standing
from evenhand.desk.cases.services.grouping import lead_everywhere
from evenhand.desk.fields import to_micros
from evenhand.desk.intake import services as intake
from evenhand.desk.intake.queries import views
from evenhand.desk.policies import queries as policies
from evenhand.engine.triage import bulk, exposure
from evenhand.engine.triage.exposure import HalfLife
from evenhand.engine.triage.model import Model

SYSTEM = "system:order"
EVERY = timedelta(hours=23)
LEAST_ITEMS = 50
"""A first fit on fewer items changes nothing: the published half-life weighs as much."""
MOVED = math.log2(1.1)
"""A fit that differs by less than a tenth from what is in force changes nothing."""
_LOCK = int.from_bytes(b"evorder")


def model() -> Model:
    """For who ranks, at the start of their transaction: what is in force, and stays so until its end."""
    if connection.vendor == "postgresql":
        sql.rows(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
    return structs.replace(exposure.model(views.half_life()), curves=curves.in_force().by_policy)


def refit() -> bool:
    """Once a day: fit the half-life to the platform's own views, and rank anew where it moved. Whether it did."""
    newest = views.newest_fit()
    if newest is not None and timezone.now() - newest.fitted_at < EVERY:
        return False
    found = exposure.fit(views.counts())
    if not _moved(views.half_life(), found):
        if found.fitted or newest is None:
            intake.keep_fit(found, in_force=False)
        return False
    put_in_force(found)
    return True


def put_in_force(found: HalfLife) -> None:
    """In one transaction, with its entry in the ledger: all open cases stand where this half-life puts them."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            sql.rows(f"SELECT pg_advisory_xact_lock({_LOCK})")
        before = exposure.model(views.half_life())
        intake.keep_fit(found, in_force=True)
        for part in standing():
            _rank(part, exposure.model(found))
        _rank_appeals(before, exposure.model(found))
        lead_everywhere()
        minutes = {name: round(value / 60e6, 1) for name, value in (("minutes", found.value), ("low", found.low))}
        payload = {**minutes, "high": round(found.high / 60e6, 1), "items": found.items}
        audit.record(Act.HALF_LIFE_FITTED, actor=SYSTEM, obj="order:half-life", payload=payload)


def _moved(now: HalfLife, found: HalfLife) -> bool:
    if found.items < LEAST_ITEMS:
        return False
    return not now.fitted or abs(math.log2(found.value / now.value)) > MOVED


def _rank(part: list[Standing], under: Model) -> None:
    kept = [(one.id, one.basis) for one in part if one.basis is not None]
    places = bulk.places(bulk.columns(basis for _, basis in kept), policies.current().policies, under)
    ranks = zip(places.lane.tolist(), places.rank.tolist(), (id_ for id_, _ in kept), strict=True)
    sql.update_many("cases_case", ("lane", "rank"), list(ranks))


def _rank_appeals(before: Model, under: Model) -> None:
    """They stand where something of their time stood."""
    open_ = Case.objects.filter(state=Case.State.OPEN, kind=Case.Kind.APPEAL)
    moved = [
        (case.rank + to_micros(case.opened_at) * (1 / under.half_life - 1 / before.half_life), case.pk)
        for case in open_.only("rank", "opened_at")
    ]
    sql.update_many("cases_case", ("rank",), moved)
