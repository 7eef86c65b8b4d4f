"""Setting up, renewing and removing the second factor; each change is in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.permissions import Permission, actor, requires, signed_in


class _Activate(ActivateTOTPView):  # type: ignore[misc]  # allauth is untyped
    def form_valid(self, form: Any) -> HttpResponse:
        user = signed_in(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            services.second_factor_changed(user, "added", by=actor(user))
        record_authentication(self.request, user, method="mfa", type="totp")
        return response


class _NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth is untyped
    def form_valid(self, form: Any) -> HttpResponse:
        user = signed_in(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            services.second_factor_changed(user, "new recovery codes", by=actor(user))
        return response


_View = Callable[[HttpRequest], HttpResponse]
_activate: _View = _Activate.as_view()
_codes: _View = ViewRecoveryCodesView.as_view()
_new_codes: _View = _NewCodes.as_view()


@requires(Permission.OWN_ACCOUNT)
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "mfa/index.html", {"has_second_factor": queries.has_second_factor(signed_in(request))})


@requires(Permission.OWN_ACCOUNT)
@never_cache
def activate(request: HttpRequest) -> HttpResponse:
    return _activate(request)


@requires(Permission.OWN_ACCOUNT)
@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    return _codes(request)


@requires(Permission.OWN_ACCOUNT)
@never_cache
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    return _new_codes(request)


@requires(Permission.OWN_ACCOUNT)
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # allauth is untyped
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """All sessions end with it: what they opened was opened with a factor that is no more."""
    if request.method != "POST":
        return render(request, "accounts/remove_second_factor.html")
    user = signed_in(request)
    services.remove_second_factor(user, by=actor(user))
    logout(request)
    messages.success(request, _("Your second factor is removed. Sign in again."))
    return redirect("account_login")
