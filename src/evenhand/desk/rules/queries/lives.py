"""Where each rule stands, and where it stood before."""

from __future__ import annotations

from django.db.models import Max

from evenhand.desk.fields import to_micros
from evenhand.desk.rules.models import Life
from evenhand.engine.detect.rulelife import RuleLife

BY_ITSELF = "system:rules"
"""The actor of a step that a rule makes because it left its band."""


def lives() -> dict[str, Life]:
    """The newest row of each rule that has one. A rule without is a draft."""
    newest = Life.objects.values("rule").annotate(newest=Max("id")).values("newest")
    return {life.rule: life for life in Life.objects.filter(id__in=newest)}


def life_of(rule: str) -> list[Life]:
    """All that happened to the rule, newest first."""
    return list(Life.objects.filter(rule=rule).order_by("-id"))


def step_backs() -> dict[str, Life]:
    """The last time that each rule left its band and stepped back by itself; rules that never did are left out."""
    last = Life.objects.filter(changed_by=BY_ITSELF).values("rule").annotate(last=Max("id")).values("last")
    return {life.rule: life for life in Life.objects.filter(id__in=last)}


def latest() -> int:
    """A number that grows with each change of any rule's life."""
    return Life.objects.aggregate(newest=Max("id"))["newest"] or 0


def for_engine(rows: dict[str, Life]) -> dict[str, RuleLife]:
    return {
        name: RuleLife(
            stage=life.stage,  # type: ignore[arg-type]
            share=life.share,
            cap_per_hour=life.cap_per_hour,
            expires_at=to_micros(life.expires_at) if life.expires_at else None,
        )
        for name, life in rows.items()
    }
