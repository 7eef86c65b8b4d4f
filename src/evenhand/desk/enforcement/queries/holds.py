"""What rules, banks and licences hold while a case waits."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db.models import Exists, OuterRef

from evenhand.desk.cases.queries.sight import Sight
from evenhand.desk.enforcement.models import Audit, Decision, Hold
from evenhand.engine.model import Ref

__all__ = ["Hold", "one", "open_hold", "page"]


def open_hold(ref: Ref) -> Hold | None:
    """The hold that hides this item now."""
    found = Hold.objects.filter(item_type=ref.type, item_id=ref.id, ended_at__isnull=True)
    return found.select_related("decision").first()


def page(
    mine: Sight, *, before: int | None, limit: int, open_: bool | None = None, policy: str | None = None
) -> list[Hold]:
    """Up to `limit` holds with numbers below `before` on cases that this person sees, the newest first. Audits are left
    out while they are open: who decides them is not told of the hold."""
    audited = Audit.objects.filter(case=OuterRef("decision__case"), case__state="open")
    found = Hold.objects.filter(decision__case__queue__in=mine.queues).exclude(
        Exists(audited), cause=Hold.Cause.LICENCE
    )
    if before is not None:
        found = found.filter(pk__lt=before)
    if open_ is not None:
        found = found.filter(ended_at__isnull=open_)
    if policy is not None:
        found = found.filter(decision__policy=policy)
    rows = found.select_related("decision__case").order_by("-pk").iterator(chunk_size=limit)
    return list(islice((hold for hold in rows if _sees(mine, hold)), limit))


def one(hold_id: int, mine: Sight) -> Hold | None:
    """One hold; None where this person does not see its case, or is not told of it."""
    hold = Hold.objects.filter(pk=hold_id).select_related("decision__case").first()
    return hold if hold and _sees(mine, hold) and not blind([hold.decision]) else None


def _sees(mine: Sight, hold: Hold) -> bool:
    case = hold.decision.case
    return case is not None and mine.sees(case)


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
