"""Draws the cases that are audited, and hands them out: a person decides them as any other, and is not told before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.utils import timezone

from evenhand.desk import sql
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.scores import Scored
from evenhand.desk.enforcement.models import Audit, Decision
from evenhand.desk.fields import now_micros
from evenhand.desk.policies import queries as policies
from evenhand.engine.triage.audit import drawn, inclusion, reference, stake
from evenhand.engine.triage.basis import rules
from evenhand.runtime import config
from evenhand.runtime import secrets as vault

KEY = "audits.key"
DUE = timedelta(hours=2)
"""A case that the order did not bring to anybody in this time is handed out for its audit."""
ONE_IN = 10
"""At most one of so many cases that a person gets is there for its audit alone."""
AT_ONCE = 20


def draw(cases: Sequence[Scored], held: Collection[int]) -> None:
    """In the fold's transaction: of these open cases, those whose number says so are audits from now on; what one
    scores at its highest is kept. `held`: those that a licence holds."""
    now, secret = now_micros(), _secret(config.current().data_dir)
    known = policies.current().policies
    usual = rules(known).unnamed
    rows = []
    for one in cases:
        times = stake(known[one.policy].harm, usual)
        chance = inclusion(one.score, held=one.case in held, stake=times)
        if drawn(secret, f"case:{one.case}", chance):
            rows.append((one.case, one.policy, one.score, chance, reference(times), now))
    sql.insert_many(
        "enforcement_audit",
        ("case_id", "policy", "score", "inclusion", "reference", "drawn_at"),
        rows,
        " ON CONFLICT (case_id) DO UPDATE SET policy = excluded.policy,"
        " score = CASE WHEN enforcement_audit.policy = excluded.policy AND enforcement_audit.score > excluded.score"
        " THEN enforcement_audit.score ELSE excluded.score END,"
        " inclusion = CASE WHEN enforcement_audit.inclusion > excluded.inclusion"
        " THEN enforcement_audit.inclusion ELSE excluded.inclusion END, reference = excluded.reference",
    )


def due(user: User) -> list[int]:
    """Cases that this person may be handed next for their audit, the oldest first; none shortly after another."""
    latest = Decision.objects.filter(decided_by=user).order_by("-pk").values_list("case__audit", flat=True)
    if any(latest[: ONE_IN - 1]):
        return []
    waiting = Audit.objects.filter(case__state="open", drawn_at__lt=timezone.now() - DUE)
    return list(waiting.order_by("pk").values_list("case", flat=True)[:AT_ONCE])


@cache
def _secret(folder: Path) -> bytes:
    return vault.read_or_make(folder, KEY)
