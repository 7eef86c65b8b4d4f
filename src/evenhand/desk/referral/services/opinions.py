"""Asking a peer for a second opinion, and answering. Nothing is enforced by either."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.desk.accounts.permissions import actor
from evenhand.desk.accounts.queries import User
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.services import record
from evenhand.desk.cases import services as cases
from evenhand.desk.cases.queries import Case
from evenhand.desk.policies import queries as policies
from evenhand.desk.referral.models import Opinion
from evenhand.desk.referral.queries import opinions, peers
from evenhand.desk.referral.services.errors import CannotAnswer, CannotAsk

LASTS: Final = timedelta(hours=24)
"""So long a question waits for its answer."""
MOST_TEXT: Final = 1_000


def ask(case_id: int, by: User) -> Opinion:
    """Ask one peer about an open case: the desk chooses who, so that nobody picks the opinion they want.

    Raises CannotAsk; cases.Barred, cases.NoSuchCase.
    """
    with transaction.atomic():
        case = cases.lock(case_id)
        if case.state != Case.State.OPEN:
            raise CannotAsk(_("This case is decided: there is nothing to ask any more."))
        cases.may_decide(case, by)
        if opinions.waiting_on(case.pk):
            raise CannotAsk(_("Somebody is asked already: wait for the answer, or take the question back."))
        peer = next((one for one in peers.of(case, but=by) if not cases.is_spared(case, one)), None)
        if peer is None:
            raise CannotAsk(_("There is nobody to ask: no other person may decide this case who was not asked yet."))
        now = timezone.now()
        opinion = Opinion.objects.create(case=case, asker=by, peer=peer, asked_at=now, until=now + LASTS)
        record(
            Act.OPINION_ASKED,
            actor=actor(by),
            obj=f"case:{case.pk}",
            payload={"opinion": opinion.pk, "peer": peer.pseudonym, "until": opinion.until.isoformat()},
        )
    return opinion


def withdraw(opinion_id: int, by: User) -> Opinion:
    """Who asked does not need the answer any more. Raises CannotAnswer: it is answered, or is not theirs."""
    with transaction.atomic():
        opinion = _lock(opinion_id)
        if opinion is None or opinion.asker_id != by.pk or opinion.answered_at or opinion.withdrawn_at:
            raise CannotAnswer(_("This question cannot be taken back: it is answered, or is not yours."))
        opinion.withdrawn_at = timezone.now()
        opinion.save(update_fields=["withdrawn_at"])
        record(
            Act.OPINION_WITHDRAWN,
            actor=actor(by),
            obj=f"case:{opinion.case_id}",
            payload={"opinion": opinion.pk},
        )
    return opinion


def answer(opinion_id: int, by: User, *, answer: str, policy: str | None, text: str) -> Opinion:
    """What the peer thinks. `policy` is kept where the answer is yes. Raises CannotAnswer."""
    text = " ".join(text.replace("\x00", "\ufffd").split())
    _complete(answer, policy, text)
    with transaction.atomic():
        opinion = _lock(opinion_id)
        if opinion is None or opinion.peer_id != by.pk or not opinions.waits(opinion):
            raise CannotAnswer(_("This is not asked of you any more: it was decided, taken back, or its time is over."))
        opinion.answered_at, opinion.answer, opinion.text = timezone.now(), answer, text
        opinion.policy = policy if answer == Opinion.Answer.YES else None
        opinion.save(update_fields=["answered_at", "answer", "policy", "text"])
        record(
            Act.OPINION_GIVEN,
            actor=actor(by),
            obj=f"case:{opinion.case_id}",
            payload={"opinion": opinion.pk, "answer": answer, "policy": opinion.policy, "text": text},
            policy_version=policies.current().version,
        )
    return opinion


def _complete(answer: str, policy: str | None, text: str) -> None:
    if answer not in Opinion.Answer.values:
        raise CannotAnswer(_("Say yes, no or unsure."))
    if answer == Opinion.Answer.YES and policy not in policies.current().policies:
        raise CannotAnswer(_("Say which policy it breaks."))
    if not 0 < len(text) <= MOST_TEXT:
        raise CannotAnswer(_("Say why, in a sentence of at most %(most)s characters.") % {"most": MOST_TEXT})


def _lock(opinion_id: int) -> Opinion | None:
    found = Opinion.objects.filter(pk=opinion_id).select_related("case")
    if connection.features.has_select_for_update:
        found = found.select_for_update(of=("self",))
    return found.first()
