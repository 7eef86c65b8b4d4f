"""What people decide says how right lists are: each match of a decided case counts once, for its entry and its list."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor as actor_of
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases.queries import facts as cases
from evenhand.desk.enforcement.queries.decisions import Decision
from evenhand.desk.media.errors import Invalid, NoSuch
from evenhand.desk.media.models import Entry, Feedback, Match, Source
from evenhand.desk.media.services.ports import Opinion
from evenhand.desk.media.services.sources import FILE
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
    _propose(match, outcome)


def _counted_by_another_hash(match: Match, outcome: str) -> bool:
    """Of the same listed medium, on the same field of the item: `queries.browsing.outcomes` counts the same."""
    entry = match.entry
    others = Match.objects.filter(item_type=match.item_type, item_id=match.item_id, field=match.field, outcome=outcome)
    same = others.filter(entry__source=entry.source_id, entry__key=entry.key, bank=match.bank_id)
    return same.exclude(pk=match.pk).exists()


def _propose(match: Match, outcome: str) -> None:
    """An opinion for the list's owner, which leaves only when a person confirms it."""
    Feedback.objects.filter(match=match, state=Feedback.State.PROPOSED).delete()
    source = match.entry.source
    if not outcome or source is None or source.kind == FILE:
        return
    opinion = Feedback.Opinion.UP if outcome == "upheld" else Feedback.Opinion.DOWN
    open_ = Feedback.objects.filter(
        entry=match.entry, opinion=opinion, state__in=(Feedback.State.PROPOSED, Feedback.State.CONFIRMED)
    )
    if not open_.exists():
        Feedback.objects.create(entry=match.entry, opinion=opinion, match=match, proposed_at=timezone.now())


def give_feedback(entry_id: int, opinion: Opinion, *, reason: str, by: User) -> Feedback:
    """A person says so; it is sent to the list's owner. Raises NoSuch, Invalid."""
    entry = Entry.objects.select_related("source").filter(pk=entry_id).first()
    if entry is None:
        raise NoSuch(f"There is no entry {entry_id}.")
    if entry.source is None or entry.source.kind == FILE:
        raise Invalid("Nobody can be told: the entry was added here, or comes from a file.")
    told = (Feedback.State.CONFIRMED, Feedback.State.SENT)
    with transaction.atomic():
        if Feedback.objects.filter(entry=entry, opinion=opinion, state__in=told).exists():
            raise Invalid("The list's owner was told this already.")
        found, _made = Feedback.objects.get_or_create(
            entry=entry,
            opinion=opinion,
            state=Feedback.State.PROPOSED,
            defaults={"proposed_at": timezone.now()},
        )
        return confirm_feedback(found.pk, reason=reason, by=by)


def confirm_feedback(feedback_id: int, *, reason: str, by: User) -> Feedback:
    """Raises NoSuch: it is not there, or was settled already."""
    found = Feedback.objects.select_related("entry__source").filter(pk=feedback_id)
    feedback = found.filter(state__in=(Feedback.State.PROPOSED, Feedback.State.FAILED)).first()
    if feedback is None or feedback.entry.source is None:
        raise NoSuch("This feedback was settled already, or there is none.")
    now = timezone.now()
    feedback.state, feedback.reason, feedback.tries, feedback.error = Feedback.State.CONFIRMED, reason[:255], 0, ""
    feedback.confirmed_by, feedback.confirmed_at, feedback.due_at = by, now, now
    payload = {"list": feedback.entry.source.name, "opinion": feedback.opinion, "reason": feedback.reason}
    with transaction.atomic():
        feedback.save()
        record(Act.FEEDBACK_GIVEN, actor=actor_of(by), obj=f"entry:{feedback.entry_id}", payload=payload)
    return feedback


def drop_feedback(ids: Iterable[int]) -> int:
    """Nothing is sent. How many of these."""
    return Feedback.objects.filter(pk__in=list(ids), state=Feedback.State.PROPOSED).update(state=Feedback.State.DROPPED)
