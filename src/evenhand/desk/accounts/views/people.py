"""Pages for admins: who is at the desk, and what they may do."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.forms import PersonForm, RolesForm
from evenhand.desk.accounts.permissions import Permission, actor, requires, signed_in
from evenhand.desk.accounts.queries import User


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if form.is_valid() and (user := _created(request, form)):
        return _show(request, user, link=_link(request, user))
    return render(request, "accounts/people.html", {"form": form, "people": queries.people()})


@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pseudonym: str) -> HttpResponse:
    """POST sets the roles."""
    user = _find(pseudonym)
    form = RolesForm(request.POST)
    if request.method == "POST" and form.is_valid():
        return _do(
            request,
            user,
            lambda by: _set_roles(user, set(form.cleaned_data["roles"]), by),
            _("The roles are changed."),
        )
    return _show(request, user)


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def deactivate(request: HttpRequest, pseudonym: str) -> HttpResponse:
    user = _find(pseudonym)
    return _do(request, user, lambda by: services.deactivate(user, by=by), _("They are out, on all devices."))


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def reactivate(request: HttpRequest, pseudonym: str) -> HttpResponse:
    user = _find(pseudonym)
    return _do(request, user, lambda by: services.reactivate(user, by=by), _("They can sign in again."))


@requires(Permission.MANAGE_PEOPLE)
@never_cache
@require_POST
def login_link(request: HttpRequest, pseudonym: str) -> HttpResponse:
    """Only for somebody who never came in: an admin must not be able to come in as a colleague."""
    user = _find(pseudonym)
    if user.last_login is not None:
        messages.error(request, _("They have signed in before. `evenhand users login-link` helps who lost a password."))
        return redirect("accounts:person", pseudonym)
    return _show(request, user, link=_link(request, user))


def _set_roles(user: User, wanted: set[str], by: str) -> None:
    granted = set(queries.granted_roles(user))
    services.change_roles(user, grant=sorted(wanted - granted), revoke=sorted(granted - wanted), by=by)


def _find(pseudonym: str) -> User:
    user = queries.person(pseudonym)
    if user is None or user.pseudonym != pseudonym:
        raise Http404
    return user


def _created(request: HttpRequest, form: PersonForm) -> User | None:
    try:
        return services.create_user(
            form.cleaned_data["email"], form.cleaned_data["roles"], by=actor(signed_in(request))
        )
    except services.Refused as refused:
        form.add_error(refused.field or None, refused.message)
        return None


def _link(request: HttpRequest, user: User) -> str:
    token = services.one_time_login(user, by=actor(signed_in(request)))
    return request.build_absolute_uri(reverse("accounts:login_once", args=[token]))


def _do(request: HttpRequest, user: User, change: Callable[[str], object], done: str) -> HttpResponse:
    try:
        change(actor(signed_in(request)))
    except services.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("accounts:person", user.pseudonym)


def _show(request: HttpRequest, user: User, link: str = "") -> HttpResponse:
    context = {
        "person": user,
        "form": RolesForm(initial={"roles": queries.granted_roles(user)}),
        "has_second_factor": queries.has_second_factor(user),
        "link": link,
        "minutes": services.LINK_MINUTES,
    }
    return render(request, "accounts/person.html", context)
