"""Moves a rule through its life: draft → shadow → canary → live → retired, each step with an owner and a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit import services as audit
from evenhand.desk.audit.acts import Act
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries
from evenhand.desk.rules.models import Life
from evenhand.desk.rules.queries.lives import BY_ITSELF
from evenhand.desk.rules.queries.running import newest, stored
from evenhand.desk.rules.services.guard import AT_WORK, missing

Stage = Life.Stage
_EARNED = {Stage.CANARY: (Stage.SHADOW, Stage.CANARY, Stage.LIVE), Stage.LIVE: (Stage.SHADOW, Stage.CANARY, Stage.LIVE)}
"""From which stages these may be reached: a rule is watched in shadow before anything follows from it."""


class Refused(Exception):
    """The step was not made; says why, and what to do."""


def move(
    rule: str,
    stage: str,
    *,
    actor: str,
    owner: str,
    reason: str,
    share: float = 0.1,
    cap_per_hour: int = 100,
    low_per_day: float | None = None,
    high_per_day: float | None = None,
    expires_at: datetime | None = None,
) -> Life:
    """Make the step, with its ledger entry. Raises Refused."""
    _check(rule, stage, owner=owner, reason=reason, share=share, cap=cap_per_hour)
    if low_per_day is not None and high_per_day is not None and low_per_day > high_per_day:
        raise Refused(f"The band is from {low_per_day:g} to {high_per_day:g}: the lower end is above the upper one.")
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused("The day on which it expires is past: give a later one.")
    with transaction.atomic():
        before = queries.lives().get(rule)
        standing = before.stage if before else Stage.DRAFT
        if standing not in _EARNED.get(Stage(stage), tuple(Stage)):
            raise Refused(f"{rule} is a {standing}: let it run in shadow first, and see what it would do.")
        life = Life.objects.create(
            rule=rule,
            stage=stage,
            owner=owner,
            reason=reason,
            share=share,
            cap_per_hour=cap_per_hour,
            low_per_day=low_per_day,
            high_per_day=high_per_day,
            expires_at=expires_at,
            changed_at=timezone.now(),
            changed_by=actor,
        )
        payload = {"from": standing, "to": stage, "owner": owner, "reason": reason, "share": share, "cap": cap_per_hour}
        audit.record(Act.RULE_MOVED, actor=actor, obj=f"rule:{rule}", payload=payload)
        transaction.on_commit(queries.forget)
    return life


def step_back(life: Life, *, reason: str) -> Life:
    """A rule that left its band goes to shadow by itself. Told on the status page until a person moves it again."""
    return move(
        life.rule,
        Stage.SHADOW,
        actor=BY_ITSELF,
        owner=life.owner,
        reason=reason,
        share=life.share,
        cap_per_hour=life.cap_per_hour,
        low_per_day=life.low_per_day,
        high_per_day=life.high_per_day,
        expires_at=life.expires_at if life.expires_at and life.expires_at > timezone.now() else None,
    )


def _check(rule: str, stage: str, *, owner: str, reason: str, share: float, cap: int) -> None:
    version, _ = newest()
    project = stored(version)
    if stage not in Stage.values:
        raise Refused(f"There is no stage “{stage}”: choose one of {', '.join(Stage.values)}.")
    if stage != Stage.RETIRED and (project is None or rule not in project.rules):
        raise Refused(f"The project in force (version {version}) has no rule {rule}.")
    if not owner.strip() or not reason.strip():
        raise Refused("Say who answers for the rule, and why it takes this step.")
    if stage in AT_WORK and (gone := missing(rule, policies.current(fresh=True))):
        raise Refused(f"{rule} names the {gone}, which the platform document does not have in use. Publish it anew.")
    if not 0 < share <= 1:
        raise Refused("The share of a canary is more than 0 and at most 1: 0.1 is one author in ten.")
    if cap < 0:
        raise Refused("The cap is a number of times in an hour: 0 or more.")
