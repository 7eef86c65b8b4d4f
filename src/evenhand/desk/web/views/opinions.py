"""Second opinions: asked on the case page, given on a page of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.cases.services import Barred
from evenhand.desk.referral import services as referral
from evenhand.desk.referral.queries import opinions
from evenhand.desk.web.addresses import case_url
from evenhand.desk.web.answers import by_htmx, queue_of, seen, show_case
from evenhand.desk.web.pages.opinions import opinion_page


@requires(Permission.DECIDE)
@require_POST
def ask(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask a peer about this case; the desk chooses whom."""
    user = signed_in(request)
    case = seen(case_id, user)
    try:
        opinion = referral.ask(case_id, user)
    except (referral.CannotAsk, Barred) as problem:
        return show_case(request, case, status=409, problems=[str(problem)])
    told = _("%(peer)s is asked what they think.") % {"peer": opinion.peer.pseudonym}
    return _back(request, case_id, told)


@requires(Permission.DECIDE)
@require_POST
def withdraw(request: HttpRequest, case_id: int, opinion_id: int) -> HttpResponse:
    user = signed_in(request)
    case = seen(case_id, user)
    try:
        referral.withdraw(opinion_id, user)
    except referral.CannotAnswer as problem:
        return show_case(request, case, status=409, problems=[str(problem)])
    return _back(request, case_id, _("The question is taken back."))


@requires(Permission.DECIDE)
@never_cache
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, opinion_id: int) -> HttpResponse:
    """What is asked of this person, and their answer."""
    user = signed_in(request)
    found = opinions.asked(opinion_id, user)
    if found is None:
        raise Http404(_("There is no such question to you, or it was taken back."))
    problem, status = "", 200
    given = {name: request.POST.get(name, "") for name in ("answer", "policy", "text")}
    if request.method == "POST":
        try:
            referral.answer(
                opinion_id, user, answer=given["answer"], policy=given["policy"] or None, text=given["text"]
            )
        except referral.CannotAnswer as refused:
            problem, status = str(refused), 422
            found = opinions.asked(opinion_id, user) or found
        else:
            messages.success(request, _("Kept: whoever decides the case reads it."))
            return redirect("web:queue")
    context = {"page": opinion_page(found), "problem": problem, "given": given}
    return render(request, "web/opinions/page.html", context, status=status)


def _back(request: HttpRequest, case_id: int, say: str) -> HttpResponse:
    if by_htmx(request):
        return show_case(request, seen(case_id, signed_in(request)), say=say)
    return redirect(case_url(case_id, queue_of(request)))
