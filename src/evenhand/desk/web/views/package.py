"""Escalating a case: a package for counsel, police or another platform."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evenhand.desk.accounts.permissions import Permission, requires, signed_in
from evenhand.desk.referral import services as referral
from evenhand.desk.referral.services import CannotPackage, For
from evenhand.desk.web.answers import queue_of, seen
from evenhand.desk.web.pages.package import LEFT_OUT, files, package_page


@requires(Permission.ESCALATE)
@never_cache
@require_http_methods(["GET", "POST"])
def package(request: HttpRequest, case_id: int) -> HttpResponse:
    """The form; then the package itself, which the desk does not keep."""
    user = signed_in(request)
    case = seen(case_id, user)
    problem, status = "", 200
    whom = For(*(request.POST.get(name, "") for name in ("recipient", "name", "reason")))
    if request.method == "POST":
        try:
            made, content = referral.make(case.pk, user, whom, files(case, user, whom))
        except CannotPackage as refused:
            problem, status = str(refused), 422
        else:
            name = f"evenhand-case-{case.pk}-{made.manifest[:8]}.zip"
            headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
            return HttpResponse(content, content_type="application/zip", headers=headers)
    context = {
        "page": package_page(case), "problem": problem, "whom": whom, "queue": queue_of(request), "left_out": LEFT_OUT,
    }  # fmt: skip
    return render(request, "web/package/page.html", context, status=status)
