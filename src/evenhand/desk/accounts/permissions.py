"""What each role may do, and the guard that every page stands behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from evenhand.desk.accounts import queries
from evenhand.desk.accounts.models import User
from evenhand.engine.platform import Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Permission(StrEnum):
    SEE_CASES = "see_cases"
    SEARCH = "search"
    SEE_MEDIA = "see_media"
    DECIDE = "decide"
    ESCALATE = "escalate"
    """Make a case into a package for counsel, police or another platform."""
    SECOND = "second"
    """Give the second person's consent to a harmful, irreversible step."""
    HEAR_APPEALS = "hear_appeals"
    SEE_CHILD_SAFETY = "see_child_safety"
    SEE_PLATFORM = "see_platform"
    EDIT_PLATFORM = "edit_platform"
    SEE_RULES = "see_rules"
    EDIT_RULES = "edit_rules"
    """Publish rules, and move them through their life."""
    SEE_BANKS = "see_banks"
    EDIT_BANKS = "edit_banks"
    """What banks of known media mean, and when their lists are taken in. Entries are judged by EDIT_RULES."""
    JOIN_LISTS = "join_lists"
    """Make banks; connect, rename and remove hash lists: who does names where secrets are."""
    MANAGE_PEOPLE = "manage_people"
    MANAGE_KEYS = "manage_keys"
    SEE_DELIVERIES = "see_deliveries"
    REPLAY_DELIVERIES = "replay_deliveries"
    SEE_LEDGER = "see_ledger"
    ERASE = "erase"
    """Make a person's data in the ledger unreadable for ever."""
    SEE_STATUS = "see_status"
    OWN_ACCOUNT = "own_account"
    """One's own password, sessions, second factor, preferences: everybody who is signed in."""


_CASEWORK = frozenset(
    {
        Permission.SEE_CASES,
        Permission.SEARCH,
        Permission.SEE_MEDIA,
        Permission.DECIDE,
        Permission.ESCALATE,
        Permission.SECOND,
        Permission.HEAR_APPEALS,
        Permission.SEE_PLATFORM,
        Permission.SEE_RULES,
        Permission.EDIT_RULES,
        Permission.SEE_BANKS,
        Permission.EDIT_BANKS,
        Permission.SEE_DELIVERIES,
        Permission.REPLAY_DELIVERIES,
        Permission.SEE_STATUS,
    }
)
GRANTS: Mapping[Role, frozenset[Permission]] = {
    "moderator": _CASEWORK,
    "child_safety": _CASEWORK | {Permission.SEE_CHILD_SAFETY},
    "legal": frozenset(
        {
            Permission.SEE_CASES,
            Permission.SEARCH,
            Permission.ESCALATE,
            Permission.SECOND,
            Permission.HEAR_APPEALS,
            Permission.SEE_PLATFORM,
            Permission.SEE_DELIVERIES,
            Permission.SEE_LEDGER,
            Permission.ERASE,
            Permission.SEE_STATUS,
        }
    ),
    "auditor": frozenset(
        {
            Permission.SEE_LEDGER,
            Permission.SEE_PLATFORM,
            Permission.SEE_RULES,
            Permission.SEE_BANKS,
            Permission.SEE_STATUS,
        }
    ),
    "admin": frozenset(
        {
            Permission.SEE_PLATFORM,
            Permission.EDIT_PLATFORM,
            Permission.SEE_BANKS,
            Permission.EDIT_BANKS,
            Permission.JOIN_LISTS,
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_KEYS,
            Permission.SEE_STATUS,
        }
    ),
}
"""An auditor sees the ledger and its proofs, an admin configures: neither ever sees content."""


def granting(permission: Permission) -> tuple[Role, ...]:
    """The roles that carry the permission."""
    return tuple(role for role, permissions in GRANTS.items() if permission in permissions)


def allowed(user: User | AnonymousUser, permission: Permission) -> bool:
    """Whether the person may do that in this session. One role of several is enough."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return permission is Permission.OWN_ACCOUNT or any(permission in GRANTS[role] for role in queries.roles(user))


def actor(user: User) -> str:
    """What the ledger calls the person, and the key through which they act."""
    return f"user:{user.pseudonym}" + (f" by key:{user.by_key}" if user.by_key else "")


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that a guard let through."""
    assert isinstance(request.user, User)
    return request.user


def requires(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Only who may do that reaches the view: strangers go to sign in, others get a page that tells whom to ask."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not allowed(request.user, permission):
                return _refuse(request, request.user, permission)
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return decorate


def public(reason: str) -> Callable[[View[P]], View[P]]:
    """Everybody may, signed in or not; `reason` says why, to who reads the code and to the house's lints."""
    if not reason:
        raise ValueError("say why everybody may")
    return lambda view: view


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return redirect_to_login(request.get_full_path())
    back = urlencode({"next": htmx.current_url_abs_path or "/"})
    answer: HttpResponse = HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{back}")
    return answer


def _refuse(request: HttpRequest, user: User, permission: Permission) -> HttpResponse:
    wanted = granting(permission)
    granted = queries.granted_roles(user)
    context: dict[str, Any] = {
        "wanted": wanted,
        "granted": granted,
        "admins": queries.admins(),
        "needs_second_factor": not queries.roles(user).issuperset(set(wanted) & set(granted)),
        "has_second_factor": queries.has_second_factor(user),
        "here": request.get_full_path(),
    }
    return render(request, "accounts/forbidden.html", context, status=403)
