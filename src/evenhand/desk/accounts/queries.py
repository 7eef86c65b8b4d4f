"""Who is here, what they may do, which keys and sessions there are."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from msgspec import Struct

from evenhand.desk.accounts.key_cache import CACHE, ApiKeyInfo
from evenhand.desk.accounts.models import ApiKey, OneTimeLogin, RoleGrant, User
from evenhand.desk.accounts.services.keys import TOUCH_SECONDS, digest, touch_key
from evenhand.desk.accounts.services.people import ROLES
from evenhand.engine.platform import Role

__all__ = [
    "ApiKeyInfo",
    "NoSuchKey",
    "Person",
    "SessionInfo",
    "User",
    "WrongScope",
    "admins",
    "api_keys",
    "behind",
    "granted_any",
    "granted_roles",
    "has_second_factor",
    "key",
    "one_time_login",
    "people",
    "person",
    "programs",
    "roles",
    "sessions",
]
NEED_SECOND_FACTOR: frozenset[Role] = frozenset({"child_safety"})
RETRY_TOUCH_SECONDS = 5
_LONGEST_KEY = 200
_touch_after: dict[str, float] = {}


class NoSuchKey(Exception):
    """No key, an unknown one, or one that was revoked: the sender is not told which."""


class WrongScope(Exception):
    """A good key that may not do this."""

    def __init__(self, name: str, scope: str) -> None:
        super().__init__(f"The key “{name}” does not have the scope “{scope}”.")
        self.name = name
        self.scope = scope


class Person(Struct, frozen=True):
    pseudonym: str
    email: str
    roles: tuple[Role, ...]
    is_active: bool
    has_second_factor: bool
    last_login: datetime | None


class SessionInfo(Struct, frozen=True):
    id: int
    since: datetime
    last_seen: datetime
    ip: str
    agent: str
    is_current: bool


def key(raw: str, scope: str) -> ApiKeyInfo:
    """The key, if it is good for `scope`. At most 2 s old: so long a revoked key still works in other processes.

    Looked up by its SHA-256, so that the time taken tells nothing about how much of a guess was right.
    Raises NoSuchKey, WrongScope.
    """
    if not raw or len(raw) > _LONGEST_KEY:
        raise NoSuchKey
    hashed = digest(raw)
    info = CACHE.get(hashed, lambda: _key(hashed))
    if info is None:
        raise NoSuchKey
    _note_use(info.name)
    if scope not in info.scopes:
        raise WrongScope(info.name, scope)
    return info


def behind(info: ApiKeyInfo) -> User | None:
    """The person whom a key of scope `moderate` stands for, as they are now; None when they may not come in any more.

    No second factor stands behind a key, so what needs one stays closed to it.
    """
    found = User.objects.filter(pk=info.acts_as, is_active=True).first() if info.acts_as else None
    if found is not None:
        found.by_key = info.name
    return found


def api_keys() -> list[ApiKey]:
    """All of them, the revoked last, the newest first."""
    found = ApiKey.objects.select_related("acts_as").order_by("-created_at")
    return sorted(found, key=lambda kept: kept.revoked_at is not None)


def programs(user: User) -> list[ApiKey]:
    """The keys that decide in this person's name, in the same order."""
    return [kept for kept in api_keys() if kept.acts_as_id == user.pk]


def roles(user: User) -> frozenset[Role]:
    """The roles in force in this session: child safety only after a second factor."""
    granted = granted_roles(user)
    return frozenset(role for role in granted if role not in NEED_SECOND_FACTOR or user.second_factor)


def granted_roles(user: User) -> tuple[Role, ...]:
    """All that the person was granted; asked once for each `User` object."""
    if user.known_roles is None:
        held = set(RoleGrant.objects.filter(user=user).values_list("role", flat=True))
        user.known_roles = tuple(role for role in ROLES if role in held)
    return user.known_roles


def person(name: str) -> User | None:
    """By pseudonym, or by e-mail address."""
    field = "email" if "@" in name else "pseudonym"
    return User.objects.filter(**{field: name.strip().lower()}).first()


def people() -> list[Person]:
    """Everybody, who is active first, then by pseudonym. Two queries, however many they are."""
    held: Mapping[int, set[str]] = defaultdict(set)
    for user_id, role in RoleGrant.objects.values_list("user_id", "role"):
        held[user_id].add(role)
    found = User.objects.annotate(has_totp=Exists(_totp(OuterRef("pk")))).order_by("-is_active", "pseudonym")
    return [
        Person(
            pseudonym=user.pseudonym,
            email=user.email,
            roles=tuple(role for role in ROLES if role in held[user.pk]),
            is_active=user.is_active,
            has_second_factor=user.has_totp,
            last_login=user.last_login,
        )
        for user in found
    ]


def admins() -> list[str]:
    """Pseudonyms of whom to ask."""
    return list(
        User.objects.filter(is_active=True, grants__role="admin")
        .order_by("pseudonym")
        .values_list("pseudonym", flat=True)
    )


def granted_any(wanted: Collection[str]) -> list[User]:
    """Active people who were granted one of these roles, in force in their session or not."""
    return list(User.objects.filter(is_active=True, grants__role__in=wanted).order_by("pk").distinct())


def has_second_factor(user: User) -> bool:
    return _totp(user.pk).exists()


def sessions(user: User, current: str | None = None) -> list[SessionInfo]:
    """The person's sessions that still work, last seen first; `current` is the key of the one that asks."""
    kept = list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))
    alive = set(
        Session.objects.filter(
            session_key__in=[session.session_key for session in kept], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return [
        SessionInfo(
            id=session.pk,
            since=session.created_at,
            last_seen=session.last_seen_at,
            ip=session.ip,
            agent=session.user_agent,
            is_current=session.session_key == current,
        )
        for session in kept
        if session.session_key in alive
    ]


def one_time_login(token: str) -> Literal["open", "used", "expired", "unknown"]:
    """What has become of a link."""
    link = OneTimeLogin.objects.select_related("user").filter(digest=digest(token)).first()
    if link is None or not link.user.is_active:
        return "unknown"
    if link.used_at is not None:
        return "used"
    return "open" if link.expires_at > timezone.now() else "expired"


def locked_at(name: str, ip: str | None) -> datetime | None:
    """When the guess was made that closed the door for this name; with an address, for the name from there."""
    attempts = AccessAttempt.objects.filter(username=name, **({"ip_address": ip} if ip else {}))
    newest: datetime | None = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return newest


def _key(hashed: str) -> ApiKeyInfo | None:
    found = ApiKey.objects.filter(digest=hashed, revoked_at=None).first()
    return ApiKeyInfo(found.name, frozenset(found.scopes), found.acts_as_id) if found else None


def _note_use(name: str) -> None:
    now = time.monotonic()
    if now < _touch_after.get(name, 0.0):
        return
    _touch_after[name] = now + TOUCH_SECONDS
    if not touch_key(name):
        _touch_after[name] = now + RETRY_TOUCH_SECONDS


def _totp(user_id: object) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP)
    return found
