"""What would follow from each action, told anew when another policy is chosen or a reason is written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.enforcement.services.telling import known
from evenhand.desk.policies import queries as policies
from evenhand.desk.web.answers import seen
from evenhand.desk.web.pages import form
from evenhand.desk.web.pages.follows import follows
from evenhand.engine.model import Ref


@requires(Permission.DECIDE)
@never_cache
@require_POST
def show(request: HttpRequest, case_id: int) -> HttpResponse:
    case = seen(case_id, signed_in(request))
    reason = request.POST.get("reason", "").strip()[: form.LONGEST_REASON]
    item = known(Ref(case.item_type, case.item_id))
    told = follows(case, item, form.policy(request.POST), reason, policies.current())
    return render(request, "web/case/follows.html", {"page": {"case": case}, "follows": told})
