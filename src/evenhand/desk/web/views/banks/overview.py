"""The pages of all banks, of their lists, and of media that wait."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.cases import services as cases
from evenhand.desk.enforcement import services as enforcement
from evenhand.desk.media import services
from evenhand.desk.media.queries import browsing
from evenhand.desk.web.pages.banks.known import look_rows
from evenhand.desk.web.pages.banks.lists import list_rows
from evenhand.desk.web.pages.banks.overview import overview, stranded_part
from evenhand.desk.web.pages.toast import toast

WITHDRAWN = "What it rested on was withdrawn by its list."


@requires(Permission.SEE_BANKS)
@never_cache
@require_safe
def banks(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "page": overview(user),
        "may_join": allowed(user, Permission.JOIN_LISTS),
        "toast": toast(request.GET.get("decided"), user),
        "queue": "",
    }
    return render(request, "web/banks/index.html", context)


@requires(Permission.DECIDE)
@require_POST
def dismiss_stranded(request: HttpRequest) -> HttpResponse:
    """No violation, for all cases that rest on nothing any more, as they were shown. One undo takes all back."""
    user, given = signed_in(request), request.POST
    part, shown = stranded_part(user), given.get("seen", "")
    try:
        if part is None or part.seen != shown:
            raise services.Invalid(_("These cases have changed since they were shown: look at them again."))  # noqa: TRY301 (told like the others)
        batch = enforcement.decide_each(
            {int(case): int(version) for case, _dash, version in (one.partition("-") for one in shown.split("."))},
            by=user, kind="dismiss", policy=None, reason=WITHDRAWN, typed=given.get("typed", ""),
        )  # fmt: skip
    except enforcement.NeedsTyping as typing:
        messages.error(request, _("This decides %(count)s cases: type %(count)s.") % {"count": typing.count})
    except (services.Invalid, enforcement.DecisionError, cases.CaseError) as why:
        messages.error(request, str(why))
    else:
        return redirect(f"{reverse('web:banks')}?{urlencode({'decided': batch.uid})}")
    return redirect("web:banks")


@requires(Permission.SEE_BANKS)
@never_cache
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "rows": list_rows(),
        "may_edit": allowed(user, Permission.EDIT_BANKS),
        "may_join": allowed(user, Permission.JOIN_LISTS),
        "now": timezone.now(),
    }
    return render(request, "web/banks/lists.html", context)


@requires(Permission.EDIT_BANKS)
@require_POST
def change_list(request: HttpRequest, name: str) -> HttpResponse:
    """Take it in now, agree to what it withdraws, switch it off or on. Back at its own place on the page."""
    who, do = actor(signed_in(request)), request.POST.get("do", "")
    try:
        told = _change_list(name, do, who)
    except services.MediaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return redirect(f"{reverse('web:lists')}#list-{name}")


def _change_list(name: str, do: str, who: str) -> str:
    match do:
        case "sync":
            services.ask_now(name)
            return _("%(list)s is taken in at the next turn, within seconds while a worker runs.") % {"list": name}
        case "consent":
            services.consent(name, actor=who)
            return _("Agreed: %(list)s may withdraw so many, and no more.") % {"list": name}
        case "off" | "on":
            services.change_source(name, actor=who, enabled=do == "on")
            return _("%(list)s is changed.") % {"list": name}
    raise Http404


@requires(Permission.SEE_CASES)
@never_cache
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    counts = [(one, browsing.looks_in(one)) for one in ("waiting", "unreachable", "gone", "undecodable")]
    context = {
        "rows": look_rows(browsing.open_looks(browsing.PAGE, state)),
        "state": state,
        "counts": dict(counts),
        "total": sum(count for _state, count in counts) + browsing.looks_in("fetching"),
        "page_size": browsing.PAGE,
        "may_retry": allowed(signed_in(request), Permission.DECIDE),
    }
    return render(request, "web/banks/looks.html", context)


@requires(Permission.DECIDE)
@require_POST
def retry(request: HttpRequest, look_id: int) -> HttpResponse:
    try:
        services.retry(look_id)
    except services.NoSuch as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is tried again at the next turn."))
    return redirect("web:looks")


@requires(Permission.DECIDE)
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    count = services.retry_all()
    messages.success(request, _("Tried again at the next turns: %(count)s.") % {"count": f"{count:,}"})
    return redirect("web:looks")
