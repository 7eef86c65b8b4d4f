"""One's own account: preferences, password, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from evenhand.desk.accounts import preferences, queries, services
from evenhand.desk.accounts.forms import PasswordForm, PreferencesForm
from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.accounts.preferences import Preferences


@requires(Permission.OWN_ACCOUNT)
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = PreferencesForm(request.POST or None, initial=PreferencesForm.shown(preferences.read(user.preferences)))
    if form.is_valid():
        services.set_preferences(user, Preferences(**form.cleaned_data))
        if language := form.cleaned_data["language"]:
            translation.activate(language)
        messages.success(request, _("Saved."))
        return redirect("accounts:me")
    context = {
        "form": form,
        "roles": queries.granted_roles(user),
        "has_second_factor": queries.has_second_factor(user),
        "may_decide": allowed(user, Permission.DECIDE),
    }
    return render(request, "accounts/me.html", context)


@requires(Permission.OWN_ACCOUNT)
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = PasswordForm(request.POST or None, user=user)
    if form.is_valid() and _changed(request, user, form):
        messages.success(request, _("Your password is changed, and your other sessions are ended."))
        return redirect("accounts:me")
    return render(request, "accounts/password.html", {"form": form})


@requires(Permission.OWN_ACCOUNT)
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    current = request.session.session_key
    listed = queries.sessions(user, current)
    if request.method != "POST":
        return render(request, "accounts/sessions.html", {"sessions": listed})
    chosen = request.POST.get("session", "")
    if chosen == "others":
        ended = services.revoke_sessions(user, by=actor(user), keep=current)
    else:
        ended = int(chosen.isdecimal() and services.revoke_session(user, int(chosen), by=actor(user)))
    if any(session.is_current and str(session.id) == chosen for session in listed):
        logout(request)
        return redirect("account_login")
    messages.success(request, ngettext("%d session ended.", "%d sessions ended.", ended) % ended)
    return redirect("accounts:sessions")


def _changed(request: HttpRequest, user: queries.User, form: PasswordForm) -> bool:
    try:
        services.change_password(user, form.cleaned_data["password"], by=actor(user), keep=request.session.session_key)
    except services.Refused as refused:
        form.add_error(refused.field or None, refused.message)
        return False
    update_session_auth_hash(request, user)
    return True
