"""The page of one bank, and adding to it by hash or by file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.accounts.permissions import Permission, actor, allowed, requires, signed_in
from evenhand.desk.cases.queries.sight import sight
from evenhand.desk.media import hashes, services
from evenhand.desk.media.services import adding
from evenhand.desk.web.pages.banks import words
from evenhand.desk.web.pages.banks.bank import asked_of, bank_page
from evenhand.desk.web.pages.banks.form import BankForm

ADDABLE = ("pdq", "md5", "sha1", "sha256", "video_md5")
"""Kinds that a person can paste."""


@requires(Permission.SEE_BANKS)
@never_cache
@require_safe
def bank(request: HttpRequest, name: str) -> HttpResponse:
    return _show(request, name)


@requires(Permission.EDIT_RULES)
@require_POST
def add_hash(request: HttpRequest, name: str) -> HttpResponse:
    given = request.POST
    kind = given.get("kind", "")
    try:
        if kind not in ADDABLE:
            raise services.Invalid(_("Say which kind of hash it is."))  # noqa: TRY301 (told like the others)
        value = hashes.from_hex(kind, given.get("value", ""))
        more = {"classification": given.get("classification", ""), "note": given.get("note", "")}
        rows = services.add_entry(name, {kind: value}, actor=actor(signed_in(request)), **more)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    except services.Invalid as error:
        return _show(request, name, refusal=str(error), given=given, status=422)
    messages.success(request, _("Added. It matches from now on, and is searched for in what was seen before."))
    return redirect("web:entry", rows[0].pk)


@requires(Permission.EDIT_RULES)
@require_POST
def add_file(request: HttpRequest, name: str) -> HttpResponse:
    """Hashed in the sandbox; of the file itself nothing is kept."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise services.Invalid(_("Choose a file of up to 20 MB."))  # noqa: TRY301 (told like the others)
        more = {"classification": request.POST.get("classification", ""), "note": request.POST.get("note", "")}
        rows = adding.add_file(name, file.read(), actor=actor(signed_in(request)), **more)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    except services.Invalid as error:
        return _show(request, name, refusal=str(error), given=request.POST, status=422)
    messages.success(request, _("Added by its hashes. The file itself was discarded."))
    if not adding.has_look(rows):
        messages.warning(request, _("Its look cannot be matched, there is too little in it: only the same file is."))
    return redirect("web:entry", rows[0].pk)


@requires(Permission.EDIT_BANKS)
@require_POST
def change(request: HttpRequest, name: str) -> HttpResponse:
    """What a match in it means. Fields that are left out stay as they are."""
    form = BankForm(request.POST)
    try:
        if not form.is_valid():
            raise services.Invalid(" ".join(str(told) for all_ in form.errors.values() for told in all_))  # noqa: TRY301 (told like the others)
        services.change_bank(name, actor=actor(signed_in(request)), **form.cleaned_data)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    except services.Invalid as error:
        return _show(request, name, refusal=str(error), settings=form, status=422)
    messages.success(request, _("Changed. It counts from now on."))
    return redirect("web:bank", name)


def _show(
    request: HttpRequest,
    name: str,
    *,
    refusal: str = "",
    given: Any = None,
    settings: BankForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    try:
        page = bank_page(name, asked_of(request.GET), sight(user).hidden)
    except services.NoSuch as error:
        raise Http404(str(error)) from error
    context = {
        "page": page,
        "may_edit": allowed(user, Permission.EDIT_RULES),
        "may_change": allowed(user, Permission.EDIT_BANKS),
        "may_see": allowed(user, Permission.SEE_CASES),
        "addable": [(one, words.kind(one)) for one in ADDABLE],
        "refusal": refusal,
        "given": given or {},
        "settings": settings or BankForm.of(page.bank),
    }
    return render(request, "web/banks/bank.html", context, status=status)
