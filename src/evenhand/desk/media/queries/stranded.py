"""Open cases that rest on nothing any more: what matched was withdrawn, and neither reports nor signals are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef

from evenhand.desk.cases.queries import Case
from evenhand.desk.media.models import Match
from evenhand.engine.model import Ref

_SPEAKING = frozenset({"signal", "reports"})
"""Terms of a case's rank that somebody, or something, speaks for it."""


def among(found: Iterable[Case]) -> set[int]:
    """Which of these cases do. Asks nothing where none can be."""
    bare = {Ref(case.item_type, case.item_id): case.pk for case in found if _may_be(case)}
    if not bare:
        return set()
    matched = Match.objects.filter(item_id__in=[ref.id for ref in bare], withdrawn_at__isnull=False)
    gone = {Ref(*row) for row in matched.values_list("item_type", "item_id").distinct()}
    return {pk for ref, pk in bare.items() if ref in gone}


def cases(limit: int) -> list[Case]:
    """The oldest first."""
    gone = Match.objects.filter(
        item_type=OuterRef("item_type"), item_id=OuterRef("item_id"), withdrawn_at__isnull=False
    )
    open_ = Case.objects.filter(
        Exists(gone), state=Case.State.OPEN, kind=Case.Kind.REVIEW, policy__isnull=True, deciding=False
    )
    return [case for case in open_.order_by("pk")[:limit] if _may_be(case)]


def _may_be(case: Case) -> bool:
    is_open = case.state == Case.State.OPEN and case.kind == Case.Kind.REVIEW
    return is_open and case.policy is None and _nothing_speaks(case.why)


def _nothing_speaks(why: Mapping[str, Any]) -> bool:
    names = {term.get("name") for term in why.get("terms", [])}
    return bool(names) and not names & _SPEAKING
