"""What a list's owner is told of an entry: proposed by decisions, said by people, and said anew when refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils import timezone

from evenhand.desk.accounts.permissions import actor as actor_of
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.media.errors import Invalid, NoSuch
from evenhand.desk.media.models import Entry, Feedback, Match
from evenhand.desk.media.queries.browsing import reasons_against
from evenhand.desk.media.services.ports import Opinion
from evenhand.desk.media.services.sources import FILE

UNSETTLED: Final = (Feedback.State.PROPOSED, Feedback.State.FAILED, Feedback.State.REFUSED)
"""A person can say it, say it otherwise, or say that nothing is told."""


def propose(match: Match, outcome: str) -> None:
    """An opinion for the list's owner, which leaves only when a person confirms it."""
    Feedback.objects.filter(match=match, state=Feedback.State.PROPOSED).delete()
    source = match.entry.source
    if not outcome or source is None or source.kind == FILE:
        return
    opinion = Feedback.Opinion.UP if outcome == "upheld" else Feedback.Opinion.DOWN
    open_ = Feedback.objects.filter(
        entry=match.entry, opinion=opinion, state__in=(*UNSETTLED, Feedback.State.CONFIRMED)
    )
    if not open_.exists():
        Feedback.objects.create(entry=match.entry, opinion=opinion, match=match, proposed_at=timezone.now())


def give_feedback(entry_id: int, opinion: Opinion, *, reason: str, by: User) -> Feedback:
    """A person says so, anew where it did not arrive yet; the list's owner is sent it. Raises NoSuch, Invalid."""
    entry = Entry.objects.select_related("source").filter(pk=entry_id).first()
    if entry is None:
        raise NoSuch(f"There is no entry {entry_id}.")
    if entry.source is None or entry.source.kind == FILE:
        raise Invalid("Nobody can be told: the entry was added here, or comes from a file.")
    with transaction.atomic():
        found = _said(entry, opinion, reason) or Feedback.objects.create(
            entry=entry, opinion=opinion, proposed_at=timezone.now()
        )
        return confirm_feedback(found.pk, reason=reason, by=by)


def _said(entry: Entry, opinion: Opinion, reason: str) -> Feedback | None:
    """What is open of it already. Raises Invalid: it arrived, or is on its way as it is."""
    said = Feedback.objects.select_for_update().filter(entry=entry, opinion=opinion)
    if said.filter(state=Feedback.State.SENT).exists():
        raise Invalid("The list's owner was told this already.")
    on_its_way = said.filter(state=Feedback.State.CONFIRMED).first()
    if on_its_way is not None and on_its_way.reason == reason[:255]:
        raise Invalid("This is on its way to the list's owner already.")
    return on_its_way or said.filter(state__in=UNSETTLED).order_by("-pk").first()


def confirm_feedback(feedback_id: int, *, reason: str, by: User) -> Feedback:
    """Raises NoSuch: it is not there, or was settled already; Invalid: its owner does not take this reason."""
    found = Feedback.objects.select_related("entry__source").filter(pk=feedback_id)
    feedback = found.filter(state__in=(*UNSETTLED, Feedback.State.CONFIRMED)).first()
    if feedback is None or feedback.entry.source is None:
        raise NoSuch("This feedback was settled already, or there is none.")
    if feedback.opinion == Feedback.Opinion.DOWN:
        _check(feedback.entry, reason)
    now = timezone.now()
    feedback.state, feedback.reason, feedback.tries, feedback.error = Feedback.State.CONFIRMED, reason[:255], 0, ""
    feedback.confirmed_by, feedback.confirmed_at, feedback.due_at = by, now, now
    payload = {"list": feedback.entry.source.name, "opinion": feedback.opinion, "reason": feedback.reason}
    with transaction.atomic():
        feedback.save()
        record(Act.FEEDBACK_GIVEN, actor=actor_of(by), obj=f"entry:{feedback.entry_id}", payload=payload)
    return feedback


def _check(entry: Entry, reason: str) -> None:
    takes = reasons_against(entry)
    if takes and reason.strip().lower() not in {one.lower() for one in takes}:
        assert entry.source is not None
        given = f"no “{reason[:60]}”" if reason.strip() else "nothing without a reason"
        raise Invalid(f"{entry.source.name} takes {given} against this medium. It takes: {', '.join(takes)}.")


def drop_feedback(ids: Iterable[int]) -> int:
    """Nothing is sent. How many of these."""
    return Feedback.objects.filter(pk__in=list(ids), state__in=UNSETTLED).update(state=Feedback.State.DROPPED)
