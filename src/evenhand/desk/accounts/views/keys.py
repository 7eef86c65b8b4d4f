"""A page for admins: the API keys of the platform."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.forms import KeyForm
from evenhand.desk.accounts.permissions import Permission, actor, requires, signed_in


@requires(Permission.MANAGE_KEYS)
@never_cache
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """POST makes one, and shows it in the answer: the only time."""
    form = KeyForm(request.POST or None)
    made = _make(request, form) if form.is_valid() else None
    context = {"form": KeyForm() if made else form, "made": made, "keys": queries.api_keys()}
    return render(request, "accounts/keys.html", context)


@requires(Permission.MANAGE_KEYS)
@require_POST
def revoke_key(request: HttpRequest, name: str) -> HttpResponse:
    try:
        services.revoke_key(name, by=actor(signed_in(request)))
    except services.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": name})
    return redirect("accounts:keys")


def _make(request: HttpRequest, form: KeyForm) -> str | None:
    try:
        return services.create_key(form.cleaned_data["name"], form.cleaned_data["scopes"], by=actor(signed_in(request)))
    except services.Refused as refused:
        form.add_error(refused.field or None, refused.message)
        return None
