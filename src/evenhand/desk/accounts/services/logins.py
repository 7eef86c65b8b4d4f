"""Links that sign somebody in once, and only then, and not for long."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.desk.accounts.models import OneTimeLogin, User
from evenhand.desk.accounts.services.keys import digest
from evenhand.desk.accounts.services.refused import Refused
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record

LINK_MINUTES = 15
_REMEMBER = timedelta(days=1)
"""How long a link that is over can still say so."""


@transaction.atomic
def one_time_login(user: User, *, by: str) -> str:
    """The token of /login/once/TOKEN/. It replaces the password, not the second factor.

    Raises Refused: the person was deactivated.
    """
    if not user.is_active:
        raise Refused(_("%(name)s is deactivated and cannot sign in.") % {"name": user.pseudonym})
    now = timezone.now()
    OneTimeLogin.objects.filter(expires_at__lt=now - _REMEMBER).delete()
    token = secrets.token_urlsafe(32)
    OneTimeLogin.objects.create(user=user, digest=digest(token), expires_at=now + timedelta(minutes=LINK_MINUTES))
    record(Act.LOGIN_LINK_CREATED, actor=by, obj=f"user:{user.pseudonym}")
    return token


@transaction.atomic
def use_one_time_login(token: str) -> User | None:
    """Whom it signs in; nobody when it was used, ran out, or never was one. Of two at once, one wins."""
    now = timezone.now()
    link = OneTimeLogin.objects.select_related("user").filter(digest=digest(token)).first()
    if link is None or not link.user.is_active:
        return None
    if not OneTimeLogin.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now):
        return None
    name = f"user:{link.user.pseudonym}"
    record(Act.LOGIN_ONCE, actor=name, obj=name)
    return link.user
