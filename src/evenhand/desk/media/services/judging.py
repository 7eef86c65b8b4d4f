"""What people decide says how right lists are: each match of a decided case counts once, for its entry and its list."""

from __future__ import annotations

from django.db.models import F

from evenhand.desk.cases.queries import facts as cases
from evenhand.desk.enforcement.queries.decisions import Decision
from evenhand.desk.media.models import Entry, Match, Source
from evenhand.desk.media.services.opinions import propose
from evenhand.desk.policies import queries as policies

_DECIDING = (
    Decision.Kind.ACT, Decision.Kind.DISMISS, Decision.Kind.UPHOLD, Decision.Kind.OVERTURN, Decision.Kind.REVERSE,
)  # fmt: skip


def judged(decision: Decision) -> None:
    """Subscribed to decisions, behind due process: the item's matches are held against what its case says now."""
    if decision.kind not in _DECIDING or decision.decided_by is None:
        return
    found = Match.objects.filter(item_type=decision.item_type, item_id=decision.item_id)
    matches = list(found.filter(withdrawn_at__isnull=True).select_related("bank", "entry__source"))
    for match in matches:
        if match.case_id is None and decision.kind in (Decision.Kind.ACT, Decision.Kind.DISMISS):
            match.case_id = decision.case_id
            match.save(update_fields=["case"])
    for match in matches:
        _count(match, _outcome(match, decision))


def _outcome(match: Match, decision: Decision) -> str:
    """Empty: not decided, or acted on under another policy, which tells nothing of the match."""
    case = cases.case(match.case_id) if match.case_id else None
    if case is None or not case.outcome:
        return ""
    if case.outcome == "dismissed":
        return "dismissed"
    if decision.case_id != match.case_id:
        return match.outcome or "upheld"
    return "upheld" if decision.policy in _with_all_below(match.bank.policy) else ""


def _with_all_below(policy: str) -> set[str]:
    found = {policy}
    known = policies.current().policies.values()
    while more := {one.id for one in known if one.parent in found} - found:
        found |= more
    return found


def _count(match: Match, outcome: str) -> None:
    """An entry's record counts each match; a list's counts a medium once, however many of its hashes match."""
    if outcome == match.outcome:
        return
    before, match.outcome = match.outcome, outcome
    for column, by in ((before, -1), (outcome, 1)):
        if column:
            Entry.objects.filter(pk=match.entry_id).update(**{column: F(column) + by})
            if not _counted_by_another_hash(match, column):
                Source.objects.filter(entries=match.entry_id).update(**{column: F(column) + by})
    match.save(update_fields=["outcome"])
    propose(match, outcome)


def _counted_by_another_hash(match: Match, outcome: str) -> bool:
    """Of the same listed medium, on the same field of the item: `queries.browsing.outcomes` counts the same."""
    entry = match.entry
    others = Match.objects.filter(item_type=match.item_type, item_id=match.item_id, field=match.field, outcome=outcome)
    same = others.filter(entry__source=entry.source_id, entry__key=entry.key, bank=match.bank_id)
    return same.exclude(pk=match.pk).exists()
