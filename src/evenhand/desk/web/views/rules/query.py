"""The page that asks stored items in the words of rules, and keeps questions for the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.accounts.permissions import Permission, actor, requires, signed_in
from evenhand.desk.policies import queries as policies
from evenhand.desk.rules import queries, services
from evenhand.desk.web.pages.rules.asking import PERIODS, Answer, Question, answer, offered, question


@requires(Permission.SEE_RULES)
@requires(Permission.SEARCH)
@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    asked = question(request.GET.dict())
    found = answer(asked, signed_in(request))
    return _show(request, asked, found, status=422 if found.problems else 200)


@requires(Permission.SEE_RULES)
@requires(Permission.SEARCH)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the question for all of the desk."""
    user = signed_in(request)
    asked = question(request.POST.dict())
    found = answer(asked, user)
    if found.problems or not asked.expression:
        return _show(request, asked, found, refusal=_("A query with a mistake is not kept."), status=422)
    try:
        saved = services.save_query(
            request.POST.get("name", ""),
            asked.expression,
            item_type=asked.item_type,
            days=asked.days,
            path=asked.path,
            actor=actor(user),
        )
    except ValueError as error:
        return _show(request, asked, found, refusal=str(error), status=422)
    messages.success(request, _("Kept as “%(name)s”, for all of the desk.") % {"name": saved.name})
    return redirect(_address(asked))


@requires(Permission.SEE_RULES)
@requires(Permission.SEARCH)
@require_POST
def forget(request: HttpRequest, number: int) -> HttpResponse:
    services.forget_query(number)
    messages.success(request, _("Dropped."))
    return redirect("web:rule_query")


def _show(
    request: HttpRequest, asked: Question, found: Answer, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    saved = [
        (one, _address(Question(one.expression, one.item_type, one.days, one.path))) for one in queries.saved_queries()
    ]
    context = {
        "asked": asked,
        "answer": found,
        "refusal": refusal,
        "name": request.POST.get("name", ""),
        "saved": saved,
        "types": list(policies.current().item_types.values()),
        "periods": list(PERIODS),
        "offered": offered(),
        "instead": _address(found.instead) if found.instead else "",
    }
    return render(request, "web/rules/query.html", context, status=status)


def _address(asked: Question) -> str:
    query = {"q": asked.expression, "type": asked.item_type, "days": str(asked.days), "path": asked.path}
    return f"{reverse('web:rule_query')}?{urlencode({name: one for name, one in query.items() if one})}"
