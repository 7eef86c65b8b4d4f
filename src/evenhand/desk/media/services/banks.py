"""Making, changing and retiring banks."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.media.errors import Invalid, NoSuch
from evenhand.desk.media.models import Bank
from evenhand.desk.policies import queries as policies
from evenhand.engine.platform import Platform

LARGEST_RADIUS: Final = 31
"""What the index answers exactly. From about 45 on, pictures that differ come near each other."""
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,49}")
_SEVERITIES = ("", "NONE", "LOW", "MEDIUM", "HIGH", "SEVERE")
_MOST_HOURS = 24 * 365
CHANGEABLE: Final = ("title", "policy", "severity", "enabled_share", "radius", "hold", "hold_hours", "note")


def make_bank(name: str, *, policy: str, actor: str, **more: Any) -> Bank:
    """`more`: as in `change_bank`. Raises Invalid."""
    if not _NAME.fullmatch(name):
        raise Invalid(f"“{name[:60]}” is no name for a bank: capitals, digits and _, at most 50, no digit first.")
    with transaction.atomic():
        if Bank.objects.filter(name=name, retired_at__isnull=True).exists():
            raise Invalid(f"There is a bank {name} already.")
        bank = Bank(name=name, made_at=timezone.now())
        changed = _apply(bank, {"policy": policy, **more})
        bank.save()
        record(Act.BANK_MADE, actor=actor, obj=f"bank:{name}", payload=changed)
    return bank


def change_bank(name: str, *, actor: str, **changes: Any) -> Bank:
    """Any of title, policy, severity, enabled_share, radius, hold, hold_hours, note. Raises Invalid, NoSuch."""
    with transaction.atomic():
        bank = lock_bank(name)
        changed = _apply(bank, changes)
        bank.save()
        if changed:
            record(Act.BANK_CHANGED, actor=actor, obj=f"bank:{name}", payload=changed)
    return bank


def guard(old: Platform, new: Platform) -> list[str]:
    """Sentences on the banks whose policy the new document retires or leaves out: their matches would speak for
    nothing."""
    gone = _in_use(old) - _in_use(new)
    named: dict[str, list[str]] = {}
    for name, policy in Bank.objects.filter(retired_at__isnull=True).order_by("name").values_list("name", "policy"):
        if policy in gone:
            named.setdefault(policy, []).append(name)
    return [_sentence(policy, names) for policy, names in sorted(named.items())]


def _sentence(policy: str, banks: list[str]) -> str:
    need = f"the bank {banks[0]} names it" if len(banks) == 1 else f"the banks {', '.join(banks)} name it"
    return f"The policy “{policy}” cannot go yet: {need}. Retire what names it, or give it another policy."


def _in_use(document: Platform) -> set[str]:
    return {one.id for one in document.policies if not one.retired}


def lock_bank(name: str) -> Bank:
    """In the caller's transaction. Raises NoSuch."""
    bank = Bank.objects.select_for_update().filter(name=name, retired_at__isnull=True).first()
    if bank is None:
        known = ", ".join(Bank.objects.filter(retired_at__isnull=True).order_by("name").values_list("name", flat=True))
        raise NoSuch(f"There is no bank {name[:60]}. There {f'are: {known}' if known else 'are none yet'}.")
    return bank


def _apply(bank: Bank, changes: dict[str, Any]) -> dict[str, Any]:
    """What of it is a change. Raises Invalid."""
    if unknown := changes.keys() - set(CHANGEABLE):
        raise Invalid(f"A bank has no {', '.join(sorted(unknown))}.")
    changed = {name: value for name, value in changes.items() if value is not None and getattr(bank, name) != value}
    for name, value in changed.items():
        setattr(bank, name, value)
    if problem := _problem(bank):
        raise Invalid(problem)
    return {name: str(value) if isinstance(value, float) else value for name, value in changed.items()}


def _problem(bank: Bank) -> str:
    policy = policies.current().policies.get(bank.policy)
    if policy is None:
        return f"There is no policy “{bank.policy[:128]}” in the platform document."
    if policy.retired:
        return f"The policy “{bank.policy[:128]}” is retired."
    told = {
        "The enabled share is from 0 (off) to 1 (all).": 0 <= bank.enabled_share <= 1,
        f"The radius is from 0 to {LARGEST_RADIUS}.": 0 <= bank.radius <= LARGEST_RADIUS,
        f"The severity is one of {', '.join(_SEVERITIES[1:])}, or empty: as the policy has it.": (
            bank.severity in _SEVERITIES
        ),
        f"Holding is one of {', '.join(Bank.Holds.values)}.": bank.hold in Bank.Holds.values,
        f"A hold lasts from 1 to {_MOST_HOURS:,} hours.": 0 < bank.hold_hours <= _MOST_HOURS,
    }
    return next((sentence for sentence, holds in told.items() if not holds), "")
