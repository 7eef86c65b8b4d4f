"""The page of one rule, and its next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries.sight import hidden_among, sight
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries, services
from evenhand.desk.rules.forms import MoveForm, step_from
from evenhand.desk.web.pages.rules import words
from evenhand.desk.web.pages.rules.rule import RulePage, rule_page
from evenhand.desk.web.pages.rules.watched import unwatched
from evenhand.desk.web.pages.rules.whynot import why_not
from evenhand.engine.model import Ref

Stage = queries.Life.Stage
MOVED = {"edit": "web:rule_editor", "query": "web:rule_query", "versions": "rules:versions"}
"""Pages that stood where rules of these names stand."""


@requires(Permission.SEE_RULES)
@never_cache
@require_safe
def rule(request: HttpRequest, name: str) -> HttpResponse:
    page = _found(request, name)
    if page is None and name in MOVED:
        return redirect(f"{reverse(MOVED[name])}?{request.GET.urlencode()}".removesuffix("?"))
    page = page or _missing()
    return _show(request, page, step_from(page.life, signed_in(request).pseudonym))


@requires(Permission.SEE_RULES)
@require_safe
def version_of_old(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001 (the protocol's)
    """Where a version stood before."""
    return redirect("rules:version", number, permanent=True)


@requires(Permission.EDIT_RULES)
@require_POST
def move(request: HttpRequest, name: str) -> HttpResponse:
    """The step that the form asks for; what keeps it from being made is told beside the form. A rule that nobody has
    watched goes live only when the person was told so."""
    page = _found(request, name) or _missing()
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    if form.cleaned_data["stage"] == Stage.LIVE and "sure" not in request.POST and (told := unwatched(page.name)):
        return _show(request, page, form, unwatched=told, status=409)
    try:
        services.move(name, actor=actor(signed_in(request)), **form.cleaned_data)
    except services.Refused as refused:
        return _show(request, page, form, refusal=str(refused), status=422)
    messages.success(
        request, _("%(rule)s is %(stage)s now.") % {"rule": name, "stage": words.stage(form.cleaned_data["stage"]).word}
    )
    return redirect("web:rule", name)


def _found(request: HttpRequest, name: str) -> RulePage | None:
    return rule_page(name, signed_in(request), period=request.GET.get("period", "week"))


def _missing() -> NoReturn:
    raise Http404(_("There is no rule of this name: neither now nor before."))


def _show(
    request: HttpRequest,
    page: RulePage,
    form: MoveForm,
    *,
    refusal: str = "",
    unwatched: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    context = {
        "page": page,
        "form": form,
        "refusal": refusal,
        "unwatched": unwatched,
        "may_edit": allowed(user, Permission.EDIT_RULES),
        "may_search": page.may_search,
        "item_types": policies.current().item_types.values(),
        **(_asked(request, page, user) if page.may_search else {}),
    }
    return render(request, "web/rules/rule.html", context, status=status)


def _asked(request: HttpRequest, page: RulePage, user: User) -> dict[str, Any]:
    """Why the rule did not fire on the item that the person names; one that is not theirs is told as unknown."""
    ref = Ref(request.GET.get("type", ""), request.GET.get("id", "").strip())
    asked = {"asked_type": ref.type, "asked_id": ref.id}
    if not ref.id:
        return asked
    hidden = hidden_among([ref], sight(user))
    return {**asked, "why_not": why_not(page.name, Ref("", "") if ref in hidden else ref)}
