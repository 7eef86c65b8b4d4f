"""Fits the order's likelihoods to decisions, once a day. Only what does better on decisions kept apart is in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.enforcement.models import Calibration
from evenhand.desk.enforcement.queries import calibrations
from evenhand.desk.policies import queries as policies
from evenhand.engine.triage.calibration import FEWEST, Curve, Measured, Pair, fit, measure

ACTOR = "system:order"
EVERY = timedelta(hours=23)
KEPT_APART = 0.2
"""Part of the decisions, the newest, on which the others' curve is measured."""
MOVED = 0.02
"""A curve that says nowhere anything that differs by more changes nothing."""
_STEPS = 20


def refit() -> int:
    """Once a day; how many policies were looked at."""
    last = calibrations.fitted_at()
    if last is not None and timezone.now() - last < EVERY:
        return 0
    found = calibrations.pairs(policies.current())
    looked = {policy: pairs for policy, pairs in found.items() if len(pairs) >= FEWEST}
    for policy in sorted(looked):
        with transaction.atomic():
            _keep(policy, looked[policy])
    return len(looked)


def _keep(policy: str, pairs: Sequence[Pair]) -> None:
    apart = int(len(pairs) * (1 - KEPT_APART))
    earlier, later = pairs[:apart], pairs[apart:]
    trial, curve = fit(earlier), fit(pairs)
    before = measure(later)
    after = measure([(trial.at(said), true) for said, true in later]) if trial else None
    better = curve is not None and after is not None and after.brier < before.brier
    old, since = calibrations.last_of(policy)
    new = curve if better else None
    kept = old if old is not None and new is not None and not _moved(old, new) else new
    now = timezone.now()
    Calibration.objects.create(
        policy=policy,
        fitted_at=now,
        changed_at=since if since and kept == old else now,
        in_force=kept is not None,
        curve=msgspec.to_builtins(kept) if kept else None,
        before=msgspec.to_builtins(before),
        after=msgspec.to_builtins(after) if after else None,
    )
    if kept != old:
        _tell(policy, kept, before, after)


def _moved(old: Curve, new: Curve) -> bool:
    return max(abs(old.at(step / _STEPS) - new.at(step / _STEPS)) for step in range(_STEPS + 1)) > MOVED


def _tell(policy: str, curve: Curve | None, before: Measured, after: Measured | None) -> None:
    figures = {"brier": round(before.brier, 4), "ece": round(before.ece, 4), "measured_on": before.decided}
    if after is not None:
        figures |= {"brier_after": round(after.brier, 4), "ece_after": round(after.ece, 4)}
    record(
        Act.LIKELIHOOD_FITTED,
        actor=ACTOR,
        obj="order:likelihoods",
        payload={
            "policy": policy,
            "decisions": curve.decided if curve else 0,
            "in_force": curve is not None,
            **figures,
        },
    )
