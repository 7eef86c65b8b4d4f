"""Signed-in browsers: listed as seen, ended one by one or all at once."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from evenhand.desk.accounts.models import User
from evenhand.desk.accounts.services.impatient import TooBusy, brief_write
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record


@transaction.atomic
def revoke_session(user: User, session_id: int, *, by: str) -> bool:
    """False when the person has no such session (any more)."""
    return bool(_end(user, UserSession.objects.filter(user=user, pk=session_id), by))


@transaction.atomic
def revoke_sessions(user: User, *, by: str, keep: str | None = None) -> int:
    """End all of a person's sessions, except the one with the key `keep`; how many were ended."""
    return _end(user, UserSession.objects.filter(user=user).exclude(session_key=keep or ""), by)


def note_activity(session_key: str, *, ip: str | None, agent: str) -> bool:
    """The session is in use, from there. False when the database was too busy to note it."""
    longest = UserSession._meta.get_field("user_agent").max_length  # noqa: SLF001 - Django's documented model API
    seen = {"last_seen_at": timezone.now(), "user_agent": agent[:longest]} | ({"ip": ip} if ip else {})
    try:
        with brief_write():
            UserSession.objects.filter(session_key=session_key).update(**seen)
    except TooBusy:
        return False
    return True


def _end(user: User, sessions: Iterable[UserSession], by: str) -> int:
    keys = [session.session_key for session in sessions]
    if not keys:
        return 0
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    record(Act.SESSIONS_REVOKED, actor=by, obj=f"user:{user.pseudonym}", payload={"sessions": len(keys)})
    return len(keys)
