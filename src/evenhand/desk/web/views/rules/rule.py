"""The page of one rule, and its next step."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.rules import services
from evenhand.desk.rules.forms import MoveForm, step_from
from evenhand.desk.web.pages.rules import words
from evenhand.desk.web.pages.rules.rule import RulePage, rule_page


@requires(Permission.SEE_RULES)
@never_cache
@require_safe
def rule(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    return _show(request, page, step_from(page.life, signed_in(request).pseudonym))


@requires(Permission.EDIT_RULES)
@require_POST
def move(request: HttpRequest, name: str) -> HttpResponse:
    """The step that the form asks for; what keeps it from being made is told beside the form."""
    page = _page(request, name)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    try:
        services.move(name, actor=actor(signed_in(request)), **form.cleaned_data)
    except services.Refused as refused:
        return _show(request, page, form, refusal=str(refused), status=422)
    messages.success(
        request, _("%(rule)s is %(stage)s now.") % {"rule": name, "stage": words.stage(form.cleaned_data["stage"]).word}
    )
    return redirect("web:rule", name)


def _page(request: HttpRequest, name: str) -> RulePage:
    page = rule_page(name, signed_in(request), period=request.GET.get("period", "week"))
    if page is None:
        raise Http404(_("There is no rule of this name: neither now nor before."))
    return page


def _show(
    request: HttpRequest, page: RulePage, form: MoveForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    context = {
        "page": page,
        "form": form,
        "refusal": refusal,
        "may_edit": allowed(user, Permission.EDIT_RULES),
        "may_search": page.may_search,
    }
    return render(request, "web/rules/rule.html", context, status=status)
