"""Somebody at whom much comes, and one decision for what waits on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import history
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.enforcement.services import Chosen, DecisionError, NeedsTyping
from evenhand.desk.enforcement.services.each import MOST_EACH
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.answers import MOST_DIGITS
from evenhand.desk.web.pages.target import target_page
from evenhand.desk.web.pages.toast import toast
from evenhand.engine.model import Ref

MOST_REASON = 4_000
_LONGEST = (("type", 128), ("id", 512))


@requires(Permission.SEARCH)
@never_cache
@require_GET
def target(request: HttpRequest) -> HttpResponse:
    return _page(request, _user(request))


@requires(Permission.DECIDE)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """What waits on what came at them, under one policy, as it was shown."""
    user, ref = signed_in(request), _user(request)
    verb, _colon, action = request.POST.get("do", "").partition(":")
    try:
        batch = enforcement.decide_each(
            _seen(request.POST.get("seen", ""), user),
            by=user,
            kind="act" if verb == "act" else "dismiss",
            policy=request.POST.get("policy") or None,
            actions=[Chosen(action, {})] if verb == "act" else [],
            reason=request.POST.get("reason", "").strip()[:MOST_REASON],
            typed=request.POST.get("typed", ""),
            about=ref,
        )
    except NeedsTyping as typing:
        told = _("This decides %(count)s cases: type %(count)s.") % {"count": typing.count}
        return _page(request, ref, status=422, problem=told)
    except (DecisionError, cases.CaseError) as why:
        return _page(request, ref, status=409, problem=str(why))
    return redirect(f"{reverse('web:target')}?{urlencode({'type': ref.type, 'id': ref.id, 'decided': batch.uid})}")


def _user(request: HttpRequest) -> Ref:
    """Whom the address names: a user, known or not, who is in no case that is not for this person. Raises Http404."""
    ref = Ref(*(request.GET.get(name, "").replace("\x00", "")[:longest] for name, longest in _LONGEST))
    type_ = policies.current().item_types.get(ref.type)
    mine = sight(signed_in(request))
    closed = any(case.policy in mine.hidden for case in history.cases_of(ref, but=0))
    if type_ is None or type_.kind != "user" or not ref.id or closed:
        raise Http404(_("The desk does not know such a user, or they are in a case that is not yours."))
    return ref


def _seen(text: str, user: User) -> dict[int, int]:
    """Cases with their versions, as the form carries them; only those that this person may see."""
    pairs = [one.partition("-")[::2] for one in text.split(".")[: MOST_EACH + 1]]
    said = {int(case): int(version) for case, version in pairs if _is_number(case) and _is_number(version)}
    mine = sight(user)
    return {number: said[number] for number in said if (case := history.case(number)) and mine.sees(case)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS


def _page(request: HttpRequest, ref: Ref, *, status: int = 200, problem: str = "") -> HttpResponse:
    user = signed_in(request)
    told = toast(request.GET.get("decided"), user)
    context = {"page": target_page(ref, user), "problem": problem, "toast": told, "queue": ""}
    return render(request, "web/target/page.html", context, status=status)
