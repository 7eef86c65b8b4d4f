"""One's own programs: keys that decide in one's name. Nobody makes one for somebody else here."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.permissions import Permission, requires, signed_in


class ProgramForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=64,
        help_text=gettext_lazy("The ledger has it beside yours, for example “terminal”. Never used again."),
    )


@requires(Permission.DECIDE)
@never_cache
@require_http_methods(["GET", "POST"])
def programs(request: HttpRequest) -> HttpResponse:
    """POST makes one, and shows it in the answer: the only time."""
    user = signed_in(request)
    form = ProgramForm(request.POST or None)
    made = _make(request, form) if form.is_valid() else None
    context = {
        "form": ProgramForm() if made else form,
        "made": made,
        "keys": queries.programs(user),
        "gave_second_factor": user.second_factor,
        "has_second_factor": queries.has_second_factor(user),
    }
    return render(request, "accounts/programs.html", context)


@requires(Permission.DECIDE)
@require_POST
def end_program(request: HttpRequest, name: str) -> HttpResponse:
    try:
        services.end_program(name, person=signed_in(request))
    except services.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": name})
    return redirect("accounts:programs")


def _make(request: HttpRequest, form: ProgramForm) -> str | None:
    try:
        return services.create_program(form.cleaned_data["name"], person=signed_in(request))
    except services.Refused as refused:
        form.add_error(refused.field or None, refused.message)
        return None
