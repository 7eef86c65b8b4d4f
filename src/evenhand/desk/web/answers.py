"""Answers that several verbs of the case page share: the case itself, and the next one."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from evenhand.desk.accounts.permissions import signed_in
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case, history
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.addresses import case_url, queue_url
from evenhand.desk.web.pages.case import CasePage, case_page
from evenhand.desk.web.pages.follows import Follows, follows
from evenhand.desk.web.pages.toast import Toast

MOST_SKIPPED = 30
MOST_DIGITS = 19


def by_htmx(request: HttpRequest) -> bool:
    """Whether the page's own script asks, and puts the answer in place itself."""
    return request.headers.get("HX-Request") == "true"


def seen(case_id: int, user: User) -> Case:
    """Raises Http404, also when the case is not for this person: its number tells nothing."""
    case = history.case(case_id)
    if case is None or not sight(user).sees(case):
        raise Http404(_("There is no case %(number)s, or it is in a queue that is not yours.") % {"number": case_id})
    return case


def taken(case: Case, user: User) -> Case:
    """With the lease, when it can be had; else as it is: the page tells who holds it."""
    if case.state != Case.State.OPEN:
        return case
    try:
        return cases.take(case.pk, user)
    except (cases.Held, cases.Closed, cases.Barred):
        return fresh(case)


def fresh(case: Case) -> Case:
    """As it is by now."""
    return history.case(case.pk) or case


def queue_of(request: HttpRequest) -> str:
    """The queue that the person works through; "" for all."""
    return request.POST.get("queue") or request.GET.get("queue") or ""


def skipped_of(request: HttpRequest) -> list[int]:
    """The cases that the person skipped on their way, as the page carries them along."""
    said = request.POST.get("skipped") or request.GET.get("skipped") or ""
    return [int(one) for one in said.split(".") if one.isdecimal() and len(one) < MOST_DIGITS][-MOST_SKIPPED:]


def skipped_text(request: HttpRequest) -> str:
    """How the page carries them along."""
    return ".".join(map(str, skipped_of(request)))


def show_case(
    request: HttpRequest,
    case: Case,
    *,
    status: int = 200,
    toast: Toast | None = None,
    policy: str | None = None,
    skipped: str = "",
    **more: Any,
) -> HttpResponse:
    queue, skipped = queue_of(request), skipped or skipped_text(request)
    page = case_page(case, signed_in(request), policy=policy, why_not=request.GET.get("why_not", ""))
    told = _follows(page, policy, str(more.get("reason", "")))
    context = {
        "page": page,
        "follows": told,
        "queue": queue,
        "skipped": skipped,
        "toast": toast,
        "shown": time.time(),
        **more,
    }
    response = render(request, "web/case/page.html", context, status=status)
    if by_htmx(request):
        response["HX-Push-Url"] = case_url(case.pk, queue, skipped=skipped)
    return response


def _follows(page: CasePage, policy: str | None, reason: str) -> Follows | None:
    """Only who may decide it now is told what would follow."""
    if not (page.open and page.may_decide and page.lease.mine) or page.case.shown_kind != "review":
        return None
    known = page.around.content.known
    return follows(page.case, known.item if known else None, policy or page.case.policy, reason, policies.current())


def follow(
    request: HttpRequest, case: Case | None, *, toast: Toast | None = None, say: str = "", skipped: str = ""
) -> HttpResponse:
    """The next case, in this very answer when htmx asks; the queue when there is none."""
    queue = queue_of(request)
    decided = {"decided": toast.uid} if toast else {}
    if case is None:
        to = queue_url(queue, **decided)
        return HttpResponseClientRedirect(to) if by_htmx(request) else redirect(to)
    if by_htmx(request):
        return show_case(request, case, toast=toast, say=say, skipped=skipped)
    return redirect(case_url(case.pk, queue, skipped=skipped or skipped_text(request), **decided))


def tell(request: HttpRequest, say: str, *, good: bool = False) -> HttpResponse:
    """Back to the case that the form names as `back`, or to the queue, with a sentence."""
    back = request.POST.get("back", "")
    if by_htmx(request) and back.isdecimal():
        case = seen(int(back), signed_in(request))
        return show_case(request, case, say=say) if good else show_case(request, case, status=409, problems=[say])
    messages.add_message(request, messages.SUCCESS if good else messages.ERROR, say)
    queue = queue_of(request)
    to = case_url(int(back), queue) if back.isdecimal() else queue_url(queue)
    return HttpResponseClientRedirect(to) if by_htmx(request) else redirect(to)
