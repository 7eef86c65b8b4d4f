"""What follows from each action on a case, before it is taken: who is asked to do it, what the judged person is told,
and how it is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from evenhand.desk.cases.queries import Case
from evenhand.desk.enforcement.services import hiding
from evenhand.desk.enforcement.services.telling import Occasion, languages, missing, told
from evenhand.desk.policies.queries import Snapshot
from evenhand.desk.web.pages import choices
from evenhand.engine.model import Item, Ref
from evenhand.engine.platform import Action
from evenhand.engine.platform.telling import Told, Unfilled, When
from evenhand.runtime import config

NOT_YET = "…"
"""Stands for the id that the decision will have."""


class Effect(Struct, frozen=True):
    """`words`: what the person is told. `lacks`: what is missing for that, as a sentence."""

    action: Action
    when: When
    name: str
    line: str
    words: str = ""
    language: str = ""
    whose: str = ""
    lacks: str = ""


class Follows(Struct, frozen=True):
    """Under one policy; `seconds`: how long it can be undone before anything leaves."""

    policy: str
    seconds: float
    effects: list[Effect]


def follows(case: Case, item: Item | None, policy: str | None, reason: str, snapshot: Snapshot) -> Follows:
    """`policy`: the one that is chosen."""
    ref, now = Ref(case.item_type, case.item_id), timezone.now()
    under = snapshot.policies.get(policy or "")

    def occasion(action: Action, when: When, until: datetime | None = None) -> Occasion:
        return Occasion(
            when=when, ref=ref, item=item, action=action, policy=policy, decision=NOT_YET, at=now, reason=reason,
            until=until,
        )  # fmt: skip

    offered = [choice.action for choice in choices.actions(snapshot, case.item_type)]
    found = [_effect(occasion(action, "act"), action.name, snapshot) for action in offered]
    if under and (action := hiding(under, ref, snapshot)):
        held = occasion(action, "hold_by_person", now + timedelta(hours=under.hold_hours))
        found.append(_effect(held, _("Hold: %(action)s") % {"action": action.name}, snapshot))
    return Follows(under.name if under else "", config.current().undo_seconds, found)


def _effect(occasion: Occasion, name: str, snapshot: Snapshot) -> Effect:
    plain = Effect(occasion.action, occasion.when, name, choices.line(occasion.action, snapshot))
    try:
        words = told(occasion, snapshot, strict=True)
    except Unfilled as hole:
        return replace(plain, lacks=missing(hole))
    if words is None:
        return plain
    whose = _whose(words, occasion.item, snapshot)
    return replace(plain, words=words.text, language=words.language, whose=whose)


def _whose(words: Told, item: Item | None, snapshot: Snapshot) -> str:
    """Why it is in this language."""
    spoken = words.language.partition("-")[0].lower()
    found = next((of for tag, of in languages(item, snapshot) if tag.partition("-")[0].lower() == spoken), "desk")
    return {
        "author": _("the author’s language"),
        "item": _("the item’s language"),
        "platform": _("the platform’s language: none is known of the author or the item, or there are no words in it"),
        "desk": _("no words in the author’s, the item’s or the platform’s language"),
    }[found]
