"""The second factor: who has one, and that each code opens one door only."""

from __future__ import annotations

import time
from typing import Literal

from allauth.mfa.models import Authenticator
from django.db import transaction

from evenhand.desk.accounts.models import User
from evenhand.desk.accounts.services.sessions import revoke_sessions
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record

_CODE_SECONDS = 120
"""Longer than any code is valid."""


def second_factor_changed(user: User, change: Literal["added", "removed", "new recovery codes"], *, by: str) -> None:
    """To be called in the transaction that changes it."""
    record(Act.MFA_CHANGED, actor=by, obj=f"user:{user.pseudonym}", payload={"change": change})


@transaction.atomic
def remove_second_factor(user: User, *, by: str) -> bool:
    """With its recovery codes; all their sessions end. False when they had none."""
    gone, _each = Authenticator.objects.filter(user=user).delete()
    if not gone:
        return False
    second_factor_changed(user, "removed", by=by)
    revoke_sessions(user, by=by)
    return True


@transaction.atomic
def use_code(authenticator: Authenticator, code: str) -> bool:
    """False when the code was used before, by whatever process (RFC 6238 §5.2: a code is good for one time)."""
    now = time.time()
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    used = {old: at for old, at in row.data.get("used", {}).items() if now - at < _CODE_SECONDS}
    digits = "".join(filter(str.isdigit, code))
    if digits in used:
        return False
    row.data["used"] = {**used, digits: now}
    row.save(update_fields=["data"])
    return True
