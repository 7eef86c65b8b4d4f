"""What rules, banks and licences hold while a case waits."""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.desk.enforcement.models import Audit, Decision, Hold
from evenhand.engine.model import Ref

__all__ = ["Hold", "open_hold"]


def open_hold(ref: Ref) -> Hold | None:
    """The hold that hides this item now."""
    found = Hold.objects.filter(item_type=ref.type, item_id=ref.id, ended_at__isnull=True)
    return found.select_related("decision").first()


def blind(decisions: Iterable[Decision]) -> set[int]:
    """Of these decisions, the holds by licence on open cases that are audits: nobody is told before they decide."""
    licensed = f"{Hold.Cause.LICENCE}:"
    cases = {
        one.case_id: one.pk
        for one in decisions
        if one.kind == Decision.Kind.HOLD and one.case_id and one.key_name.startswith(licensed)
    }
    if not cases:
        return set()
    audited = Audit.objects.filter(case__in=cases, case__state="open").values_list("case", flat=True)
    return {cases[case] for case in audited}


def was_audit(case_id: int) -> bool:
    """Whether a decided case was a random audit. Not asked of open ones."""
    return Audit.objects.filter(case=case_id, case__state="closed").exists()
