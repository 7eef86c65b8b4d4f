"""The auditor's pages: what was recorded, and how to check it without trusting this desk. Payloads are not shown."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.desk.accounts.permissions import Permission, requires
from evenhand.desk.audit import keys, queries
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.forms import FilterForm, GrowthForm
from evenhand.desk.audit.queries.publications import published
from evenhand.engine.ledger.proofs import ProofError
from evenhand.engine.ledger.tree import leaf_hash

_LABELS = dict(Act.choices)


@requires(Permission.SEE_LEDGER)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, by act, actor and object; and the checkpoint to keep."""
    form = FilterForm(request.GET)
    valid = form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)} if valid else {}
    page = queries.page(**wanted) if valid else queries.Page([], None)
    older = urlencode({**wanted, "before": page.before}) if page.before is not None else ""
    context = {
        "form": form,
        "filtered": bool(wanted.keys() - {"before"}),
        "rows": [(row, _LABELS.get(row.act, row.act)) for row in page.rows],
        "older": older,
        "first": urlencode({name: value for name, value in wanted.items() if name != "before"}),
        "paged": "before" in wanted,
        "state": queries.state(),
        "note": queries.latest_note(),
        "published": published(),
        "vkey": keys.verifier(),
        "growth": GrowthForm(),
    }
    return render(request, "audit/ledger.html", context, status=200 if valid else 400)


@requires(Permission.SEE_LEDGER)
@require_safe
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry, its place in the tree, and how an outsider checks it."""
    row = _entry(seq)
    try:
        file = queries.proof_file(seq)
    except queries.NotSignedYetError:
        file = None
    context = {
        "row": row,
        "label": _LABELS.get(row.act, row.act),
        "leaf": _base64(leaf_hash(row.body.encode())),
        "has_payload": bool(queries.with_payload([seq])),
        "file": file,
        "steps": [_base64(step) for step in file.proof] if file else [],
        "vkey": keys.verifier(),
    }
    return render(request, "audit/entry.html", context)


@requires(Permission.SEE_LEDGER)
@require_safe
def proof(_request: HttpRequest, seq: int) -> HttpResponse:
    """The proof of one entry as a file (C2SP tlog-proof@v1)."""
    _entry(seq)
    try:
        return _file(str(queries.proof_file(seq)), f"ledger-{seq}.tlog-proof")
    except queries.NotSignedYetError as error:
        return _text(str(error), status=409)


@requires(Permission.SEE_LEDGER)
@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The last checkpoint as a file, to be kept where the operator cannot reach it."""
    note = queries.latest_note()
    if note is None:
        return _text("Nothing is signed yet: a checkpoint comes within a minute of the first entry.", status=409)
    return _file(note, f"checkpoint-{queries.state().signed}.txt")


@requires(Permission.SEE_LEDGER)
@require_safe
def growth(request: HttpRequest) -> HttpResponse:
    """The proof, for somebody who kept a checkpoint, that the ledger only grew since."""
    form = GrowthForm(request.GET)
    if not form.is_valid():
        return _text("\n".join(f"old: {error}" for errors in form.errors.values() for error in errors), status=400)
    old = form.cleaned_data["old"]
    try:
        return _file(str(queries.growth_file(old)), f"growth-from-{old}.txt")
    except (ProofError, queries.NotSignedYetError) as error:
        return _text(str(error), status=409)


def _entry(seq: int) -> queries.EntryRow:
    try:
        return queries.entry(seq)
    except queries.NoSuchEntryError as error:
        raise Http404(str(error)) from None


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _text(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=status)


def _file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
