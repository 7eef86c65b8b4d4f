"""The pages of one listed medium and of one match, and what is told to a list's owner."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.media import services
from evenhand.desk.media.queries import browsing
from evenhand.desk.media.services.ports import Opinion
from evenhand.desk.web.pages.banks.entry import entry_page
from evenhand.desk.web.pages.banks.match import match_page
from evenhand.desk.web.pages.banks.opinion import needs_reason

DAYS = (1, 7, 30, 365)
"""For so long an entry can be switched off."""


@requires(Permission.SEE_BANKS)
@never_cache
@require_safe
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = signed_in(request)
    try:
        page = entry_page(entry_id, sight(user).hidden)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    context = {
        "page": page,
        "may_edit": allowed(user, Permission.EDIT_RULES),
        "may_see": allowed(user, Permission.SEE_CASES),
        "days": DAYS,
    }
    return render(request, "web/banks/entry.html", context)


@requires(Permission.EDIT_RULES)
@require_POST
def change_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Off for some days, on again, kept, rejected, or withdrawn (what was added here)."""
    who, do = actor(signed_in(request)), request.POST.get("do", "")
    try:
        told = _change(entry_id, do, request.POST.get("days", ""), request.POST.get("reason", ""), who)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    except services.Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return redirect("web:entry", entry_id)


def _change(entry_id: int, do: str, days: str, reason: str, who: str) -> str:
    note = reason.strip() or None
    match do:
        case "off" if days in {str(one) for one in DAYS}:
            until = timezone.now() + timedelta(days=int(days))
            services.change_entry(entry_id, actor=who, disabled_until=until, note=note)
            return _("It matches nothing until %(day)s UTC.") % {"day": f"{until:%Y-%m-%d %H:%M}"}
        case "on":
            services.change_entry(entry_id, actor=who, enable=True, note=note)
            return _("It matches again.")
        case "rejected":
            services.change_entry(entry_id, actor=who, review="rejected", note=note)
            return _("Rejected: it matches nothing, whatever its list says, and what rested on it alone is withdrawn.")
        case "kept":
            services.change_entry(entry_id, actor=who, review="kept", note=note)
            return _("Reviewed and kept.")
        case "withdraw":
            services.withdraw_entry(entry_id, actor=who, reason=reason.strip())
            return _("Withdrawn: it matches nothing, and what rested on it alone is withdrawn, too.")
    raise services.Invalid(_("Say what to do with it."))


@requires(Permission.SEE_CASES)
@never_cache
@require_safe
def match(request: HttpRequest, match_id: int) -> HttpResponse:
    user = signed_in(request)
    try:
        page = match_page(match_id, user)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    return render(request, "web/banks/match.html", {"page": page, "may_tell": allowed(user, Permission.DECIDE)})


@requires(Permission.DECIDE)
@require_POST
def tell(request: HttpRequest, entry_id: int) -> HttpResponse:
    """A person says what the list's owner is told, or that nothing is."""
    given, told = request.POST, _("Nothing is told.")
    try:
        if given.get("do") != "drop":
            opinion, reason = _opinion(given)
            if opinion == "down" and not reason and needs_reason(browsing.medium(entry_id)[0]):
                raise services.Invalid(_("Say why: the list's owner takes no disagreement without a reason."))
            services.give_feedback(entry_id, opinion, reason=reason, by=signed_in(request))
            told = _("Confirmed. It goes to the list's owner at the next turn.")
        services.drop_feedback(browsing.unsettled_of_medium(entry_id))
        messages.success(request, told)
    except services.MediaError as error:
        messages.error(request, str(error))
    back = given.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("web:entry", entry_id)


def _opinion(given: QueryDict) -> tuple[Opinion, str]:
    """With its reason: a choice may name both."""
    said, _colon, chosen = given.get("opinion", "").partition(":")
    reason = chosen.strip() or given.get("reason", "").strip()
    match said:
        case "up":
            return "up", reason
        case "down":
            return "down", reason
    raise services.Invalid(_("Say whether we agree or disagree."))
