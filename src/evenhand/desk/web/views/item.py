"""The page of an item that need not be in any case: its words, author, history, and its cases if it has some."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.cases.queries import history
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.intake.queries import items
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.pages.around import surroundings
from evenhand.desk.web.pages.search import MADE, hits
from evenhand.engine.model import Ref


@requires(Permission.SEARCH)
@never_cache
@require_GET
def item(request: HttpRequest) -> HttpResponse:
    """Ids of platforms may hold anything, so they are in the query."""
    user = signed_in(request)
    ref = Ref(request.GET.get("type", ""), request.GET.get("id", ""))
    hidden = sight(user).hidden
    known = ref in items.known([ref])
    if not known or any(case.policy in hidden for case in history.cases_of(ref, but=0)):
        raise Http404(_("The desk does not know such an item, or it is in a case that is not yours."))
    snapshot = policies.current()
    around = surroundings(ref, user, snapshot)
    made = hits(items.by_author(ref, MADE), sight(user), snapshot)[0] if around.content.kind == "user" else []
    return render(request, "web/item/page.html", {"around": around, "made": made})
